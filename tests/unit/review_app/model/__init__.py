"""Tests of what screens show and do."""
