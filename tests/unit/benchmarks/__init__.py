"""How benchmarks count."""
