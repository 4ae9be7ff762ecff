"""Tests of patient lists and messages as they come in."""
