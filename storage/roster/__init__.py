"""The patient list (master patient index): who is on it, under which numbers and names, and how they are found."""
