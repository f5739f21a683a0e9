"""From a fitted model to the exported graph and its attribution tables, in one neutral form."""
