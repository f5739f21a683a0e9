"""Local attributions: exact, additive, and read without unpickling."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pytest

from scoring.bundle import Bundle
from scoring.contract import EXPLAINER_FILE
from scoring.errors import ContractError
from scoring.explanation import LinearExplainer, TreeExplainer, explainer_of, read_explainer
from training.compiler.ensembles import LEAF, Tree, TreeEnsemble
from training.compiler.leaf_tables import leaf_tables

if TYPE_CHECKING:
    from pathlib import Path

    from training.features.dataset import Dataset
    from training.selection.pipeline import TrainedModel

NAN = float("nan")


@pytest.fixture(scope="module")
def stump() -> TreeExplainer:
    """Explain one split of feature 1 of 2: 3 in 4 rows at or below 10 and missing ones get -1, the others get 3."""
    tree = Tree(
        feature=np.array([1, LEAF, LEAF]),
        threshold=np.array([10.0, 0.0, 0.0]),
        default_left=np.array([True, False, False]),
        left=np.array([1, 0, 0]),
        right=np.array([2, 0, 0]),
        value=np.array([0.0, -1.0, 3.0]),
        cover=np.array([4.0, 3.0, 1.0]),
    )
    return TreeExplainer(leaf_tables(TreeEnsemble((tree,), n_features=2)))


@pytest.fixture(scope="module")
def terms() -> LinearExplainer:
    """Explain a number (slope 2, kept between 0 and 5) and a category of two codes."""
    return LinearExplainer(
        {
            "base_value": np.array(-3.0),
            "slope": np.array([2.0, 0.0]),
            "lowest": np.array([0.0, 0.0]),
            "highest": np.array([5.0, 0.0]),
            "is_category": np.array([False, True]),
            "category_terms": np.array([[0.0, 0.0], [0.5, -0.5]]),
            "mean_term": np.array([4.0, 0.1]),
        }
    )


def test_tree_base_value_is_the_mean_over_training_rows(stump: TreeExplainer) -> None:
    """Three rows of -1 and one of 3 have the mean 0."""
    assert stump.base_value == 0.0


@pytest.mark.parametrize(("value", "expected"), [(9.0, -1.0), (10.0, -1.0), (np.nextafter(10, 11), 3.0), (NAN, -1.0)])
def test_tree_contribution_goes_to_the_feature_that_splits(stump: TreeExplainer, value: float, expected: float) -> None:
    """A split at 10 sends 10 itself left, and a missing value where training sent it."""
    assert [0.0, expected] == stump.contributions(np.array([7.0, value])).tolist()


@pytest.mark.parametrize(
    ("features", "expected"),
    [
        ([3.0, 0.0], [2.0, 0.4]),
        ([-1.0, 1.0], [-4.0, -0.6]),
        ([9.0, 1.0], [6.0, -0.6]),
    ],
)
def test_linear_contribution_is_the_term_less_its_mean(
    terms: LinearExplainer, features: list[float], expected: list[float]
) -> None:
    """Numbers are kept in their range, and categories have a term each."""
    np.testing.assert_allclose(expected, terms.contributions(np.array(features)))


@pytest.mark.parametrize("trained", ["trained_trees", "trained_logistic"])
def test_contributions_are_those_of_the_library(
    request: pytest.FixtureRequest, trained: str, new_dataset: Dataset
) -> None:
    """Served attributions equal the library's, scaled by the calibration, on rows it has not seen."""
    model: TrainedModel = request.getfixturevalue(trained)
    folder: Path = request.getfixturevalue("bundle_dir" if trained == "trained_trees" else "linear_bundle_dir")
    features = model.space.compute(new_dataset.rows)
    explainer = explainer_of(Bundle.open(folder))
    served = np.array([explainer.contributions(row) for row in features])

    expected = model.calibration.scale * model.fitted.contributions(features)[:, :-1]
    np.testing.assert_allclose(served, expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", ["trained_trees", "trained_logistic"])
def test_explainer_knows_how_many_features_it_explains(request: pytest.FixtureRequest, name: str) -> None:
    """The service compares this with the contract."""
    folder: Path = request.getfixturevalue("bundle_dir" if name == "trained_trees" else "linear_bundle_dir")

    bundle = Bundle.open(folder)

    assert explainer_of(bundle).n_features == len(bundle.contract.features)


def _npz(**arrays: object) -> bytes:
    content = io.BytesIO()
    np.savez(content, **arrays)
    return content.getvalue()


def _npy(array: object) -> bytes:
    content = io.BytesIO()
    np.save(content, array)
    return content.getvalue()


def _zip_of_text() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("kind", "tree")
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"not tables", id="text"),
        pytest.param(b"PK\x03\x04 not a zip", id="false zip"),
        pytest.param(_npz(kind="forest"), id="unknown kind"),
        pytest.param(_npz(kind="tree"), id="trees without tables"),
        pytest.param(_npz(kind="linear"), id="terms without slopes"),
        pytest.param(_npz(), id="no array"),
        pytest.param(_npz(kind=np.array([{"a": 1}])), id="pickled"),
        pytest.param(_npy(np.zeros(3)), id="one array"),
        pytest.param(_zip_of_text(), id="no arrays in a zip"),
    ],
)
def test_read_explainer_refuses_what_are_no_tables(content: bytes) -> None:
    """Anything but attribution tables is SCR205, and nothing is unpickled to find out."""
    with pytest.raises(ContractError, match=r"^SCR205: explainer\.npz does not hold attribution tables; export"):
        read_explainer(content)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_read_explainer_refuses_a_truncated_file(bundle: Bundle, share: float) -> None:
    """Part of the tables is SCR205, wherever the file was cut."""
    content = bundle.content[EXPLAINER_FILE]

    with pytest.raises(ContractError, match="SCR205: here"):
        read_explainer(content[: int(share * len(content))], source="here")


