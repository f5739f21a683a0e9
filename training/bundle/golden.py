"""Golden applications: synthetic requests with the trainer's answers, to prove any deployment of a bundle."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.contract import CategoryBins
from scoring.decision import decide
from scoring.errors import ContractError
from scoring.features import InputEncoder
from scoring.rules import RuleBook
from scoring.service import ScoringService
from training.bundle.dossier_parity import engine_of, inputs_of
from training.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scoring.bundle import Bundle
    from scoring.contract import CoveragePolicy, Input, Reference, Rule
    from scoring.features import Value
    from training.selection.pipeline import TrainedModel

N_GOLDEN = 60
# Applications that give every input: rules about rare ones are kept by somebody, too.
N_COMPLETE = 5
# Values drawn again before what still breaks a rule is left out.
MOST_DRAWS = 2000
SIGNIFICANT_DIGITS = 6
_FORM: dict[str, Any] = {"ensure_ascii": False, "allow_nan": False}
_CLOSE = "\n}"


def golden_applications(
    inputs: Sequence[Input],
    rules: Sequence[Rule],
    reference: Reference,
    coverage: CoveragePolicy,
    *,
    seed: int,
    count: int = N_GOLDEN,
) -> list[dict[str, Value]]:
    """Draw applications from the contract alone: no row of the data can be in them.

    The first two have the least that is judged, at the lower and at the upper end of the usual range: what is required
    and, the weightiest first, what else the floor of the coverage asks for. The others draw each input on its own from
    the reference shares, the next few all of them, and are completed in the same way. All keep every rule: what breaks
    one is drawn again.
    """
    draw = _Draw(inputs, rules, reference, np.random.default_rng(seed))
    ends = [{item.name: _end(item, upper=upper) for item in inputs} for upper in (False, True)]
    bare = [{item.name: end[item.name] for item in inputs if item.required} for end in ends]
    whole = [draw.application(complete=True) for _ in range(N_COMPLETE)]
    drawn = [draw.application(complete=False) for _ in range(count - len(bare) - len(whole))]
    completions = [*ends, *(ends[0] for _ in (*whole, *drawn))]
    return [
        draw.kept(_completed(one, end, coverage)) for one, end in zip([*bare, *whole, *drawn], completions, strict=True)
    ]


def _completed(application: dict[str, Value], source: dict[str, Value], coverage: CoveragePolicy) -> dict[str, Value]:
    """Add values of `source`, the weightiest first, until the floor of the coverage is passed."""
    weights = coverage.weights
    given: dict[str, Value] = {name: value for name, value in application.items() if value is not None}
    for name in sorted(weights, key=lambda name: -weights[name]):
        if sum(weights[one] for one in given) > coverage.floor:
            break
        if source[name] is not None:
            given.setdefault(name, source[name])
    return application | given


def _end(item: Input, *, upper: bool) -> Value:
    if item.kind == "category":
        return item.categories[-1 if upper else 0]
    if item.kind == "flag":
        return int(upper)
    usual = item.usual_high if upper else item.usual_low
    return None if usual is None else _within(usual, item)


class _Draw:
    """Draws applications that keep the rules, each input from its reference shares."""

    def __init__(
        self, inputs: Sequence[Input], rules: Sequence[Rule], reference: Reference, generator: np.random.Generator
    ) -> None:
        self._inputs = {item.name: item for item in inputs}
        self._bins = reference.inputs
        self._encoder = InputEncoder(inputs)
        self._rules = RuleBook(rules, inputs)
        self._whole = {name for rule in rules if rule.broken_when.startswith("not whole(") for name in rule.fields}
        self._generator = generator

    def application(self, *, complete: bool) -> dict[str, Value]:
        """Return an application that may still break rules, every input given or only as often as in the reference."""
        return {
            item.name: self._value(item)
            if complete or item.required or self._generator.random() >= self._bins[item.name].missing_share
            else None
            for item in self._inputs.values()
        }

    def kept(self, application: dict[str, Value]) -> dict[str, Value]:
        """Return an application in which values that break a rule are drawn again, or left out where that is no help.

        Raises
        ------
        DataError
            ``TRN174`` when the required values alone break a rule.
        """
        for _ in range(MOST_DRAWS):
            broken = self._broken(application)
            if not broken:
                return application
            chosen = broken[int(self._generator.integers(len(broken)))]
            name = chosen.fields[int(self._generator.integers(len(chosen.fields)))]
            application = application | {name: self._value(self._inputs[name])}
        return self._without_broken(application)

    def _without_broken(self, application: dict[str, Value]) -> dict[str, Value]:
        while broken := self._broken(application):
            optional = [name for name in broken[0].fields if not self._inputs[name].required]
            if not optional:
                raise DataError(
                    "TRN174", f"no application can be drawn that keeps the rule {broken[0].code}; mend the rule"
                )
            application = application | {optional[0]: None}
        return application

    def _broken(self, application: dict[str, Value]) -> tuple[Rule, ...]:
        return self._rules.broken_by_each(self._encoder.encode([application]))[0]

    def _value(self, item: Input) -> Value:
        """Return a value, or None where the reference has none."""
        bins = self._bins[item.name]
        shares = list(bins.shares.values()) if isinstance(bins, CategoryBins) else list(bins.shares)
        if not sum(shares):
            return None
        chosen = int(self._generator.choice(len(shares), p=np.array(shares) / sum(shares)))
        if isinstance(bins, CategoryBins):
            return item.categories[chosen]
        if item.kind == "flag":
            return min(chosen, 1)
        edges = [item.usual_low, *bins.edges, item.usual_high]
        low, high = float(edges[chosen] or 0.0), float(edges[chosen + 1] or 0.0)
        value = float(f"{self._generator.uniform(min(low, high), max(low, high)):.{SIGNIFICANT_DIGITS}g}")
        return _within(float(round(value)) if item.name in self._whole else value, item)


def _within(value: float, item: Input) -> float:
    """Move a value inside the hard bounds."""
    low = -np.inf if item.minimum is None else item.minimum
    high = np.inf if item.maximum is None else item.maximum
    return min(max(value, low), high)


def golden_answers(
    trained: TrainedModel, inputs: Sequence[Input], applications: list[dict[str, Value]]
) -> list[dict[str, object]]:
    """Return each application with the trainer's probability and decision."""
    probabilities = trained.default_probability(InputEncoder(inputs).encode(applications))
    threshold = trained.threshold.threshold
    return [
        {
            "application": application,
            "default_probability": float(probability),
            "decision": decide(float(probability), threshold=threshold).value,
        }
        for application, probability in zip(applications, probabilities, strict=True)
    ]


