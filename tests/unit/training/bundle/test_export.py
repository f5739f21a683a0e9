"""The sealed bundle: whole or absent, reproducible, and never anything but the trained model."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from scoring.bundle import Bundle
from scoring.contract import EVIDENCE_FILE, PARITY_FILE, SEALED_FILES
from scoring.features import InputEncoder
from scoring.rules import RuleBook
from training.bundle.export import Taught, publish_bundle, write_bundle
from training.errors import DataError, ParityError

if TYPE_CHECKING:
    from pathlib import Path

    from training.features.dataset import Dataset
    from training.selection.pipeline import TrainedModel


def export(folder: Path, trained: TrainedModel, data: Dataset) -> Path:
    """Write a bundle without further data sets."""
    write_bundle(folder, trained, data, other_data={}, taught=Taught("run", "f"))
    return folder


def test_write_bundle_gives_the_same_sealed_bytes_again(
    trained_trees: TrainedModel, small_dataset: Dataset, bundle_dir: Path, tmp_path: Path
) -> None:
    """Exporting a model twice gives the same graph, tables and golden applications, byte for byte."""
    again = export(tmp_path / "bundle", trained_trees, small_dataset)

    # The evidence holds timings.
    names = [name for name in SEALED_FILES if name != EVIDENCE_FILE]
    assert [(bundle_dir / name).read_bytes() for name in names] == [(again / name).read_bytes() for name in names]


def test_write_bundle_records_every_data_set_that_passed_the_gate(
    bundle_dir: Path, small_dataset: Dataset, new_dataset: Dataset
) -> None:
    """The contract names the data sets, their sizes and the worst differences found."""
    parity = Bundle.open(bundle_dir).contract.parity
    expected = {"application_train": len(small_dataset.ids), "application_test": len(new_dataset.ids)}

    assert parity.data_sets == expected
    assert parity.worst_probability_difference <= 1e-12
    assert parity.worst_contribution_difference <= 1e-12


def test_write_bundle_stops_at_a_different_probability(
    trained_trees: TrainedModel, small_dataset: Dataset, tmp_path: Path
) -> None:
    """A trainer whose answers are not the graph's gives no bundle, and leaves nothing behind."""

    class Tampered(type(trained_trees.fitted)):  # type: ignore[misc]
        """Answers a little higher than the trees that are exported."""

        def score(self, features: np.ndarray) -> np.ndarray:
            """Return the score and a thousandth."""
            return np.asarray(super().score(features) + 1e-3)

    other = replace(trained_trees, fitted=Tampered(trained_trees.fitted.booster))  # type: ignore[attr-defined]

    with pytest.raises(ParityError, match=r"TRN40[12].*application_train"):
        export(tmp_path / "bundle", other, small_dataset)
    assert list(tmp_path.iterdir()) == []


def test_write_bundle_stops_at_a_changed_decision(
    trained_trees: TrainedModel, small_dataset: Dataset, tmp_path: Path
) -> None:
    """A difference far below the tolerance still gives no bundle if it crosses the threshold."""

    class Shifted(type(trained_trees.fitted)):  # type: ignore[misc]
        """Answers a hair lower than the trees that are exported."""

        def score(self, features: np.ndarray) -> np.ndarray:
            """Return the score less 1e-9."""
            return np.asarray(super().score(features) - 1e-9)

    fitted = Shifted(trained_trees.fitted.booster)  # type: ignore[attr-defined]
    answers = [
        one.default_probability(small_dataset.rows[:1])[0]
        for one in (trained_trees, replace(trained_trees, fitted=fitted))
    ]
    champion = trained_trees.champion
    # Between the two answers, out of reach of the last bit of either.
    at_the_row = replace(champion, threshold=replace(champion.threshold, threshold=float(np.mean(answers))))

    with pytest.raises(ParityError, match=r"TRN402: 1 decisions of application_train differ"):
        export(tmp_path / "bundle", replace(trained_trees, champion=at_the_row, fitted=fitted), small_dataset)


