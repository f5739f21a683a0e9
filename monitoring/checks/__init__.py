"""The checks, their limits and their stable codes, and how often they raise a false alarm."""
