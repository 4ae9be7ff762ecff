"""Tests of what documents are, and what happens to them."""
