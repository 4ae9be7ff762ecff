"""Whose document is it: keys that find candidates, named levels that compare them, guards that decide."""
