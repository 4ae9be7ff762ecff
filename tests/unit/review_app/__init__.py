"""Tests of review_app."""
