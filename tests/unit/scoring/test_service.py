"""The service: the only path from values to a decision with its reasons."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from scoring.bundle import Bundle, seal_of_contract
from scoring.contract import CONTRACT_FILE, EXPLAINER_FILE, MODEL_FILE, SEALED_FILES, Text
from scoring.decision import Decision
from scoring.errors import ContractError, ModelOutputError
from scoring.reasons import PRINCIPAL_REASONS
from scoring.service import ScoringService
from training.bundle.parity import worst_gap

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scoring.contract import Contract, Feature, Input
    from scoring.features import Value
    from training.features.dataset import Dataset


@pytest.fixture
def three_features(
    a_contract: Callable[..., Contract], an_input: Callable[..., Input], a_feature: Callable[..., Feature]
) -> Contract:
    """Return a contract of an amount, a category and a ratio the graph derives."""
    return a_contract(
        an_input("AMT_CREDIT"),
        an_input(
            "NAME_CONTRACT_TYPE",
            kind="category",
            categories=("Cash loans", "Revolving loans"),
            category_labels=(Text(fr="amortissable", en="cash"), Text(fr="renouvelable", en="revolving")),
            unit="",
        ),
        features=(
            a_feature("AMT_CREDIT"),
            a_feature("NAME_CONTRACT_TYPE", unit="", motive="R201"),
            a_feature("RATIO", inputs=("AMT_CREDIT",), expression="AMT_CREDIT / 2", unit="ratio", motive="R301"),
        ),
    )


APPLICATION: dict[str, Value] = {"AMT_CREDIT": 450_000, "NAME_CONTRACT_TYPE": "Revolving loans"}


@pytest.mark.parametrize(("threshold", "expected"), [(0.25, Decision.REFUSE), (np.nextafter(0.25, 1), Decision.ACCEPT)])
def test_service_decides_at_the_threshold_of_the_contract(
    a_contract: Callable[..., Contract], fake_model: type, fake_explainer: type, threshold: float, expected: Decision
) -> None:
    """A probability of exactly the threshold is refused, and one just below it is accepted."""
    service = ScoringService(a_contract(threshold=float(threshold)), fake_model(0.25), fake_explainer())

    assert expected is service.score({"AMT_CREDIT": 1.0}).decision


def test_service_gives_the_probability_and_the_margin_of_the_model(
    a_contract: Callable[..., Contract], fake_model: type, fake_explainer: type
) -> None:
    """Both numbers are passed on as they are."""
    scored = ScoringService(a_contract(), fake_model(0.25), fake_explainer()).score({"AMT_CREDIT": 1.0})

    assert (scored.default_probability, scored.margin) == (0.25, float(np.log(0.25 / 0.75)))


def test_service_gives_the_model_the_encoded_row(
    three_features: Contract, fake_model: type, fake_explainer: type
) -> None:
    """Values reach the graph in the contract's order, categories as codes."""
    model = fake_model(features=(1.0, 1.0, 0.5))
    ScoringService(three_features, model, fake_explainer((0.1, 0.2, 0.3))).score(APPLICATION)

    assert [rows.tolist() for rows in model.rows] == [[[450_000.0, 1.0]]]


def test_service_tells_a_refusal_by_what_speaks_against_it(
    three_features: Contract, fake_model: type, fake_explainer: type
) -> None:
    """Strongest first, each with its sentence and its value in its unit; what speaks for it stands apart."""
    service = ScoringService(
        three_features, fake_model(features=(450_000.0, 1.0, 225_000.5)), fake_explainer((0.1, -0.2, 0.3))
    )
    account = service.score(APPLICATION).account
    told = [(one.feature, one.value, one.contribution, one.sentence) for one in account.reasons]

    assert told == [
        ("RATIO", 225_000.5, 0.3, "Libellé RATIO 225\u202f000 contre."),
        ("AMT_CREDIT", 450_000, 0.1, "Libellé AMT_CREDIT 450\u202f000\u202f€ contre."),
    ]
    assert [one.sentence for one in account.favourable] == ["Libellé NAME_CONTRACT_TYPE « renouvelable » pour."]


