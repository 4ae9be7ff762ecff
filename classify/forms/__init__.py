"""Printed forms that are recognised by their label words, and whose zones are read as fields."""
