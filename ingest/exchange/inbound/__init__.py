"""Patient lists and messages of other systems: each format becomes the same registrations, merges and moves (storage/roster/messages.py)."""
