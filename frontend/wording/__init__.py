"""Sentences that need more than one word put in: what is said of fields, answers, troubles and the model."""
