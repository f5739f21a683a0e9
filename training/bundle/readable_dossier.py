"""A golden dossier short enough to be read: what the README sends, and what `make demo` ends with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from features.dossier import APPLICATION
from features.sql import KEY
from features.tables import CREDIT_KEY, HISTORY_TABLES, load_table
from scoring.decision import Decision
from training.bundle.dossier_parity import engine_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.bundle import Bundle
    from training.sources.dossiers import Dossier

    type Record = Mapping[str, Any]

_CREDITS_ELSEWHERE = 2
_ROWS_OF_THE_LOAN = 4
_OF_THE_LOAN = ("POS_CASH_balance", "installments_payments")


def readable_dossier(bundle: Bundle) -> Dossier:
    """Return one applicant with two credits elsewhere, a loan here and how it began to be paid.

    The rows are those of a golden dossier, that of who is refused for debt where there is one; the columns are those
    that the model's inputs are made of, and the keys. A table that none of them is made of is left out.
    """
    golden = bundle.golden_dossiers
    chosen = max(golden, key=_suits)
    read = engine_of(bundle.contract.inputs).reads
    shortened = _shortened(chosen["dossier"])
    records = {name: [_said(name, one, read) for one in shortened[name]] for name in HISTORY_TABLES if name in read}
    return {APPLICATION: _said(APPLICATION, chosen["dossier"][APPLICATION], read), **records}


def written(dossier: Dossier) -> str:
    """Return a dossier as JSON, one record a line.

    Examples
    --------
    >>> print(written({"application": {"AMT_CREDIT": 1}, "bureau": [{"SK_ID_BUREAU": 7}], "previous_application": []}))
    {
     "application": {"AMT_CREDIT": 1},
     "bureau": [
      {"SK_ID_BUREAU": 7}
     ],
     "previous_application": []
    }
    """
    return "{\n" + ",\n".join(f' "{name}": {_written(content)}' for name, content in dossier.items()) + "\n}"


def _written(content: object) -> str:
    if not isinstance(content, list) or not content:
        return json.dumps(content, ensure_ascii=False)
    return "[\n" + ",\n".join(f"  {json.dumps(one, ensure_ascii=False)}" for one in content) + "\n ]"


def _suits(golden: Mapping[str, Any]) -> tuple[bool, bool, bool]:
    """Return how well a golden dossier shows what a dossier is."""
    refused = golden["decision"] == Decision.REFUSE
    return _has_enough(golden["dossier"]), golden.get("recipe") == "refused_for_debt", refused


def _has_enough(dossier: Dossier) -> bool:
    shortened = _shortened(dossier)
    return len(shortened["bureau"]) == _CREDITS_ELSEWHERE and bool(shortened["installments_payments"])


def _shortened(dossier: Dossier) -> Dossier:
    """Return the first credits elsewhere, the loan that most instalments are of, and its first rows."""
    loans = [one[CREDIT_KEY] for one in dossier["installments_payments"] if CREDIT_KEY in one]
    loan = max(loans, key=loans.count, default=None)
    of_the_loan = {
        name: [one for one in dossier[name] if one.get(CREDIT_KEY) == loan]
        for name in ("previous_application", *_OF_THE_LOAN)
    }
    rows = {name: of_the_loan[name][:_ROWS_OF_THE_LOAN] for name in _OF_THE_LOAN}
    return {
        **{name: [] for name in HISTORY_TABLES},
        "bureau": dossier["bureau"][:_CREDITS_ELSEWHERE],
        "previous_application": of_the_loan["previous_application"],
        **rows,
    }


def _said(table: str, record: Record, read: Mapping[str, frozenset[str]]) -> dict[str, Any]:
    """Return what a record says of the columns that are read; an application declares what it lacks."""
    declared = load_table(table)
    kept = read.get(table, frozenset()) | ({*declared.key_columns} - {KEY})
    return {
        column.name: _plain(record[column.name])
        for column in declared.columns
        if column.name in kept and (table == APPLICATION or record.get(column.name) is not None)
    }


def _plain(value: object) -> object:
    """Return a value as a person would type it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
