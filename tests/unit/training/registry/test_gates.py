"""The gates: each opens within its limit, closes beyond it, and says what it measured."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from scoring.bundle import Bundle
from scoring.contract import Estimate
from scoring.fairness import AttributeAudit, Fairness
from training.fairness.distances import distances
from training.registry.gates import GATES, LIMITS, calibration_gate, cost_gate, fairness_gate, inputs_gate, parity_gate

if TYPE_CHECKING:
    from scoring.contract import Contract

DECISION = Path(__file__).parents[4] / "docs" / "decisions" / "0040-gates-and-their-limits.md"


@pytest.fixture(scope="module")
def contract(bundle_dir: Path) -> Contract:
    """Return the contract of the small trees."""
    return Bundle.open(bundle_dir).contract


def an_estimate(value: float, spread: float = 0.01) -> Estimate:
    """Return a figure with an interval around it."""
    return Estimate(value=value, low=value - spread, high=value + spread)


def an_audit(
    attribute: str = "CODE_GENDER", *, ratio: float = 0.95, difference: float = 0.05, gap: float = 0.0
) -> Fairness:
    """Return an audit of one attribute with given distances."""
    one = AttributeAudit(
        attribute=attribute,
        label=attribute,
        groups=(),
        acceptance_ratio=an_estimate(ratio),
        false_refusal_difference=an_estimate(difference),
        calibration_gap=an_estimate(gap),
        cost_difference=an_estimate(0.1),
    )
    return Fairness(n_applications=1000, attributes=(one,), revealed=(), protected_cost=None)


def test_gates_let_a_sound_model_pass(contract: Contract) -> None:
    """A calibrated model, exported exactly, passes the gates that its contract is held against."""
    assert parity_gate(contract).passed
    assert calibration_gate(contract).passed


def test_inputs_gate_refuses_what_would_break_partners(contract: Contract) -> None:
    """What asks the same passes, what asks for more does not; the first of all has nobody to break."""
    more = contract.model_copy(
        update={"inputs": (*contract.inputs, contract.inputs[0].model_copy(update={"name": "N"}))}
    )
    today = date(2027, 1, 31)

    assert inputs_gate(contract, contract, on=today).passed
    assert inputs_gate(more, None, on=today).passed
    assert inputs_gate(more, contract, on=today).breaches == ("N is new and required",)


def test_parity_gate_refuses_a_difference(contract: Contract) -> None:
    """An attribution that is off by more than the tolerance closes the gate."""
    off = contract.parity.model_copy(update={"worst_contribution_difference": 1e-3})

    assert not parity_gate(contract.model_copy(update={"parity": off})).passed


def test_parity_gate_refuses_a_comparison_on_too_few(contract: Contract) -> None:
    """A gate that looked at fewer applications than the hold-out has proved nothing."""
    few = contract.parity.model_copy(update={"n_applications": 10})

    assert not parity_gate(contract.model_copy(update={"parity": few})).passed


@pytest.mark.parametrize(
    "change", [{"mean_probability": an_estimate(0.4)}, {"calibration_error": an_estimate(0.06)}], ids=["mean", "error"]
)
def test_calibration_gate_refuses_what_is_no_probability(contract: Contract, change: dict[str, Estimate]) -> None:
    """Class weights without recalibration (a mean near 0.4) and a bent curve are both refused."""
    result = calibration_gate(contract.model_copy(update={"quality": contract.quality.model_copy(update=change)}))

    assert len(result.breaches) == 1


def test_cost_gate_refuses_a_costlier_version() -> None:
    """A mean excess above the limit is refused, whatever its interval."""
    generator = np.random.default_rng(0)
    production = generator.choice([0.0, 10.0], 500)

    assert cost_gate(production, production, rows="rows").passed
    assert not cost_gate(production + 0.05, production, rows="rows").passed


def test_cost_gate_refuses_an_excess_beyond_chance() -> None:
    """A small excess that is there on every resample is refused too."""
    production = np.tile([0.0, 1.0], 5000)

    assert not cost_gate(production + 0.001, production, rows="rows").passed


def test_cost_gate_opens_when_nothing_is_in_production() -> None:
    """The first version has nobody to be compared with, and the finding says so."""
    result = cost_gate(np.ones(10), None, rows="")

    assert result.passed
    assert "nothing else in production" in result.findings[0]


@pytest.mark.parametrize("beyond", [{"ratio": 0.6}, {"difference": 0.3}, {"gap": -0.06}], ids=str)
def test_fairness_gate_refuses_an_established_distance(beyond: dict[str, float]) -> None:
    """A distance whose whole interval is beyond the limit closes the gate."""
    assert fairness_gate(an_audit()).passed
    assert len(fairness_gate(an_audit(**beyond)).breaches) == 1


def test_fairness_gate_waits_for_proof() -> None:
    """A distance beyond the limit whose interval reaches it is no breach yet."""
    result = fairness_gate(an_audit(ratio=LIMITS.fairness.protected.acceptance_ratio - 0.005))

    assert result.passed
    assert result.findings[0].endswith(", to watch")


@pytest.mark.parametrize(
    ("ratio", "verdict"), [(0.95, (False, False)), (0.795, (True, False)), (0.6, (True, True))], ids=str
)
def test_a_distance_is_kept_watched_or_breached(ratio: float, verdict: tuple[bool, bool]) -> None:
    """What the documents print of a distance is what the gate decides by."""
    audit = an_audit(ratio=ratio)
    acceptance = distances(audit.attributes[0])[0]

    assert (acceptance.beyond, acceptance.established) == verdict
    assert fairness_gate(audit).passed is not acceptance.established


def test_fairness_gate_has_wider_limits_for_age() -> None:
    """Age bands differ in risk: what would be refused between the sexes is not between them."""
    assert fairness_gate(an_audit("AGE_BAND", ratio=0.6)).passed
    assert not fairness_gate(an_audit("CODE_GENDER", ratio=0.6)).passed


def test_fairness_gate_refuses_a_version_that_nobody_audited() -> None:
    """No audit is not the same as nothing found."""
    assert not fairness_gate(None).passed


def test_limits_are_those_the_decision_record_states() -> None:
    """The table of the decision record and the code have the same limits."""
    written = dict(re.findall(r"^\| `([\w.]+)` \| ([\d.e-]+) \|", DECISION.read_text("utf-8"), re.MULTILINE))
    flat = {name: getattr(LIMITS, name) for name in LIMITS.__slots__ if name != "fairness"}
    for kind in ("protected", "age"):
        limits = getattr(LIMITS.fairness, kind)
        flat |= {f"{kind}.{name}": getattr(limits, name) for name in limits.__slots__}

    assert {name: float(value) for name, value in written.items()} == flat


def test_every_gate_has_a_section_in_the_decision_record() -> None:
    """Who is refused by a gate finds what it checks and why."""
    text = DECISION.read_text("utf-8")

    assert [gate for gate in GATES if f"**{gate}**" not in text] == []
