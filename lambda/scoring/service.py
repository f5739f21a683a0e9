"""Scoring: the only path from the values of applications to decisions with their reasons."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

from scoring.bundle import bundle_seal, load_contract
from scoring.contract import EVIDENCE_FILE, EXPLAINER_FILE, MODEL_FILE, Contract
from scoring.coverage import Viewer
from scoring.decision import Decision, DecisionCosts, decide, rule_in_force
from scoring.errors import ContractError, FieldProblem, InvalidApplicationError
from scoring.explanation import Contribution, Explainer, load_explainer
from scoring.features import InputEncoder, Value
from scoring.model import Model
from scoring.numerals import FRENCH_IN_MESSAGES
from scoring.reasons import Narrator, Reason
from scoring.review import Reviewer, ReviewMotive

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np

    from scoring.wording import Language

PRINCIPAL_REASONS = 5
MOST_REASONS = 10
_ADVISED_INPUTS = 3


@dataclass(frozen=True, slots=True)
class ScoredApplication:
    """The answer to one application.

    Attributes
    ----------
    base_value
        Margin of the average applicant; with all contributions it sums to `margin`.
    other_contributions
        Sum of the contributions that are not among `reasons`; None where no reason was asked for.
    coverage
        Share of the picture the application shows.
    missing, unusual
        Names of the inputs that are absent, and of those outside their usual range.
    model_ms, explanation_ms
        How long the graph and the attributions took; in a batch, for the batch as a whole.
    """

    default_probability: float
    margin: float
    decision: Decision
    base_value: float
    reasons: tuple[Reason, ...]
    other_contributions: float | None
    coverage: float
    missing: tuple[str, ...]
    unusual: tuple[str, ...]
    review: tuple[ReviewMotive, ...]
    model_ms: float = field(compare=False)
    explanation_ms: float = field(compare=False)


class _Row(NamedTuple):
    """What the graph and the picture say of one application."""

    default_probability: float
    margin: float
    coverage: float
    missing: list[bool]
    unusual: list[bool]
    features: np.ndarray
    model_ms: float


class ScoringService:
    """A loaded bundle, ready to score.

    Parameters
    ----------
    seal
        The one hash of the bundle.
    evidence
        The file that says why this model at this threshold, as it was written.
    threshold, costs
        What the configuration puts in the place of the contract's.
    """

    def __init__(
        self,
        contract: Contract,
        model: Model,
        explainer: Explainer,
        *,
        seal: str = "",
        evidence: bytes = b"",
        threshold: float | None = None,
        costs: DecisionCosts | None = None,
    ) -> None:
        self.contract = contract
        self.seal = seal
        self.evidence = evidence
        self.rule = rule_in_force(contract.decision, threshold=threshold, costs=costs)
        self.narrator = Narrator(contract)
        self._names = tuple(item.name for item in contract.inputs)
        self._model = model
        self._explainer = explainer
        self._encoder = InputEncoder(contract.inputs)
        self._viewer = Viewer(contract)
        self._reviewer = Reviewer(contract.review, self.rule)

    @classmethod
    def load(
        cls,
        bundle_dir: Path,
        *,
        expected_seal: str | None = None,
        threshold: float | None = None,
        costs: DecisionCosts | None = None,
    ) -> ScoringService:
        """Read and check a bundle.

        Raises
        ------
        ContractError
            When the bundle does not hold together (``SCR2xx``), or is not the one expected (``SCR206``).
        """
        contract = load_contract(bundle_dir)
        seal = bundle_seal(bundle_dir)
        if expected_seal not in {None, seal}:
            raise ContractError("SCR206", f"{bundle_dir} is another bundle than BUNDLE_SHA256 names; deploy that one")
        n_features = len(contract.features)
        model = Model(bundle_dir / MODEL_FILE, n_inputs=len(contract.inputs), n_features=n_features)
        explainer = load_explainer(bundle_dir / EXPLAINER_FILE)
        if explainer.n_features != n_features:
            raise ContractError("SCR205", "explainer.npz is of another model; export the bundle again")
        evidence = (bundle_dir / EVIDENCE_FILE).read_bytes()
        return cls(contract, model, explainer, seal=seal, evidence=evidence, threshold=threshold, costs=costs)

    def under(self, *, threshold: float | None = None, costs: DecisionCosts | None = None) -> ScoringService:
        """Return the same bundle under another rule of decision."""
        return ScoringService(
            self.contract,
            self._model,
            self._explainer,
            seal=self.seal,
            evidence=self.evidence,
            threshold=threshold,
            costs=costs,
        )

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
        picture = self._viewer.look_at(rows)
        started = time.perf_counter()
        scores = self._model.score(rows)
        model_ms = (time.perf_counter() - started) * 1000
        missing, unusual = picture.missing.tolist(), picture.unusual.tolist()
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
                    picture.coverage.tolist(),
                    strict=True,
                )
            )
        ]

    def _answer(
        self, application: Mapping[str, Value], row: _Row, n_reasons: int, language: Language
    ) -> ScoredApplication:
        """Put together what is said of one application."""
        started = time.perf_counter()
        reasons, others = self._explain(application, row.features, n_reasons, language) if n_reasons else ((), None)
        unusual = tuple(compress(self._names, row.unusual))
        return ScoredApplication(
            default_probability=row.default_probability,
            margin=row.margin,
            decision=decide(row.default_probability, threshold=self.rule.threshold),
            base_value=self._explainer.base_value,
            reasons=reasons,
            other_contributions=others,
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

    def _explain(
        self, application: Mapping[str, Value], row: np.ndarray, n_reasons: int, language: Language
    ) -> tuple[tuple[Reason, ...], float]:
        values = self._explainer.contributions(row)
        strongest = Contribution.strongest(values, n_reasons)
        reasons = tuple(self.narrator.reason(one, application, row, language) for one in strongest)
        return reasons, float(values.sum()) - sum(one.value for one in strongest)

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
