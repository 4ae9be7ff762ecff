"""A document to look at: page by page, with what was searched for lit on the scan."""
