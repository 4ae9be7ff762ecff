"""Schema versions, run by storage/foundation/database.py."""
