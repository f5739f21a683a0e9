"""Scoring: the only path from the values of applications to decisions with their reasons."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import compress
from math import exp
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scoring.coverage import CoverageMeter
from scoring.decision import Decision, DecisionCosts, Outcome, decide, refuses, rule_in_force
from scoring.errors import FieldProblem, InvalidApplicationError
from scoring.explanation import Explainer, explainer_of
from scoring.features import InputEncoder, Value
from scoring.model import Model
from scoring.numerals import FRENCH_IN_MESSAGES
from scoring.reasons import PRINCIPAL_REASONS, Account, Narrator, Reason
from scoring.review import Reviewer, ReviewMotive, Seen
from scoring.rules import RuleBook
from scoring.wording import say_rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scoring.bundle import Bundle
    from scoring.contract import Contract, Rule
    from scoring.policy import PolicyInForce, PolicyOutcome
    from scoring.wording import Language

# So many may be asked for; a reply has `PRINCIPAL_REASONS` at most.
MOST_REASONS = 10
_ADVISED_INPUTS = 3
# The graph and the tables add the same leaves in another order.
_ROUNDING = 1e-9


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
    missing, left_out, unusual, rare
        Names of the inputs that are declared absent, of those that are unknown because nothing was said of them, of
        those outside their usual range, and of those whose category next to nobody has.
    probability_range
        Lowest and highest probability that the inputs left out may lead to; ``None`` where none was.
    incoherent
        Rules that say which of its values do not fit together.
    policy
        What the lender's own rules say of it; None where there are none.
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
    left_out: tuple[str, ...]
    unusual: tuple[str, ...]
    rare: tuple[str, ...]
    probability_range: tuple[float, float] | None
    incoherent: tuple[Rule, ...]
    review: tuple[ReviewMotive, ...]
    policy: PolicyOutcome | None
    model_ms: float = field(compare=False)
    explanation_ms: float = field(compare=False)

    @property
    def proposal(self) -> Outcome:
        """What is put to a person: the lender's rules first, then what a person has to look at, then the model."""
        if self.policy is not None and self.policy.effect is not Outcome.GRANT:
            return self.policy.effect
        if self.review:
            return Outcome.REVIEW
        return Outcome.GRANT if self.decision is Decision.ACCEPT else Outcome.REFUSE

    @property
    def is_accepted(self) -> bool:
        """Whether neither the model nor a rule of the lender refuses it."""
        return self.decision is Decision.ACCEPT and (self.policy is None or self.policy.effect is not Outcome.REFUSE)

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
    rare: list[bool]
    broken: tuple[Rule, ...]
    features: np.ndarray
    model_ms: float


