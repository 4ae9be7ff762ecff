"""Pixels in, words out: opens scans, cleans pages, reads them, builds searchable PDF pages."""
