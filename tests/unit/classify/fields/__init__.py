"""Tests of the index fields, one file a field."""
