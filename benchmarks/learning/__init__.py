"""Measures of features, models and their alternatives."""
