"""One module per command; the module's docstring is its help text, ``run`` returns the exit status."""
