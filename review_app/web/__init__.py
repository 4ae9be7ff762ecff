"""The gate in front of every request, and our own routes."""
