"""The French documents and the presentation: what a bank and a jury read, every figure taken from where it is kept."""