def golden_bytes(
    applications: Sequence[Mapping[str, Any]], dossiers: Sequence[Mapping[str, Any]], *, tolerance: float
) -> bytes:
    """Return the file of the golden applications and dossiers; of these, one a line."""
    content = json.dumps({"tolerance": tolerance, "applications": applications}, **_FORM, indent=1)
    lines = ",\n".join(f"  {json.dumps(one, **_FORM)}" for one in dossiers)
    return f'{content.removesuffix(_CLOSE)},\n "dossiers": [\n{lines}\n ]{_CLOSE}\n'.encode()


def golden_of(bundle: Bundle) -> list[dict[str, Any]]:
    """Return the golden applications of a bundle.

    Raises
    ------
    DataError
        ``TRN170`` when there are none that can be read.
    """
    try:
        return bundle.golden
    except ContractError as error:
        raise DataError("TRN170", f"{bundle.folder} holds no golden applications; export the bundle again") from error


def example_of(bundle: Bundle) -> dict[str, Any]:
    """Return the golden application that a registered version shows as its example.

    Raises
    ------
    DataError
        ``TRN170`` when there is none.
    """
    return dict(golden_of(bundle)[-1]["application"])


def wrong_golden_answers(bundle: Bundle) -> int:
    """Serve a bundle its golden applications and dossiers and count the answers that are not the trainer's.

    Raises
    ------
    scoring.errors.ScoringError
        When the bundle cannot be served at all.
    """
    service, engine = ScoringService.of(bundle), engine_of(bundle.contract.inputs)
    wrong = 0
    for one in [*bundle.golden, *bundle.golden_dossiers]:
        application = one["application"] if "application" in one else inputs_of(engine, one["dossier"])
        scored = service.score(application, n_reasons=1)
        difference = abs(scored.default_probability - one["default_probability"])
        wrong += difference > bundle.contract.parity.tolerance or scored.decision.value != one["decision"]
    return wrong
