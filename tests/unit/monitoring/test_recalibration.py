"""Promises of a proposed threshold: found where it is, not praised where it gains nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from monitoring.__main__ import main
from monitoring.errors import MonitoringError
from monitoring.recalibration import ThresholdProposal, propose_threshold, told
from monitoring.windows.predictions import Predictions
from tests.unit.monitoring.builders import THRESHOLD, default_probability, draw_window

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.monitoring.conftest import Bench


def proposed(bench: Bench, *, odds: float) -> ThresholdProposal:
    """Return the proposal where the odds of default are so many times what the model says."""
    rng = np.random.default_rng(4)
    probability = default_probability(draw_window(20_000, seed=4))
    chance = odds * probability / (1 - probability + odds * probability)
    outcome = (rng.random(len(probability)) < chance).astype(float)
    predictions = Predictions(probability, probability >= THRESHOLD, outcome)
    return propose_threshold(bench.contract, predictions, window="essai", seal="s")


def test_the_threshold_goes_where_the_cost_is_least(bench: Bench) -> None:
    """With three times the odds of default, the best threshold is where the model says a third of the odds of 1/10."""
    proposal = proposed(bench, odds=3.0)
    best = (1 / 30) / (1 + 1 / 30)

    assert proposal.threshold_interval[0] < best < proposal.threshold_interval[1]
    assert proposal.recommended
    assert proposal.saving.low > 0
    assert proposal.cost_proposed.value < proposal.cost_now.value
    assert proposal.observed_defaults.low > proposal.foretold_defaults


def test_nothing_is_praised_where_nothing_changed(bench: Bench) -> None:
    """Choosing on the same outcomes always seems to gain; out of fold it does not."""
    proposal = proposed(bench, odds=1.0)

    assert not proposal.recommended
    assert proposal.saving.value < 0.02


def test_tied_answers_are_decided_together(bench: Bench) -> None:
    """Between three distinct predictions there are two cuts: none inside a tie, which would then be refused whole."""
    rng = np.random.default_rng(0)
    probability = rng.choice([0.02, 0.07, 0.2], 20_000, p=[0.4, 0.4, 0.2])
    outcome = (rng.random(20_000) < probability).astype(float)
    predictions = Predictions(probability, probability >= THRESHOLD, outcome)
    proposal = propose_threshold(bench.contract, predictions, window="essai", seal="s")

    assert proposal.threshold == pytest.approx(0.135)
    assert proposal.cost_proposed.value == pytest.approx(0.533, abs=0.01)
    assert proposal.refusal_rate_proposed == pytest.approx(0.2, abs=0.01)


def test_few_defaults_propose_nothing(bench: Bench) -> None:
    """Without outcomes there is nothing to calibrate on."""
    with pytest.raises(MonitoringError, match=r"MON919.*0 known"):
        propose_threshold(bench.contract, None, window="essai", seal="s")


def test_a_ranking_that_is_gone_is_not_recalibrated(bench: Bench) -> None:
    """Outcomes drawn independent of the score leave nothing that a threshold could cut."""
    probability = default_probability(draw_window(15_000, seed=4))
    outcome = (np.random.default_rng(4).random(15_000) < probability.mean()).astype(float)

    with pytest.raises(MonitoringError, match=r"MON923.*train again"):
        propose_threshold(
            bench.contract, Predictions(probability, probability >= THRESHOLD, outcome), window="essai", seal="s"
        )


def test_outcomes_of_accepted_applicants_raise_no_threshold(bench: Bench) -> None:
    """They inform whom else to refuse: with half the odds the best threshold lies higher, and is not proposed."""
    predictions = accepted_only(odds=0.5)
    proposal = propose_threshold(bench.contract, predictions, window="essai", seal="s")

    assert proposal.informed == "baisse_seule"
    assert (proposal.known_accepted, proposal.known_refused) == (1.0, 0.0)
    assert proposal.threshold == pytest.approx(THRESHOLD, abs=2e-3)
    assert not proposal.recommended
    assert "jamais qui accepter" in told(proposal)[1]


def test_outcomes_of_accepted_applicants_lower_a_threshold(bench: Bench) -> None:
    """Three times the odds of default are seen among the accepted alone."""
    proposal = propose_threshold(bench.contract, accepted_only(odds=3.0), window="essai", seal="s")

    assert proposal.threshold < 0.06
    assert proposal.recommended


def test_guesses_about_the_refused_are_a_range(bench: Bench) -> None:
    """The more the refused would have defaulted, the less it costs to have refused them; no scenario is proposed."""
    scenarios = propose_threshold(bench.contract, accepted_only(odds=1.0), window="essai", seal="s").scenarios

    assert [one.multiple for one in scenarios] == sorted(one.multiple for one in scenarios)
    assert [one.cost for one in scenarios] == sorted((one.cost for one in scenarios), reverse=True)


def test_young_outcomes_propose_nothing(bench: Bench) -> None:
    """Where defaults are known and good payers are not yet, everybody seems to default."""
    predictions = accepted_only(odds=1.0)
    assert predictions.outcome is not None
    young = np.where(predictions.outcome == 1, 1.0, np.nan)

    with pytest.raises(MonitoringError, match=r"MON919.*--mature-until"):
        propose_threshold(
            bench.contract, Predictions(predictions.probability, predictions.refused, young), window="essai", seal="s"
        )


def accepted_only(*, odds: float) -> Predictions:
    """Return applications of which only the accepted have an outcome, at so many times the foretold odds."""
    probability = default_probability(draw_window(20_000, seed=4))
    chance = odds * probability / (1 - probability + odds * probability)
    outcome = (np.random.default_rng(4).random(len(probability)) < chance).astype(float)
    refused = probability >= THRESHOLD
    return Predictions(probability, refused, np.where(refused, np.nan, outcome))


def test_the_command_writes_a_proposal_and_changes_nothing(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file names the model it is for and the setting that would put it into force."""
    columns = draw_window(6_000, seed=6)
    columns["TARGET"] = (np.random.default_rng(6).random(6_000) < default_probability(columns)).astype(float)
    source, out = bench.write(columns, "labelled"), tmp_path / "proposal.json"
    before = sorted((path.name, path.read_bytes()) for path in bench.bundle.iterdir())

    given = ["--bundle", str(bench.bundle), "--current", str(source.path), "--current-scores", str(source.scores)]
    status = main(["recalibrate", *given, "--out", str(out)])

    content = json.loads(out.read_bytes())
    assert status == int(not content["recommended"])
    assert float(content["environment"]["DECISION_THRESHOLD"]) == content["threshold"]
    assert content["training_run_id"] == bench.contract.identity.training_run_id
    assert sorted((path.name, path.read_bytes()) for path in bench.bundle.iterdir()) == before
    assert "seuil" in capsys.readouterr().out
