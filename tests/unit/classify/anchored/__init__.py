"""Tests of reading anchored in the patient list."""
