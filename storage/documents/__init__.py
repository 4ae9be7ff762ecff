"""Documents: indexed, held, corrected, moved, filed, found and seen."""
