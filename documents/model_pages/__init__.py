"""The decision note and the model card, in French: every number in them is a bundle's, or its version's record's.

``docs/note-de-decision.md`` says why this model at this threshold, ``docs/model-card.md`` what it is, for whom, and
what the law asks of it. ``docs/version.json`` is the record: what registry and reports know and the bundle does not.
"""
