"""Commands, run in this process on small data homes."""
