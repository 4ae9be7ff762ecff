"""Tests of finding labels and their values."""
