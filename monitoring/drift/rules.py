"""How many applications of each window break the contract's rules across fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from metrics.values import Pair
from scoring.rules import RuleBook

if TYPE_CHECKING:
    from monitoring.windows.protocol import ReadableWindow
    from scoring.contract import Contract, Input


@dataclass(frozen=True, slots=True)
class RuleShares:
    """Share of the applications of each window that break one rule."""

    code: str
    severity: str
    broken_share: Pair


def measure_rules(contract: Contract, reference: ReadableWindow, current: ReadableWindow) -> tuple[RuleShares, ...]:
    """Return the shares of every rule of the contract, in its order."""
    before, after = (_broken_shares(contract, window) for window in (reference, current))
    return tuple(
        RuleShares(rule.code, rule.severity, Pair(before[rule.code], after[rule.code])) for rule in contract.rules
    )


def _broken_shares(contract: Contract, window: ReadableWindow) -> dict[str, float]:
    named = {name for rule in contract.rules for name in rule.fields}
    inputs = [item for item in contract.inputs if item.name in named]
    ordered = window.ordered()
    columns = [_column(ordered, item) for item in inputs]
    broken = RuleBook(contract.rules, inputs).broken_in(columns)
    weights = ordered.weights
    return {code: float(np.average(found, weights=weights)) for code, found in broken.items()}


def _column(window: ReadableWindow, item: Input) -> np.ndarray:
    """Return a column as the model reads it; what the contract does not know is missing."""
    if item.kind != "category":
        return window.numbers(item.name)
    codes = pd.Categorical(window.categories(item.name), categories=item.categories).codes
    return np.where(codes < 0, np.nan, codes)
