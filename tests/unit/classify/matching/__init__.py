"""Tests of whose document it is."""
