"""What a screen shows and what a click does, as plain functions."""
