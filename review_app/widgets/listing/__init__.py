"""A list of rows that is sorted, paged, ticked and saved as CSV in the browser."""
