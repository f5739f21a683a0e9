"""Replies: what clients read."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from scoring.decision import Decision
from scoring.replies import Health, LocalExplanation, Meta, Problem, ScoreReply
from scoring.service import Reason

META = Meta(version_modele="modele:7", horodatage="2024-06-01T00:00:00+00:00", latence_ms=1.0, id_requete="r")


def a_reason(contribution: float) -> Reason:
    """Build a reason with a given effect."""
    return Reason(
        feature="AMT_CREDIT", label="Montant", value=450_000.0, contribution=contribution, sentence="Une phrase."
    )


def test_local_explanation_carries_every_part_of_a_reason() -> None:
    """Variable, label, value, contribution, effect and sentence reach the client."""
    told = json.loads(LocalExplanation.of(a_reason(0.25)).model_dump_json())

    assert told == {
        "variable": "AMT_CREDIT",
        "libelle": "Montant",
        "valeur": 450_000.0,
        "contribution": 0.25,
        "sens": "augmente",
        "texte": "Une phrase.",
    }


@pytest.mark.parametrize(("contribution", "expected"), [(1e-9, "augmente"), (-1e-9, "diminue"), (0.0, "diminue")])
def test_local_explanation_words_the_sign(contribution: float, expected: str) -> None:
    """A positive contribution raises the risk; one of zero does not."""
    assert LocalExplanation.of(a_reason(contribution)).sens == expected


@pytest.mark.parametrize("probability", [-0.01, 1.01, float("nan")])
def test_score_reply_refuses_what_is_no_probability(probability: float) -> None:
    """Nothing but a probability can be sent as one."""
    with pytest.raises(ValidationError, match="probabilite_de_defaut"):
        ScoreReply(
            probabilite_de_defaut=probability, classe=Decision.ACCEPT, seuil=0.1, explications_locales=[], meta=META
        )


def test_score_reply_words_the_decision() -> None:
    """The class is written as the word clients know."""
    reply = ScoreReply(probabilite_de_defaut=0.2, classe=Decision.REFUSE, seuil=0.1, explications_locales=[], meta=META)

    assert json.loads(reply.model_dump_json())["classe"] == "refuse"


def test_problem_follows_rfc_9457() -> None:
    """A problem has type, title, status and detail, and our extensions beside them."""
    told = Problem(title="Titre", status=404, detail="Phrase.", code="SCR404", id_requete="r").model_dump()

    assert told == {
        "type": "about:blank",
        "title": "Titre",
        "status": 404,
        "detail": "Phrase.",
        "code": "SCR404",
        "id_requete": "r",
        "problemes": [],
    }


def test_reply_cannot_be_changed() -> None:
    """What was answered stays as it was answered."""
    health = Health(statut="ok", version_modele="modele:7", execution="run-1")

    with pytest.raises(ValidationError, match="frozen"):
        health.version_modele = "modele:8"  # type: ignore[misc]