def test_service_tells_an_acceptance_by_both(three_features: Contract, fake_model: type, fake_explainer: type) -> None:
    """What speaks for and against it, strongest first."""
    service = ScoringService(
        three_features, fake_model(0.05, features=(1.0, 1.0, 0.5)), fake_explainer((0.1, -0.2, 0.3))
    )
    account = service.score(APPLICATION).account

    assert [one.contribution for one in account.reasons] == [0.3, -0.2, 0.1]
    assert account.favourable == ()


def test_service_says_that_a_value_is_not_known(
    three_features: Contract, fake_model: type, fake_explainer: type
) -> None:
    """Inputs left out and derivations without a value are told as unknown, not as NaN."""
    nan = float("nan")
    service = ScoringService(three_features, fake_model(features=(nan, nan, nan)), fake_explainer((0.3, 0.2, 0.1)))
    reasons = service.score({}).reasons

    assert [one.value for one in reasons] == [None, None, None]
    assert reasons[2].sentence == "Libellé RATIO non communiqué contre."


def test_service_tells_no_effect_at_all(
    a_contract: Callable[..., Contract], fake_model: type, fake_explainer: type
) -> None:
    """A theme that moves nothing is no reason in either direction."""
    account = ScoringService(a_contract(), fake_model(), fake_explainer((0.0,))).score({"AMT_CREDIT": 1.0}).account

    assert (account.reasons, account.favourable, account.others) == ((), (), 0.0)


def test_service_tells_nothing_where_nobody_asks(
    service: ScoringService, request_of: Callable[..., dict[str, Value]]
) -> None:
    """A batch without reasons pays for no attribution."""
    assert service.score(request_of(), n_reasons=0).account is None


@pytest.mark.parametrize("asked", [1, 2, 3, 4, 10])
def test_service_gives_no_more_reasons_than_asked(
    service: ScoringService, request_of: Callable[..., dict[str, Value]], asked: int
) -> None:
    """The caller chooses how many at most; a reply has never more than the principal ones."""
    assert 1 <= len(service.score(request_of(), n_reasons=asked).reasons) <= min(asked, PRINCIPAL_REASONS)


def test_service_passes_on_that_the_answer_is_no_probability(
    a_contract: Callable[..., Contract], fake_model: type, fake_explainer: type
) -> None:
    """Nothing is made of an answer the model itself refuses to give."""
    service = ScoringService(a_contract(), fake_model(error=ModelOutputError("SCR501", "no")), fake_explainer())

    with pytest.raises(ModelOutputError, match="SCR501"):
        service.score({"AMT_CREDIT": 1.0})


def test_service_never_changes_the_application(
    service: ScoringService, request_of: Callable[..., dict[str, Value]]
) -> None:
    """What was asked is still what was asked."""
    application = request_of(EXT_SOURCE_1=None)
    service.score(application)

    assert application == request_of(EXT_SOURCE_1=None)


@pytest.mark.parametrize("name", [CONTRACT_FILE, *SEALED_FILES])
def test_load_refuses_a_bundle_without_one_file(copied_bundle: Path, name: str) -> None:
    """A partial bundle does not start."""
    (copied_bundle / name).unlink()

    with pytest.raises(ContractError, match="SCR201"):
        ScoringService.of(Bundle.open(copied_bundle))


@pytest.mark.parametrize("name", SEALED_FILES)
def test_load_refuses_a_file_of_another_bundle(copied_bundle: Path, linear_bundle_dir: Path, name: str) -> None:
    """A swapped file does not start, although it is whole in itself."""
    (copied_bundle / name).write_bytes((linear_bundle_dir / name).read_bytes())

    with pytest.raises(ContractError, match="SCR203"):
        ScoringService.of(Bundle.open(copied_bundle))


def test_load_refuses_a_sealed_file_that_is_no_graph(copied_bundle: Path, seal: Callable[[Path], None]) -> None:
    """A seal says that nothing changed since; what was sealed must still be a graph."""
    (copied_bundle / MODEL_FILE).write_bytes(b"not a graph")
    seal(copied_bundle)

    with pytest.raises(ContractError, match="SCR204"):
        ScoringService.of(Bundle.open(copied_bundle))


def test_load_refuses_sealed_tables_that_are_none(copied_bundle: Path, seal: Callable[[Path], None]) -> None:
    """The same holds for the attribution tables."""
    (copied_bundle / EXPLAINER_FILE).write_bytes(b"no tables")
    seal(copied_bundle)

    with pytest.raises(ContractError, match=r"SCR205: .*does not hold attribution tables"):
        ScoringService.of(Bundle.open(copied_bundle))


