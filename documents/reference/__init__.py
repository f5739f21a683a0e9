"""Reference pages: the feature dictionary, the API, the sample population."""
