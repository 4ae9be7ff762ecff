"""Tests of the ground floor of storage."""