def test_write_bundle_stops_at_a_wrong_attribution(
    trained_trees: TrainedModel, small_dataset: Dataset, tmp_path: Path
) -> None:
    """Attributions that are not the library's give no bundle."""

    class Misattributed(type(trained_trees.fitted)):  # type: ignore[misc]
        """Attributes to the neighbouring feature."""

        def contributions(self, features: np.ndarray) -> np.ndarray:
            """Return the columns shifted by one."""
            return np.roll(super().contributions(features), 1, axis=1)

    fitted = Misattributed(trained_trees.fitted.booster)  # type: ignore[attr-defined]

    with pytest.raises(ParityError, match="TRN403: attributions of application_train"):
        export(tmp_path / "bundle", replace(trained_trees, fitted=fitted), small_dataset)


def test_write_bundle_stops_at_an_answer_that_is_no_number(
    trained_trees: TrainedModel, small_dataset: Dataset, tmp_path: Path
) -> None:
    """A trainer that answers NaN differs from any probability."""

    class Silent(type(trained_trees.fitted)):  # type: ignore[misc]
        """Has no answer to the first application."""

        def score(self, features: np.ndarray) -> np.ndarray:
            """Return the score, and NaN for the first row."""
            score = np.array(super().score(features))
            score[0] = np.nan
            return score

    fitted = Silent(trained_trees.fitted.booster)  # type: ignore[attr-defined]

    with pytest.raises(ParityError, match=r"TRN40[12].*application_train"):
        export(tmp_path / "bundle", replace(trained_trees, fitted=fitted), small_dataset)


def test_publish_bundle_refuses_a_folder_of_something_else(bundle: Bundle, tmp_path: Path) -> None:
    """Exporting into a folder that holds other files would lose them."""
    (tmp_path / "thesis.txt").touch()

    with pytest.raises(DataError, match=r"TRN173: .* holds thesis\.txt, which is not part of a bundle"):
        publish_bundle(bundle, tmp_path, registry_version="1", registry_alias="production")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_write_bundle_keeps_what_stood_there_when_it_fails(
    trained_trees: TrainedModel, small_dataset: Dataset, bundle_dir: Path, tmp_path: Path
) -> None:
    """A failed export does not touch the bundle that is being served."""
    served = shutil.copytree(bundle_dir, tmp_path / "bundle")
    broken = replace(trained_trees, calibration=replace(trained_trees.calibration, scale=float("nan")))

    with pytest.raises(Exception, match=r"SCR501|TRN40"):
        export(served, broken, small_dataset)
    assert Bundle.open(served).contract == Bundle.open(bundle_dir).contract


def test_golden_applications_hold_no_row_of_the_data(bundle_dir: Path, small_dataset: Dataset) -> None:
    """Golden applications are synthetic: none has the amounts of an application of the data."""
    golden = json.loads((bundle_dir / PARITY_FILE).read_text("utf-8"))["applications"]
    known = small_dataset.columns(["AMT_CREDIT", "AMT_INCOME_TOTAL", "DAYS_BIRTH"])
    real = {tuple(row) for row in known.tolist()}
    drawn = {
        tuple(one["application"].get(n) for n in ("AMT_CREDIT", "AMT_INCOME_TOTAL", "DAYS_BIRTH")) for one in golden
    }

    assert set() == drawn & real
    assert len(golden) == 60


def test_golden_applications_show_both_decisions(bundle_dir: Path) -> None:
    """A deployment is proved on refusals and on acceptances."""
    golden = json.loads((bundle_dir / PARITY_FILE).read_text("utf-8"))["applications"]

    assert {"accepte", "refuse"} == {one["decision"] for one in golden}


def test_publish_bundle_stamps_the_registry_version(bundle: Bundle, tmp_path: Path) -> None:
    """The published contract names version and alias; everything sealed stays as it was."""
    published = publish_bundle(bundle, tmp_path / "served", registry_version="7", registry_alias="production")

    assert (published.identity.registry_version, published.identity.registry_alias) == ("7", "production")
    assert Bundle.open(tmp_path / "served").contract == published
    assert published.files == bundle.contract.files


def test_golden_applications_keep_every_rule(bundle: Bundle) -> None:
    """Impossible or incoherent: none of them is broken, and each is shown by an application that gives its fields."""
    contract, applications = bundle.contract, [one["application"] for one in bundle.golden]
    rows = InputEncoder(contract.inputs).encode(applications)
    given = [{name for name, value in one.items() if value is not None} for one in applications]

    assert contract.rules
    assert RuleBook(contract.rules, contract.inputs).broken_by_each(rows) == [()] * len(applications)
    assert all(any(set(rule.fields) <= names for names in given) for rule in contract.rules)
