"""Sentences that need more than one word put in: what is said of fields, answers, errors and the model."""
