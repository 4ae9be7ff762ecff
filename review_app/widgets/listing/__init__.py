"""A list of rows that is sorted, paged, ticked and saved as CSV or Excel workbook in the browser."""
