"""Policies of a lender for tests: an affordability rule on numbers that the model does not read, and two others."""

from __future__ import annotations

from datetime import date
from typing import Any

from scoring.contract import Text
from scoring.policy import Policy, PolicyField, PolicyRule

CHARGES = PolicyField(
    name="POLICY_CHARGES",
    label=Text(fr="Charges", en="Charges"),
    unit="monnaie",
    minimum=0.0,
    maximum=1e9,
)
TOO_YOUNG = ("P101", "exclusion", "DAYS_BIRTH > -8000")
TOO_DEAR = ("P201", "capacite", "AMT_ANNUITY + POLICY_CHARGES > 0.4 * AMT_INCOME_TOTAL")
LARGE = ("P301", "renvoi", "AMT_CREDIT > 2000000")


def a_rule(code: str, kind: str, holds_when: str) -> PolicyRule:
    """Build a rule whose sentence is its condition."""
    said = Text(fr=f"Règle : {holds_when}", en=f"Rule: {holds_when}")
    return PolicyRule.model_validate({"code": code, "kind": kind, "holds_when": holds_when, "sentence": said})


def a_lender_policy(*rules: tuple[str, str, str], **changes: Any) -> Policy:  # noqa: ANN401  any field
    """Build a sealed policy that is in force, of the three rules above unless others are given."""
    ordinary = {
        "version": "1",
        "author": "Alix",
        "approver": "Blaise",
        "reason": "essai",
        "valid_from": date(2020, 1, 1),
        "valid_until": None,
        "fields": (CHARGES,),
        "rules": tuple(a_rule(*one) for one in rules or (TOO_YOUNG, TOO_DEAR, LARGE)),
    }
    return Policy.model_validate(ordinary | changes).sealed()
