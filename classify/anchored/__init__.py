"""Reading anchored in the patient list: what pages mention without a label, looked up in the list."""
