"""What barcodes and form numbers say."""
