"""Measures of the sample population: how like the real tables a draw is, what models find on it, what drawing costs."""
