"""Measures of what is served: requests, batches, traffic, cold start, memory, size, precision, other ways to serve."""
