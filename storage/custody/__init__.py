"""Pages in are pages accounted for."""
