"""Scoring one application: the only path from values to a decision with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scoring.contract import EXPLAINER_FILE, MODEL_FILE, Contract, load_contract
from scoring.decision import Decision, decide
from scoring.errors import ContractError
from scoring.explanation import Contribution, Explainer, load_explainer
from scoring.features import InputEncoder, Value
from scoring.model import Model
from scoring.wording import say_value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PRINCIPAL_REASONS = 5


@dataclass(frozen=True, slots=True)
class Reason:
    """One principal reason, in the words of the contract.

    Attributes
    ----------
    value
        What the applicant has: the input's own value, or the derivation's.
    contribution
        Log-odds; positive raises the risk.
    """

    feature: str
    label: str
    value: Value
    contribution: float
    sentence: str


@dataclass(frozen=True, slots=True)
class ScoredApplication:
    """The answer to one application."""

    default_probability: float
    margin: float
    decision: Decision
    reasons: tuple[Reason, ...]


class ScoringService:
    """A loaded bundle, ready to score."""

    def __init__(self, contract: Contract, model: Model, explainer: Explainer) -> None:
        self.contract = contract
        self._model = model
        self._explainer = explainer
        self._encoder = InputEncoder(contract.inputs)

    @classmethod
    def load(cls, bundle_dir: Path) -> ScoringService:
        """Read and check a bundle.

        Raises
        ------
        ContractError
            When the bundle does not hold together (``SCR2xx``).
        """
        contract = load_contract(bundle_dir)
        n_features = len(contract.features)
        model = Model(bundle_dir / MODEL_FILE, n_inputs=len(contract.inputs), n_features=n_features)
        explainer = load_explainer(bundle_dir / EXPLAINER_FILE)
        if explainer.n_features != n_features:
            raise ContractError("SCR205", "explainer.npz is of another model; export the bundle again")
        return cls(contract, model, explainer)

    def score(self, application: Mapping[str, Value], *, n_reasons: int = PRINCIPAL_REASONS) -> ScoredApplication:
        """Return the probability of default, the decision and its principal reasons."""
        scores = self._model.score(self._encoder.encode([application]))
        default_probability = float(scores.default_probability[0])
        row = scores.features[0]
        strongest = Contribution.strongest(self._explainer.contributions(row), n_reasons)
        return ScoredApplication(
            default_probability=default_probability,
            margin=float(scores.margin[0]),
            decision=decide(default_probability, threshold=self.contract.decision.threshold),
            reasons=tuple(self._reason(one, application, row) for one in strongest),
        )

    def _reason(self, contribution: Contribution, application: Mapping[str, Value], row: np.ndarray) -> Reason:
        feature = self.contract.features[contribution.feature]
        if feature.expression is None:
            value = application.get(feature.inputs[0])
        else:
            derived = float(row[contribution.feature])
            value = None if np.isnan(derived) else derived
        template = feature.raises if contribution.value > 0 else feature.lowers
        return Reason(
            feature=feature.name,
            label=feature.label.fr,
            value=value,
            contribution=contribution.value,
            sentence=template.fr.format(valeur=say_value(value, feature.unit)),
        )
