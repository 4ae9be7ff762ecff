"""Cleaning steps: each looks at a measurement of the page and helps only where it is needed."""
