"""Index fields: one file a field, each says where it is looked for and what makes it valid."""
