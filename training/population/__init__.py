"""Synthetic applicants with all seven tables, drawn from a profile of the real data that holds no real row."""
