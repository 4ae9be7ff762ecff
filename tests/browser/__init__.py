"""Real Chromium against the review app."""
