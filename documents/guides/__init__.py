"""The French documents of ``docs/`` that hold figures: one template each, filled in from the facts."""
