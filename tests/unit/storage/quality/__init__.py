"""Tests of second looks."""
