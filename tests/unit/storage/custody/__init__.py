"""Tests of what was dropped, and the account of its pages."""
