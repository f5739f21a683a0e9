"""Measures of the function: requests, batches, cold start, memory and size."""
