"""How offers are worded: what is asked for in the end, in words that do not contradict one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from delivery.paths import BUNDLE
from scoring.bundle import Bundle
from scoring.http.replies import Composer
from scoring.levers import LeverSearch
from scoring.service import ScoringService

if TYPE_CHECKING:
    from typing import Any

    from scoring.wording import Language


@pytest.mark.parametrize(("language", "together"), [("fr", "Changer à la fois : "), ("en", "Change at once: ")])
def test_several_levers_are_told_by_what_they_come_to(language: Language, together: str) -> None:
    """Each changed value is named with what it ends at; no sentence speaks of a term that another one changes."""
    bundle = Bundle.open(BUNDLE)
    service = ScoringService.of(bundle)
    composer, search = Composer(service), LeverSearch(service)
    offers: list[dict[str, Any]] = []
    for one in bundle.golden:
        application = one["application"]
        reply = composer.levers(
            search.search(application, language), application, language, threshold=service.rule.threshold
        )
        offers += reply["propositions"]
    several = [offer for offer in offers if len(offer["leviers"]) > 1]

    assert several
    assert all(offer["texte"].startswith(together) for offer in several)
    assert all(change["libelle"] in offer["texte"] for offer in several for change in offer["changements"])
    assert all(".." not in offer["texte"] for offer in offers)
    assert {offer["texte"].startswith(together) for offer in offers if len(offer["leviers"]) == 1} <= {False}
