"""Measures of the sample population beside real tables."""
