"""Patient feeds: each format becomes the same registrations, merges and moves (storage/roster/said.py)."""
