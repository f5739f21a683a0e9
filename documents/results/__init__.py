"""The pages of measured results, written from ``reports/bench.json``."""
