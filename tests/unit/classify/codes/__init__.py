"""Tests of barcodes and form numbers."""
