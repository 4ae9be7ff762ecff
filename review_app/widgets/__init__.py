"""The verification station component."""
