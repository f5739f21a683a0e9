"""The audit of decisions by protected attribute: who is refused, who wrongly, and at what price.

Sex, family status and age are read here and nowhere else: they judge the model, they never feed it.
"""
