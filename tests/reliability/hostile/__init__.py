"""Files that do harm, drawn by us, and what a right-minded product does with each."""
