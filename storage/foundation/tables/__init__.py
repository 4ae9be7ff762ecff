"""The tables, a file a noun. Custody first: every dropped file is a `source`, every side of paper a `page`."""
