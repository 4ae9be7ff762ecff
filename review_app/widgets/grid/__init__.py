"""The grid of group verification: one field of many documents."""
