"""The committed bundle: sealed, complete in both languages, fair, and answering as its trainer did."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from mangum import Mangum

from metrics.costs import COSTS
from scoring.bundle import Bundle, contract_bytes, parse_contract
from scoring.contract import CONTRACT_FILE, MONEY, SEALED_FILES, CategoryBins
from scoring.decision import DecisionCosts, bayes_threshold
from scoring.http.app import create_app
from scoring.service import ScoringService
from training.schema import load_derived, load_inputs
from training.schema.catalogue import MISSING
from training.selection.pipeline import HIGHEST_CREDIBLE_AUC

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scoring.contract import Contract, Text


def texts_of(contract: Contract) -> dict[str, Text]:
    """Return every text people read, by the place it stands at."""
    inputs = {f"{item.name}.{part}": getattr(item, part) for item in contract.inputs for part in ("label", "missing")}
    features = {f"{one.name}.label": one.label for one in contract.features}
    parts = ("label", "adverse", "favourable", "better")
    motives = {f"{one.code}.{part}": getattr(one, part) for one in contract.motives for part in parts}
    themes = {f"{one.code}.label": one.label for one in (*contract.themes, *contract.theme_groups)}
    return inputs | features | motives | themes


def test_bundle_holds_its_files_and_nothing_else(committed_bundle: Path) -> None:
    """What is deployed is sealed; nothing unsealed lies beside it."""
    assert {CONTRACT_FILE, *SEALED_FILES} == {path.name for path in committed_bundle.iterdir()}


def test_contract_is_written_in_its_one_byte_form(committed_bundle: Path) -> None:
    """Nobody edited the contract by hand."""
    written = (committed_bundle / CONTRACT_FILE).read_bytes()

    assert written == contract_bytes(parse_contract(written))


def test_bundle_can_be_served(bundle: Bundle) -> None:
    """Seals, graph and tables hold together: the cold start succeeds."""
    assert ScoringService.of(bundle).contract == bundle.contract


def test_every_text_is_there_in_both_languages(contract: Contract) -> None:
    """Label, reasons and meaning of a missing value can be read in French and in English."""
    lacking = [place for place, text in texts_of(contract).items() if not text.fr.strip() or not text.en.strip()]

    assert lacking == []


def test_reasons_of_both_languages_differ(contract: Contract) -> None:
    """An English reader does not get the French sentence."""
    same = [place for place, text in texts_of(contract).items() if "." in text.fr and text.fr == text.en]

    assert same == []


def test_every_amount_and_duration_has_its_unit(contract: Contract) -> None:
    """Money is in money and days are in days, so that a reason can say the value in its unit."""
    prefix_unit = {"AMT_": MONEY, "DAYS_": "jours"}
    wrong = [
        item.name
        for item in contract.inputs
        for prefix, unit in prefix_unit.items()
        if item.name.startswith(prefix) and "REQ_CREDIT_BUREAU" not in item.name and item.unit != unit
    ]

    assert wrong == []


def test_every_feature_has_the_unit_of_the_dictionary(contract: Contract) -> None:
    """No unit was lost between the dictionary and the contract."""
    units = {entry.name: entry.unit for entry in [*load_inputs(), *load_derived()]}
    told = [one for one in contract.features if not one.name.endswith(MISSING)]

    assert {one.name: units[one.name] for one in told} == {one.name: one.unit for one in told}


def test_no_protected_attribute_is_asked_for(contract: Contract) -> None:
    """What the dictionary calls protected is no input, and nothing is derived from it."""
    protected = {entry.name for entry in load_inputs() if entry.protected}
    asked = {item.name for item in contract.inputs} | {name for one in contract.features for name in one.inputs}

    assert {"CODE_GENDER", "NAME_FAMILY_STATUS"} <= protected
    assert protected & asked == set()


def test_features_begin_with_the_inputs(contract: Contract) -> None:
    """The model reads every input it asks for, in the contract's order, then derivations."""
    n_inputs = len(contract.inputs)

    assert [item.name for item in contract.inputs] == [one.name for one in contract.features[:n_inputs]]
    assert all(one.expression is None for one in contract.features[:n_inputs])
    assert all(one.expression for one in contract.features[n_inputs:])


def test_importance_is_shared_among_all_features(contract: Contract) -> None:
    """Shares of the mean absolute contribution add up to one."""
    assert sum(one.importance for one in contract.features) == pytest.approx(1)


def test_usual_ranges_lie_within_the_hard_bounds(contract: Contract) -> None:
    """What is usual is allowed."""
    wrong = [
        item.name
        for item in contract.inputs
        if item.usual_low is not None
        and not (
            (-np.inf if item.minimum is None else item.minimum)
            <= item.usual_low
            <= item.usual_high
            <= (np.inf if item.maximum is None else item.maximum)
        )
    ]

    assert wrong == []


