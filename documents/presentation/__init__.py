"""The presentation for the committee, in French: at most thirty slides, made from the served version."""
