"""Why the model decides as it does: over all applications, and for a few of them, with second opinions on both."""
