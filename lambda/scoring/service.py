"""Scoring: the only path from the values of applications to decisions with their reasons."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

from scoring.coverage import CoverageMeter
from scoring.decision import Decision, DecisionCosts, decide, rule_in_force
from scoring.errors import FieldProblem, InvalidApplicationError
from scoring.explanation import Explainer, explainer_of
from scoring.features import InputEncoder, Value
from scoring.model import Model
from scoring.numerals import FRENCH_IN_MESSAGES
from scoring.reasons import PRINCIPAL_REASONS, Account, Narrator, Reason
from scoring.review import Reviewer, ReviewMotive

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

    from scoring.bundle import Bundle
    from scoring.contract import Contract
    from scoring.wording import Language

# So many may be asked for; a reply has `PRINCIPAL_REASONS` at most.
MOST_REASONS = 10
_ADVISED_INPUTS = 3


@dataclass(frozen=True, slots=True)
class ScoredApplication:
    """The answer to one application.

    Attributes
    ----------
    base_value
        Margin of the average applicant; with the sums of all themes it makes `margin`.
    account
        Sums by theme, and what of them is told; None where no reason was asked for.
    coverage
        Sum of the weights of what the application gives, between 0 and 1.
    missing, unusual
        Names of the inputs that are absent, and of those outside their usual range.
    model_ms, explanation_ms
        How long the graph and the attributions took; in a batch, for the batch as a whole.
    """

    default_probability: float
    margin: float
    decision: Decision
    base_value: float
    account: Account | None
    coverage: float
    missing: tuple[str, ...]
    unusual: tuple[str, ...]
    review: tuple[ReviewMotive, ...]
    model_ms: float = field(compare=False)
    explanation_ms: float = field(compare=False)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The principal reasons, strongest first."""
        return self.account.reasons if self.account else ()


class _Row(NamedTuple):
    """What the graph and the coverage say of one application."""

    default_probability: float
    margin: float
    coverage: float
    missing: list[bool]
    unusual: list[bool]
    features: np.ndarray
    model_ms: float


class ScoringService:
    """A contract, its model and its attributions, ready to score.

    Parameters
    ----------
    threshold, costs
        What the configuration puts in the place of the contract's.
    """

    def __init__(
        self,
        contract: Contract,
        model: Model,
        explainer: Explainer,
        *,
        threshold: float | None = None,
        costs: DecisionCosts | None = None,
    ) -> None:
        self.contract = contract
        self.rule = rule_in_force(contract.decision, threshold=threshold, costs=costs)
        self.narrator = Narrator(contract)
        self._names = tuple(item.name for item in contract.inputs)
        self._model = model
        self._explainer = explainer
        self._encoder = InputEncoder(contract.inputs)
        self._meter = CoverageMeter(contract.inputs, contract.coverage.weights)
        self._reviewer = Reviewer(contract.review, self.rule)

    @classmethod
    def of(
        cls, bundle: Bundle, *, threshold: float | None = None, costs: DecisionCosts | None = None
    ) -> ScoringService:
        """Load the model and the attributions of a bundle.

        Raises
        ------
        ContractError
            ``SCR204``, ``SCR205`` when one of them is not what the contract says.
        """
        return cls(bundle.contract, Model.of(bundle), explainer_of(bundle), threshold=threshold, costs=costs)

    def under(self, *, threshold: float | None = None, costs: DecisionCosts | None = None) -> ScoringService:
        """Return the same model under another rule of decision."""
        return ScoringService(self.contract, self._model, self._explainer, threshold=threshold, costs=costs)

    def score(
        self, application: Mapping[str, Value], *, n_reasons: int = PRINCIPAL_REASONS, language: Language = "fr"
    ) -> ScoredApplication:
        """Return the probability of default, the decision and its principal reasons.

        Raises
        ------
        InvalidApplicationError
            ``SCR120`` when the application shows too little to be judged.
        """
        (scored,) = self.score_many([application], n_reasons=n_reasons, language=language)
        if isinstance(scored, InvalidApplicationError):
            raise scored
        return scored

    def score_many(
        self, applications: Sequence[Mapping[str, Value]], *, n_reasons: int = 0, language: Language = "fr"
    ) -> list[ScoredApplication | InvalidApplicationError]:
        """Score applications in one run of the graph; one that shows too little is told so in its place."""
        if not applications:
            return []
        rows = self._encoder.encode(applications)
        shown = self._meter.measure(rows)
        started = time.perf_counter()
        scores = self._model.score(rows)
        model_ms = (time.perf_counter() - started) * 1000
        missing, unusual = shown.missing.tolist(), shown.unusual.tolist()
        floor = self.contract.coverage.floor
        return [
            self._too_incomplete(coverage, missing[index])
            if coverage < floor
            else self._answer(
                application,
                _Row(probability, margin, coverage, missing[index], unusual[index], scores.features[index], model_ms),
                n_reasons,
                language,
            )
            for index, (application, probability, margin, coverage) in enumerate(
                zip(
                    applications,
                    scores.default_probability.tolist(),
                    scores.margin.tolist(),
                    shown.share.tolist(),
                    strict=True,
                )
            )
        ]

    def _answer(
        self, application: Mapping[str, Value], row: _Row, n_reasons: int, language: Language
    ) -> ScoredApplication:
        """Put together what is said of one application."""
        started = time.perf_counter()
        decision = decide(row.default_probability, threshold=self.rule.threshold)
        account = None
        if n_reasons:
            contributions = self._explainer.contributions(row.features)
            account = self.narrator.account(
                contributions, application, row.features, decision, n_reasons=n_reasons, language=language
            )
        unusual = tuple(compress(self._names, row.unusual))
        return ScoredApplication(
            default_probability=row.default_probability,
            margin=row.margin,
            decision=decision,
            base_value=self._explainer.base_value,
            account=account,
            coverage=row.coverage,
            missing=tuple(compress(self._names, row.missing)),
            unusual=unusual,
            review=self._reviewer.motives(
                default_probability=row.default_probability, coverage=row.coverage, n_unusual=len(unusual)
            ),
            model_ms=row.model_ms,
            explanation_ms=(time.perf_counter() - started) * 1000,
        )

    def probabilities(self, applications: Sequence[Mapping[str, Value]]) -> np.ndarray:
        """Return the probabilities of default alone, shape ``(n_applications,)``; nothing is refused here."""
        return self._model.score(self._encoder.encode(applications)).default_probability

    def _too_incomplete(self, coverage: float, missing: list[bool]) -> InvalidApplicationError:
        """Say how much is missing, and what would help most."""
        policy = self.contract.coverage
        absent = sorted(compress(self._names, missing), key=lambda name: -policy.weights[name])[:_ADVISED_INPUTS]
        shown, floor = (FRENCH_IN_MESSAGES.percent(share) for share in (coverage, policy.floor))
        detail = (
            f"La demande est trop incomplète pour être évaluée : {shown} du dossier est renseigné, le minimum est "
            f"{floor}. Les champs qui manquent le plus : {', '.join(absent)}."
        )
        return InvalidApplicationError([FieldProblem("", "SCR120", detail)])