def test_reference_describes_every_input(contract: Contract) -> None:
    """Drift of each input and of the answer can be watched: shares and missing share are a whole."""
    names = [item.name for item in contract.inputs]
    bins = [*contract.reference.inputs.values(), contract.reference.probability]
    totals = [
        sum(one.shares.values() if isinstance(one, CategoryBins) else one.shares) + one.missing_share for one in bins
    ]

    assert names == list(contract.reference.inputs)
    assert totals == pytest.approx([1.0] * len(bins))


def test_reference_edges_ascend(contract: Contract) -> None:
    """Bins follow one another and none is empty by construction."""
    bins = [one for one in contract.reference.inputs.values() if not isinstance(one, CategoryBins)]
    wrong = [one.edges for one in [*bins, contract.reference.probability] if list(one.edges) != sorted(set(one.edges))]

    assert wrong == []


def test_costs_are_those_of_the_business(contract: Contract) -> None:
    """A default granted costs ten times a good applicant declined, in training and in the contract."""
    policy = contract.decision

    assert (policy.false_negative_cost, policy.false_positive_cost) == (COSTS.false_negative, COSTS.false_positive)
    assert policy.false_negative_cost == 10 * policy.false_positive_cost


def test_threshold_is_checked_against_theory(contract: Contract) -> None:
    """The contract says truly whether 1/11 lies in the interval of the threshold."""
    policy = contract.decision
    costs = DecisionCosts(policy.false_negative_cost, policy.false_positive_cost)
    low, high = policy.threshold_interval

    assert policy.bayes_threshold == bayes_threshold(costs)
    assert policy.bayes_within_interval == (low <= policy.bayes_threshold <= high)


def test_threshold_lies_in_its_interval_and_in_the_review_band(contract: Contract) -> None:
    """Cases too close to decide by machine are those around the threshold."""
    policy = contract.decision
    (low, high), (review_low, review_high) = policy.threshold_interval, policy.review_band

    assert low <= policy.threshold <= high
    assert review_low <= policy.threshold <= review_high


def test_model_beats_both_trivial_policies(contract: Contract) -> None:
    """A model that costs more than accepting or refusing everybody is not served."""
    trivial = [contract.quality.baselines[name].value for name in ("accepter_tout", "refuser_tout")]

    assert contract.quality.cost.value < min(trivial)


def test_auc_is_credible(contract: Contract) -> None:
    """An AUC that nobody has reached on this data would be a leak."""
    assert 0.5 < contract.quality.auc.value <= HIGHEST_CREDIBLE_AUC


def test_probabilities_are_calibrated(contract: Contract) -> None:
    """The mean prediction agrees with the share of defaults, within its interval on the hold-out."""
    quality = contract.quality
    sampling_error = np.sqrt(quality.default_rate * (1 - quality.default_rate) / quality.n_applications)

    assert quality.mean_probability.value == pytest.approx(quality.default_rate, abs=3 * sampling_error)


def test_parity_was_proved_within_its_tolerance(contract: Contract) -> None:
    """The gate saw every row and found no changed decision."""
    parity = contract.parity

    assert parity.worst_probability_difference <= parity.tolerance <= 1e-6
    assert parity.worst_contribution_difference <= parity.tolerance
    assert sum(parity.data_sets.values()) == parity.n_applications > 0


@pytest.mark.usefixtures("lambda_loop")
@pytest.mark.parametrize("gateway", ["rest_event", "http_event"])
def test_golden_applications_get_the_trainers_answers_through_the_handler(
    request: pytest.FixtureRequest,
    bundle: Bundle,
    golden_applications: list[dict[str, object]],
    gateway: str,
) -> None:
    """Any deployment of this bundle decides as the trainer did, and its probability is within the tolerance."""
    event_of: Callable[..., dict[str, object]] = request.getfixturevalue(gateway)
    handler = Mangum(create_app(ScoringService.of(bundle), bundle), lifespan="off")
    events = [event_of("POST", "/v1/score", json.dumps(one["application"])) for one in golden_applications]
    replies = [json.loads(handler(event, None)["body"]) for event in events]

    assert [one["decision"] for one in golden_applications] == [reply["classe"] for reply in replies]
    expected = [one["default_probability"] for one in golden_applications]
    served = [reply["probabilite_de_defaut"] for reply in replies]
    np.testing.assert_allclose(served, expected, rtol=0, atol=bundle.contract.parity.tolerance)


def test_golden_applications_cover_both_decisions(golden_applications: list[dict[str, object]]) -> None:
    """Golden applications that are all accepted would prove little."""
    assert {one["decision"] for one in golden_applications} == {"accepte", "refuse"}
    assert len(golden_applications) >= 50


def test_golden_applications_have_bare_ones(contract: Contract, golden_applications: list[dict[str, object]]) -> None:
    """An application with the least that is judged is among them, and one with missing values."""
    weights = contract.coverage.weights
    shown = [
        sorted(weights[name] for name, value in one["application"].items() if value is not None)
        for one in golden_applications
    ]

    assert any(sum(known) - known[-1] <= contract.coverage.floor < sum(known) for known in shown)
    assert any(None in one["application"].values() for one in golden_applications)
