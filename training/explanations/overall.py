"""Over all applications: exact attributions, and what the decisions would cost without an input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from metrics.costs import costs_per_application
from metrics.intervals import normal_mean
from scoring.explanation import explainer_of
from scoring.model import Model
from training.bundle.batch_scoring import raw_rows

if TYPE_CHECKING:
    import pyarrow as pa

    from scoring.bundle import Bundle
    from scoring.contract import Contract, Estimate
    from scoring.explanation import Explainer

MOST_ATTRIBUTED = 2_000
MOST_PERMUTED = 6_000
REPEATS = 3


@dataclass(frozen=True, slots=True)
class Explained:
    """A bundle with applications it had not seen, its answers to them, and why.

    Attributes
    ----------
    rows
        Raw values, shape ``(n_applications, n_inputs)``.
    default, default_probability
        Outcomes and answers, shape ``(n_applications,)``.
    features, contributions
        What the model read and its share in the log-odds, for the first applications; shape
        ``(n_attributed, n_features)``.
    """

    contract: Contract
    model: Model
    explainer: Explainer
    rows: np.ndarray
    default: np.ndarray
    default_probability: np.ndarray
    features: np.ndarray
    contributions: np.ndarray

    @property
    def labels(self) -> list[str]:
        """French names of the features."""
        return [feature.label.fr for feature in self.contract.features]

    @property
    def importance(self) -> np.ndarray:
        """Mean absolute contribution of each feature, shape ``(n_features,)``."""
        return np.asarray(np.abs(self.contributions).mean(axis=0))


@dataclass(frozen=True, slots=True)
class CostOfLosing:
    """What decisions cost more when the values of an input are dealt out anew, per application."""

    name: str
    label: str
    excess: Estimate


def explain_overall(bundle: Bundle, hold_out: pa.Table, *, seed: int = 0) -> Explained:
    """Answer and explain hold-out applications, in random order."""
    contract, model, explainer = bundle.contract, Model.of(bundle), explainer_of(bundle)
    rows = raw_rows(contract.inputs, hold_out)
    order = np.random.default_rng(seed).permutation(len(rows))
    rows, default = rows[order], hold_out.column("TARGET").to_numpy().astype(np.int64)[order]
    scores = model.score(rows)
    features = scores.features[:MOST_ATTRIBUTED]
    return Explained(
        contract=contract,
        model=model,
        explainer=explainer,
        rows=rows,
        default=default,
        default_probability=scores.default_probability,
        features=features,
        contributions=np.array([explainer.contributions(row) for row in features]),
    )


def permutation_importance(explained: Explained, *, seed: int = 0) -> list[CostOfLosing]:
    """Shuffle one input at a time and pay for the decisions that follow; derivations move with their inputs.

    Breiman (2001), with business cost for loss; the interval is over applications, the shuffles averaged
    (scikit-learn's function of the same name measures the spread of the shuffles instead).
    """
    generator = np.random.default_rng(seed)
    rows, default = explained.rows[:MOST_PERMUTED], explained.default[:MOST_PERMUTED]
    own = _costs(explained, rows, default)
    found = []
    for index, item in enumerate(explained.contract.inputs):
        shuffled = np.mean([_costs(explained, _dealt_anew(rows, index, generator), default) for _ in range(REPEATS)], 0)
        found.append(CostOfLosing(item.name, item.label.fr, normal_mean(shuffled - own)))
    return sorted(found, key=lambda one: -one.excess.value)


def _dealt_anew(rows: np.ndarray, index: int, generator: np.random.Generator) -> np.ndarray:
    changed = rows.copy()
    changed[:, index] = generator.permutation(changed[:, index])
    return changed


def _costs(explained: Explained, rows: np.ndarray, default: np.ndarray) -> np.ndarray:
    probability = explained.model.score(rows).default_probability
    return costs_per_application(probability, default, threshold=explained.contract.decision.threshold)
