"""File formats: is all of a picture there, and what else a file holds besides its pictures."""
