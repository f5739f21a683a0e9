"""Why the model decides as it does: over all applications and for a few, each beside a method of another kind."""
