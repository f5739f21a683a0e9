"""Notebooks for a reader, and what they have in common."""
