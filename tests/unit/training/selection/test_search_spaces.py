"""Search spaces: what cannot be searched is said before anything is trained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from training.candidates.families import FAMILIES
from training.candidates.search_space import Range
from training.compiler.unproved import NOT_SEARCHED
from training.errors import ModelError
from training.selection.search_spaces import own_search_spaces, read_search_spaces

if TYPE_CHECKING:
    from pathlib import Path


def test_own_spaces_cover_every_family_that_has_settings() -> None:
    """Small grids for the simple families, ranges for the boosters."""
    spaces = own_search_spaces()

    assert set(spaces) == set(FAMILIES) - {"dummy"}
    assert {family for family, space in spaces.items() if not space.is_grid} == {"xgboost", "lightgbm"}


def test_range_of_whole_numbers_stays_whole() -> None:
    """Ends without a point mean whole numbers."""
    assert Range(2, 4).is_whole
    assert not Range(2.0, 4.0).is_whole


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[ligthgbm]\nn_trees = [1]", r"no family 'ligthgbm'; did you mean lightgbm\?"),
        ("[lightgbm]\nlearning_rat = [1]", r"no parameter 'learning_rat'; did you mean learning_rate\?"),
        ("[lightgbm]\nzzz = [1]", r"no parameter 'zzz'; known are bagging_fraction"),
        ("[lightgbm]\nlinear_tree = [true]", r"lightgbm.linear_tree cannot be searched: its leaves are lines"),
        ('[lightgbm]\nboosting_type = ["dart"]', r"lightgbm.boosting_type cannot be searched: its leaves are averaged"),
        (
            '[lightgbm]\nmonotone_constraints_method = ["advanced"]',
            r"cannot be searched: it breaks monotone",
        ),
        ("[xgboost]\nrate_drop = { low = 0.0, high = 0.5 }", r"xgboost.rate_drop cannot be searched: its leaves"),
        ("[decision_tree]\n", r"decision_tree holds nothing"),
        ("decision_tree = 3", r"decision_tree holds nothing"),
        ("[decision_tree]\nmax_depth = []", r"decision_tree.max_depth: a list holds at least one value"),
        ("[decision_tree]\nmax_depth = 3", r"decision_tree.max_depth: write a list of values"),
        ("[xgboost]\nsubsample = { low = 0.5 }", r"xgboost.subsample: write a list of values"),
        ("[xgboost]\nsubsample = { low = 0.5, high = 1.0, lag = true }", r"xgboost.subsample: write a list"),
        ("[xgboost]\nsubsample = { low = 1.0, high = 0.5 }", r"low must be below high"),
        ("[xgboost]\nreg_lambda = { low = 0.0, high = 0.5, log = true }", r"above 0 where log is true"),
        ('[xgboost]\nsubsample = { low = "a", high = 0.5 }', r"low and high are numbers"),
        ("[decision_tree]\nmax_depth = [1,2,3,4,5,6,7,8]\nmin_samples_leaf = [1,2,3,4,5,6,7,8]", r"a grid of 64"),
        ("[decision_tree", r"cannot be read"),
    ],
)
def test_mistakes_are_named(text: str, complaint: str, tmp_path: Path) -> None:
    """A typo is told with the place and the nearest name there is."""
    file = tmp_path / "spaces.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(ModelError, match=rf"TRN204.*{complaint}"):
        read_search_spaces(file)


@pytest.mark.parametrize("family", NOT_SEARCHED)
def test_what_is_not_proved_cannot_be_searched(family: str) -> None:
    """No parameter stands both among those that may be searched and among those that may not."""
    assert set(NOT_SEARCHED[family]) & set(FAMILIES[family].searchable) == set()


def test_absent_file_is_named(tmp_path: Path) -> None:
    """The path that was given is in the message."""
    with pytest.raises(ModelError, match=r"TRN204.*nowhere\.toml cannot be read"):
        read_search_spaces(tmp_path / "nowhere.toml")
