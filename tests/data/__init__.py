"""A small corpus drawn by us: scans, barcodes, turned pages, messages and lists."""
