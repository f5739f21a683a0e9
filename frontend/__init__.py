"""The page of the loan officer: a client of the API like any other."""
