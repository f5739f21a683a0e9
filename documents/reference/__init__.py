"""Reference pages: feature dictionary, API, limits of the drift checks, likeness of the sample population."""
