"""What is said of the groups of the fairness audit."""

from __future__ import annotations

from frontend.sentences.fairness import say_attribute, say_group
from frontend.wording.words import words_of


def test_a_group_that_is_not_known_keeps_its_label() -> None:
    """Another lender audits other attributes; too small a group says so."""
    words = words_of("en")

    assert say_attribute({"attribute": "REGION", "label": "Région"}, words) == "Région"
    assert say_group({"group": "X", "label": "nord", "judged": False}, words) == words("model.small", group="nord")
    assert say_group({"group": "<25", "label": "<25 ans", "judged": True}, words) == "<25 years"