def test_load_refuses_tables_of_another_model(copied_bundle: Path, seal: Callable[[Path], None]) -> None:
    """Tables over another number of features would name the wrong reasons."""
    with np.load(copied_bundle / EXPLAINER_FILE) as stored:
        arrays = dict(stored) | {"n_features": np.array(40)}
    np.savez(copied_bundle / EXPLAINER_FILE, **arrays)
    seal(copied_bundle)

    with pytest.raises(ContractError, match=r"SCR205: explainer\.npz is of another model"):
        ScoringService.of(Bundle.open(copied_bundle))


def test_load_refuses_a_contract_with_a_feature_less(copied_bundle: Path) -> None:
    """Contract and graph must agree on what the model reads."""
    content = json.loads((copied_bundle / CONTRACT_FILE).read_text("utf-8"))
    content["features"].pop()
    content["seal"] = seal_of_contract(content)
    (copied_bundle / CONTRACT_FILE).write_text(json.dumps(content), encoding="utf-8")

    with pytest.raises(ContractError, match=r"SCR204: .* does not read the contract's inputs"):
        ScoringService.of(Bundle.open(copied_bundle))


def test_load_keeps_the_contract(service: ScoringService, bundle_dir: Path) -> None:
    """What is served says which contract it is served under."""
    assert service.contract.files == json.loads((bundle_dir / CONTRACT_FILE).read_text("utf-8"))["files"]


def test_service_answers_golden_applications_as_the_trainer(
    service: ScoringService, golden: list[dict[str, object]]
) -> None:
    """Every golden application has the trainer's decision and, within the tolerance, its probability."""
    scored = [service.score(one["application"]) for one in golden]

    assert [one["decision"] for one in golden] == [one.decision.value for one in scored]
    expected = [one["default_probability"] for one in golden]
    np.testing.assert_allclose([one.default_probability for one in scored], expected, rtol=0, atol=1e-6)


def test_contributions_and_base_sum_to_the_margin_on_every_row(
    service: ScoringService, linear_service: ScoringService, new_dataset: Dataset, small_dataset: Dataset
) -> None:
    """No row at hand has a margin that its explanation does not add up to, for trees and terms alike."""
    rows = np.vstack([new_dataset.rows, small_dataset.rows])
    gaps = [worst_gap(one._model, one._explainer, rows) for one in (service, linear_service)]  # noqa: SLF001  the parts

    assert max(gaps) < 1e-9


def test_reasons_speak_the_language_that_is_asked_for(
    three_features: Contract, fake_model: type, fake_explainer: type
) -> None:
    """Labels, values and sentences are the contract's English ones, too."""
    service = ScoringService(three_features, fake_model(features=(1.0, 1.0, 0.5)), fake_explainer((0.1, -0.2, 0.3)))
    told = [(one.label, one.sentence) for one in service.score(APPLICATION, language="en").reasons]

    assert told == [
        ("Theme revenu", "Label RATIO 0.50 against."),
        ("Theme montant", "Label AMT_CREDIT 450,000\u202f€ against."),
    ]


def test_reason_says_what_an_absence_means(
    a_contract: Callable[..., Contract], an_input: Callable[..., Input], fake_model: type, fake_explainer: type
) -> None:
    """An absent value is said as the contract says its absence: no car is not a secret."""
    contract = a_contract(an_input("OWN_CAR_AGE", required=False, missing=Text(fr="pas de voiture", en="no car")))
    service = ScoringService(contract, fake_model(), fake_explainer((0.5,)))

    assert service.score({}).reasons[0].sentence == "Libellé OWN_CAR_AGE pas de voiture contre."


def test_reason_says_yes_or_no_for_a_flag(
    a_contract: Callable[..., Contract], an_input: Callable[..., Input], fake_model: type, fake_explainer: type
) -> None:
    """A flag is an answer, not a number."""
    service = ScoringService(a_contract(an_input("FLAG_PHONE", kind="flag", unit="")), fake_model(), fake_explainer())

    assert service.score({"FLAG_PHONE": 1}).reasons[0].sentence == "Libellé FLAG_PHONE oui contre."


def test_no_application_gives_no_answer(service: ScoringService) -> None:
    """The graph is not run for nothing."""
    assert service.score_many([]) == []
