"""Fit the profile of the sample population to real tables."""
