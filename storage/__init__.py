"""What is kept, who may see it, what leaves: tables, states, vault, audit, search, filing."""
