"""The verification station as a Streamlit component: our HTML, CSS and JS, passed inline, no build step."""
