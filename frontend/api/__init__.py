"""The page's client of the API, and what its answers mean."""
