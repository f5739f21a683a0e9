"""How hypothesis looks for counter-examples: the same ones in every run, on machines of any speed."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("project", derandomize=True, deadline=None, max_examples=100)
settings.load_profile("project")
