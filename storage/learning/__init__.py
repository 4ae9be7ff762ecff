"""What people verified, counted and learned from."""
