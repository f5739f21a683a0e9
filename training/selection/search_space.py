"""Search spaces: what a file may ask the searches to try, checked before anything is trained."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

from training.compiler.unproved import NOT_SEARCHED
from training.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

type Setting = float | int | str

DEFAULT_SPACES = Path(__file__).with_name("search_spaces.toml")
LARGEST_GRID = 60
_RANGE_KEYS = {"low", "high", "log"}
# What of each family may be searched, in its library's own names. Depth is bounded where the export needs it.
PARAMETERS: dict[str, frozenset[str]] = {
    "logistic_regression": frozenset({"C"}),
    "decision_tree": frozenset(DecisionTreeClassifier().get_params()) - {"random_state", "class_weight"},
    "random_forest": frozenset(RandomForestClassifier().get_params()) - {"random_state", "class_weight", "n_jobs"},
    "xgboost": frozenset(
        {
            "n_trees",
            "learning_rate",
            "max_depth",
            "max_leaves",
            "min_child_weight",
            "gamma",
            "subsample",
            "colsample_bytree",
            "colsample_bylevel",
            "colsample_bynode",
            "reg_alpha",
            "reg_lambda",
            "max_delta_step",
            "max_bin",
        }
    ),
    "lightgbm": frozenset(
        {
            "n_trees",
            "learning_rate",
            "max_depth",
            "num_leaves",
            "min_data_in_leaf",
            "min_sum_hessian_in_leaf",
            "feature_fraction",
            "feature_fraction_bynode",
            "bagging_fraction",
            "bagging_freq",
            "lambda_l1",
            "lambda_l2",
            "min_gain_to_split",
            "path_smooth",
            "extra_trees",
            "max_bin",
        }
    ),
}


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from `low` to `high`, ends included, whole where both ends are; `log` makes ratios equally likely."""

    low: float
    high: float
    log: bool = False

    @property
    def is_whole(self) -> bool:
        """Say whether whole numbers are meant."""
        return isinstance(self.low, int) and isinstance(self.high, int)

    def holds(self, value: Setting) -> bool:
        """Say whether a number lies within."""
        return not isinstance(value, str) and self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class SearchSpace:
    """What is tried of one family.

    Attributes
    ----------
    values
        Parameters tried value by value.
    ranges
        Parameters searched within; without any the space is a grid.
    """

    values: Mapping[str, tuple[Setting, ...]]
    ranges: Mapping[str, Range]

    @property
    def is_grid(self) -> bool:
        """Say whether every combination can be tried."""
        return not self.ranges


def load_search_spaces(path: Path = DEFAULT_SPACES) -> dict[str, SearchSpace]:
    """Read the search space of each family that a file names.

    Raises
    ------
    ModelError
        ``TRN204`` when the file cannot be read, or names what there is not.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ModelError("TRN204", f"the search space {path} cannot be read ({error})") from error
    return {family: _space(str(path), family, entries) for family, entries in content.items()}


def _space(where: str, family: str, entries: object) -> SearchSpace:
    _known(where, "family", family, PARAMETERS)
    if not isinstance(entries, dict) or not entries:
        message = f"{where}: {family} holds nothing; write [{family}] and one line a parameter"
        raise ModelError("TRN204", message)
    for name in entries:
        if reason := NOT_SEARCHED.get(family, {}).get(name):
            raise ModelError("TRN204", f"{where}: {family}.{name} cannot be searched: {reason}")
        _known(f"{where}: {family}", "parameter", name, PARAMETERS[family])
    lists = {name: entry for name, entry in entries.items() if isinstance(entry, list)}
    values = {name: _values(f"{where}: {family}.{name}", entry) for name, entry in lists.items()}
    ranges = {name: _range(f"{where}: {family}.{name}", entries[name]) for name in entries if name not in lists}
    size = prod(len(one) for one in values.values())
    if not ranges and size > LARGEST_GRID:
        raise ModelError("TRN204", f"{where}: {family} is a grid of {size}; at most {LARGEST_GRID} are tried")
    return SearchSpace(values, ranges)


def _known(where: str, kind: str, name: str, allowed: Collection[str]) -> None:
    if name in allowed:
        return
    near = difflib.get_close_matches(name, allowed, n=1)
    hint = f"; did you mean {near[0]}?" if near else f"; known are {', '.join(sorted(allowed))}"
    raise ModelError("TRN204", f"{where}: there is no {kind} {name!r}{hint}")


def _values(where: str, values: list[Any]) -> tuple[Setting, ...]:
    if not values or not all(isinstance(value, int | float | str) for value in values):
        raise ModelError("TRN204", f"{where}: a list holds at least one value, numbers or texts")
    return tuple(values)


def _range(where: str, entry: object) -> Range:
    if not isinstance(entry, dict) or not {"low", "high"} <= set(entry) <= _RANGE_KEYS:
        raise ModelError("TRN204", f"{where}: write a list of values, or {{ low = …, high = …, log = true }}")
    low, high, log = entry["low"], entry["high"], entry.get("log", False)
    numbers = all(isinstance(end, int | float) and not isinstance(end, bool) for end in (low, high))
    if not numbers or not isinstance(log, bool):
        raise ModelError("TRN204", f"{where}: low and high are numbers, log is true or false")
    if not low < high or (log and low <= 0):
        raise ModelError("TRN204", f"{where}: low must be below high, and above 0 where log is true")
    return Range(low, high, log)
