"""Words in, meaning out: document types, separation, fields, patient match."""
