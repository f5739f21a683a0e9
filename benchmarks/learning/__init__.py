"""Measures of the feature table, of models beside baselines, of single changes, of AutoML."""