def test_explainer_does_not_change_the_row(stump: TreeExplainer, terms: LinearExplainer) -> None:
    """The row is still needed for the reasons' values."""
    row = np.array([NAN, 12.0])
    stump.contributions(row)
    np.testing.assert_array_equal([NAN, 12.0], row)
    terms.contributions(known := np.array([3.0, 1.0]))

    np.testing.assert_array_equal([3.0, 1.0], known)


@pytest.mark.parametrize("trained", ["trained_trees", "trained_logistic"])
def test_margin_range_holds_every_completion(
    request: pytest.FixtureRequest, trained: str, new_dataset: Dataset
) -> None:
    """Whatever an unknown input turns out to be, missing included, the margin lies in the range."""
    model: TrainedModel = request.getfixturevalue(trained)
    folder: Path = request.getfixturevalue("bundle_dir" if trained == "trained_trees" else "linear_bundle_dir")
    bundle = Bundle.open(folder)
    explainer, contract = explainer_of(bundle), bundle.contract
    rows = new_dataset.rows[:300]
    for place, item in enumerate(contract.inputs):
        unknown = np.array([item.name in feature.inputs for feature in contract.features])
        completed = np.tile(rows[0], (len(rows), 1))
        completed[:, place] = rows[:, place]
        margins = (
            model.calibration.scale * model.fitted.score(model.space.compute(completed)) + model.calibration.offset
        )
        low, high = explainer.margin_range(model.space.compute(rows[:1])[0], unknown)

        assert low - 1e-9 <= margins.min()
        assert margins.max() <= high + 1e-9


def test_margin_range_of_what_is_known_is_the_margin(stump: TreeExplainer, terms: LinearExplainer) -> None:
    """Nothing unknown leaves nothing open."""
    nothing = np.zeros(2, bool)

    assert stump.margin_range(np.array([0.0, 12.0]), nothing) == (3.0, 3.0)
    assert terms.margin_range(np.array([1.0, 1.0]), nothing) == pytest.approx((-5.6, -5.6))
    assert stump.margin_range(np.array([0.0, 12.0]), ~nothing) == (-1.0, 3.0)
    assert terms.margin_range(np.array([1.0, 1.0]), ~nothing) == pytest.approx((-7.6, 3.4))
