"""Tests of what comes from other systems, and goes to them."""
