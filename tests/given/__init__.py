"""What tests start from: pages, people, a desk, the command line."""
