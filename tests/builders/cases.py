"""Cases of the desk: a proposal as the API made it, put before an officer."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from frontend.desk.cases import NewCase, OfficerDecision, Verdict
from tests.unit.frontend.fake_api import ANSWER

if TYPE_CHECKING:
    from collections.abc import Mapping

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def a_reply(**changes: object) -> dict[str, Any]:
    """Return the API's answer to a refusal, but for `changes`."""
    return copy.deepcopy(ANSWER) | changes


def a_new_case(
    *, amount: float | None = 300_000.0, reply: Mapping[str, Any] | None = None, number: str = "7"
) -> NewCase:
    """Return a proposal of a refusal for one client."""
    return NewCase(
        client_number=number,
        client_name="Hélène Łoś",
        client_address=("1 rue du Moulin", "00100 Ville-Exemple"),
        opened_by="Ada",
        opened_at=NOON,
        amount=amount,
        inputs={"AMT_CREDIT": amount, "DAYS_BIRTH": -12_000.0},
        reply=reply or a_reply(),
        language="fr",
    )


def a_decision(
    verdict: Verdict, *, officer: str = "Ada", key: str = "1", reason: str = "D01", comment: str = ""
) -> OfficerDecision:
    """Return what an officer decides."""
    return OfficerDecision(key, officer, verdict, reason, comment, NOON)
