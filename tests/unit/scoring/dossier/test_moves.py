"""A record more in a history moves features that the dictionary has under that history, and no others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from delivery.paths import ROOT
from tests.builders.dossiers import a_dossier

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI

    type Send = Callable[..., dict[str, Any]]

DICTIONARY = (ROOT / "docs" / "features.md").read_text(encoding="utf-8")
# What makes the copy of a record another one; amounts and days beside it are those of the first.
ANOTHER = {
    "bureau": {"SK_ID_BUREAU": 999_001, "AMT_CREDIT_SUM": 77_777.0, "DAYS_CREDIT": -321},
    "bureau_balance": {"MONTHS_BALANCE": -77, "STATUS": "3"},
    "previous_application": {"SK_ID_PREV": 999_002, "AMT_CREDIT": 77_777.0, "DAYS_DECISION": -321},
    "POS_CASH_balance": {"MONTHS_BALANCE": -77, "SK_DPD": 33},
    "installments_payments": {"NUM_INSTALMENT_NUMBER": 77, "DAYS_INSTALMENT": -321, "DAYS_ENTRY_PAYMENT": -300},
    "credit_card_balance": {"MONTHS_BALANCE": -77, "AMT_BALANCE": 77_777.0},
}


def named_under(table: str) -> set[str]:
    """Return the features that the dictionary lists under a table."""
    (section,) = re.findall(rf"^## {table} \(\d+\)\n(.*?)(?=^## |\Z)", DICTIONARY, re.MULTILINE | re.DOTALL)
    return set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))


def variables_of(send: Send, app: FastAPI, dossier: dict[str, Any]) -> dict[str, Any]:
    """Return the inputs that are computed of a dossier."""
    return dict(send(app, "/v1/dossier?variables=oui", dossier)["variables"])


@pytest.mark.parametrize("table", ANOTHER)
def test_a_record_more_moves_what_the_dictionary_names_and_nothing_else(
    table: str, dossier_app: FastAPI, send: Send
) -> None:
    """Features of the other tables and of the application are the same bit for bit; some of its own are not."""
    before, after = a_dossier(), a_dossier()
    after[table] = [*after[table], {**after[table][0], **ANOTHER[table]}]
    was, now = variables_of(send, dossier_app, before), variables_of(send, dossier_app, after)
    moved = {name for name in was if was[name] != now[name]}

    # Some features listed under the months of credits elsewhere read the credits as well.
    may_move = named_under(table) | (named_under("bureau_balance") if table == "bureau" else set())
    assert moved <= may_move
    # What the served model asks of the months may be a count that a late month more of a late credit leaves as it is.
    assert moved or table == "bureau_balance" or not named_under(table) & was.keys()


@pytest.mark.parametrize("table", ANOTHER)
def test_a_history_left_out_takes_the_names_of_its_features_and_no_others(
    table: str, dossier_app: FastAPI, send: Send
) -> None:
    """Unknown is not none: what the dictionary has under the table is not told, all else is the same."""
    gone = {"bureau", "bureau_balance"} if table == "bureau" else {table}  # no balance without its credit
    dossier = a_dossier()
    was = variables_of(send, dossier_app, dossier)
    now = variables_of(send, dossier_app, {name: rows for name, rows in dossier.items() if name not in gone})

    assert was.keys() - now.keys() == was.keys() & set().union(*map(named_under, gone))
    assert {name: was[name] for name in now} == now