class ScoringService:
    """A contract, its model and its attributions, ready to score.

    Parameters
    ----------
    threshold, costs
        What the configuration puts in the place of the contract's.
    policy
        The lender's own rules; without them the model's decision stands.
    """

    def __init__(
        self,
        contract: Contract,
        model: Model,
        explainer: Explainer,
        *,
        threshold: float | None = None,
        costs: DecisionCosts | None = None,
        policy: PolicyInForce | None = None,
    ) -> None:
        self.contract = contract
        self.policy = policy
        self.rule = rule_in_force(contract.decision, threshold=threshold, costs=costs)
        self.narrator = Narrator(contract)
        self._names = tuple(item.name for item in contract.inputs)
        self._keys = frozenset(self._names)
        self._model = model
        self._explainer = explainer
        self._encoder = InputEncoder(contract.inputs)
        self._meter = CoverageMeter(contract.inputs, contract.coverage.weights)
        self._rules = RuleBook(contract.rules, contract.inputs)
        self._reviewer = Reviewer(contract.review, self.rule)
        # Which features each input has a part in, shape (n_inputs, n_features).
        self._feeds = np.array([[name in feature.inputs for feature in contract.features] for name in self._names])

    @classmethod
    def of(
        cls,
        bundle: Bundle,
        *,
        threshold: float | None = None,
        costs: DecisionCosts | None = None,
        policy: PolicyInForce | None = None,
    ) -> ScoringService:
        """Load the model and the attributions of a bundle.

        Raises
        ------
        ContractError
            ``SCR204``, ``SCR205`` when one of them is not what the contract says.
        """
        return cls(
            bundle.contract, Model.of(bundle), explainer_of(bundle), threshold=threshold, costs=costs, policy=policy
        )

    def under(self, *, threshold: float | None = None, costs: DecisionCosts | None = None) -> ScoringService:
        """Return the same model under another rule of decision."""
        return ScoringService(
            self.contract, self._model, self._explainer, threshold=threshold, costs=costs, policy=self.policy
        )

    def score(
        self, application: Mapping[str, Value], *, n_reasons: int = PRINCIPAL_REASONS, language: Language = "fr"
    ) -> ScoredApplication:
        """Return the probability of default, the decision and its principal reasons.

        Raises
        ------
        InvalidApplicationError
            ``SCR120`` when the application shows too little to be judged, ``SCR121`` when its values cannot all be
            true.
        """
        (scored,) = self.score_many([application], n_reasons=n_reasons, language=language)
        if isinstance(scored, InvalidApplicationError):
            raise scored
        return scored

    def score_many(
        self, applications: Sequence[Mapping[str, Value]], *, n_reasons: int = 0, language: Language = "fr"
    ) -> list[ScoredApplication | InvalidApplicationError]:
        """Score applications in one run of the graph; one that cannot be judged is told so in its place."""
        if not applications:
            return []
        rows = self._encoder.encode(applications)
        shown = self._meter.measure(rows)
        started = time.perf_counter()
        scores = self._model.score(rows)
        model_ms = (time.perf_counter() - started) * 1000
        facts = zip(
            scores.default_probability.tolist(),
            scores.margin.tolist(),
            shown.share.tolist(),
            shown.missing.tolist(),
            shown.unusual.tolist(),
            shown.rare.tolist(),
            self._rules.broken_by_each(rows),
            scores.features,
            [model_ms] * len(rows),
            strict=True,
        )
        return [
            self._outcome(application, _Row(*fact), n_reasons, language)
            for application, fact in zip(applications, facts, strict=True)
        ]

    def _outcome(
        self, application: Mapping[str, Value], row: _Row, n_reasons: int, language: Language
    ) -> ScoredApplication | InvalidApplicationError:
        """Return the answer to one application, or why there is none."""
        impossible = [rule for rule in row.broken if rule.severity == "impossible"]
        if impossible:
            return _impossible(application, impossible, language)
        if row.coverage < self.contract.coverage.floor:
            return self._too_incomplete(row.coverage, row.missing)
        return self._answer(application, row, n_reasons, language)

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
        unusual, rare = tuple(compress(self._names, row.unusual)), tuple(compress(self._names, row.rare))
        left_out = self._left_out(application)
        probability_range = self._range(row.features, row.default_probability, left_out) if left_out else None
        return ScoredApplication(
            default_probability=row.default_probability,
            margin=row.margin,
            decision=decision,
            base_value=self._explainer.base_value,
            account=account,
            coverage=row.coverage,
            missing=tuple(name for name in compress(self._names, row.missing) if name not in left_out),
            left_out=left_out,
            unusual=unusual,
            rare=rare,
            probability_range=probability_range,
            incoherent=row.broken,
            review=self._reviewer.motives(
                Seen(
                    default_probability=row.default_probability,
                    coverage=row.coverage,
                    n_unusual=len(unusual),
                    n_incoherent=len(row.broken),
                    has_rare=bool(rare),
                    hinges=self._hinges(probability_range),
                )
            ),
            policy=self.judged_by_policy(application),
            model_ms=row.model_ms,
            explanation_ms=(time.perf_counter() - started) * 1000,
        )

    def judged_by_policy(self, application: Mapping[str, Value]) -> PolicyOutcome | None:
        """Return what the lender's rules say of an application today; None where there are none."""
        return None if self.policy is None else self.policy.judge(application, datetime.now(UTC).date())

    def _left_out(self, application: Mapping[str, Value]) -> tuple[str, ...]:
        """Return the inputs that nothing was said of; an explicit null is a declaration."""
        if len(application) >= len(self._names) and application.keys() >= self._keys:
            return ()
        return tuple(name for name in self._names if name not in application)

    def _range(self, features: np.ndarray, default_probability: float, left_out: Sequence[str]) -> tuple[float, float]:
        """Return between which probabilities the answer lies, whatever is true of what was left out."""
        unknown = self._feeds[[self._names.index(name) for name in left_out]].any(axis=0)
        low, high = self._explainer.margin_range(features, unknown)
        # The answer itself is one of the completions.
        return min(_probability(low), default_probability), max(_probability(high), default_probability)

    def _hinges(self, probability_range: tuple[float, float] | None) -> bool:
        """Say whether what was left out could turn the decision."""
        if probability_range is None:
            return False
        low, high = probability_range
        return low - _ROUNDING < self.rule.threshold <= high + _ROUNDING

    def probabilities(self, applications: Sequence[Mapping[str, Value]]) -> np.ndarray:
        """Return the probabilities of default alone, shape ``(n_applications,)``; nothing is refused here."""
        return self._model.score(self._encoder.encode(applications)).default_probability

    def proposals(self, rows: np.ndarray, *, left_out: Sequence[str] = ()) -> tuple[np.ndarray, np.ndarray]:
        """Return what a whole table comes to, as `score_many` would say it of each of its applications.

        Parameters
        ----------
        rows
            Encoded values, NaN for declared absent; shape ``(n_applications, n_inputs)``.
        left_out
            Inputs that nothing is said of in any row.

        Returns
        -------
        default_probability
            Shape ``(n_applications,)``.
        proposals
            `Outcome` of each; None where the application is not judged (impossible, or too incomplete).
        """
        scores, shown, broken = self._model.score(rows), self._meter.measure(rows), self._rules.broken_in(rows.T)
        probability = scores.default_probability
        hinges = np.zeros(len(rows), bool)
        if left_out:
            known = zip(scores.features, probability.tolist(), strict=True)
            hinges[:] = [self._hinges(self._range(features, one, left_out)) for features, one in known]
        counts = {
            severity: sum(
                (broken[rule.code].astype(np.int64) for rule in self._rules.rules if rule.severity == severity),
                np.zeros(len(rows), np.int64),
            )
            for severity in ("impossible", "incoherente")
        }
        seen = Seen(probability, shown.share, shown.n_unusual, counts["incoherente"], shown.has_rare, hinges)
        reviewed = np.logical_or.reduce(list(self._reviewer.held(seen).values()))
        refused = refuses(probability, threshold=self.rule.threshold)
        proposals = np.where(refused, Outcome.REFUSE.value, Outcome.GRANT.value).astype(object)
        proposals[reviewed] = Outcome.REVIEW.value
        proposals[(counts["impossible"] > 0) | (shown.share < self.contract.coverage.floor)] = None
        return probability, proposals

    def broken_rules(self, applications: Sequence[Mapping[str, Value]]) -> list[tuple[Rule, ...]]:
        """Return the rules that each application breaks; nothing is refused here."""
        return self._rules.broken_by_each(self._encoder.encode(applications))

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


def _impossible(application: Mapping[str, Value], rules: Sequence[Rule], language: Language) -> InvalidApplicationError:
    """Say of every field of every broken rule what it cannot be true together with."""
    return InvalidApplicationError(
        [
            FieldProblem(name, "SCR121", say_rule(rule, language), application.get(name))
            for rule in rules
            for name in rule.fields
        ]
    )


def _probability(margin: float) -> float:
    """Return the probability of a log-odds margin."""
    return 1 / (1 + exp(-margin)) if margin >= 0 else exp(margin) / (1 + exp(margin))
