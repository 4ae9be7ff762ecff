"""Schema versions, run by storage/database.py."""
