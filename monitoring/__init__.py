"""Monitoring room: a reference window against a current one; what moved, whether it matters, what to do."""
