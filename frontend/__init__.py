"""The page: a loan officer's desk, and a client of the API like any other."""
