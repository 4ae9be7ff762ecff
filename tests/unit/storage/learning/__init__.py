"""Tests of the patient list."""
