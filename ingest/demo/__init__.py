"""Draws a synthetic clinic and its paper, with the truth beside it."""
