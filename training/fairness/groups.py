"""Which group an application belongs to, by each audited attribute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scoring.numerals import DAYS_A_YEAR
from training.schema import load_inputs

if TYPE_CHECKING:
    import pyarrow as pa

AGE = "DAYS_BIRTH"
AGE_BAND = "AGE_BAND"
# Lower ends of the bands, in years; the first band is everybody younger.
AGE_ENDS = (25, 35, 45, 55, 65)
UNKNOWN = "?"
_FRENCH = {
    "F": "femmes",
    "M": "hommes",
    "Married": "mariés",
    "Single / not married": "célibataires",
    "Civil marriage": "union libre",
    "Separated": "séparés",
    "Widow": "veufs",
    UNKNOWN: "non renseigné",
}


@dataclass(frozen=True, slots=True)
class Grouping:
    """One attribute of some applications.

    Attributes
    ----------
    groups
        Names of the groups, in the order of the codes.
    codes
        The group of each application, shape ``(n_applications,)``.
    """

    attribute: str
    label: str
    groups: tuple[str, ...]
    codes: np.ndarray

    def of(self, rows: np.ndarray) -> Grouping:
        """Return the grouping of some of the applications."""
        return Grouping(self.attribute, self.label, self.groups, self.codes[rows])


def say_group(group: str) -> str:
    """Return the French name of a group.

    >>> say_group("F"), say_group("25-34")
    ('femmes', '25-34 ans')
    """
    return _FRENCH.get(group, f"{group} ans" if group[:1].isdigit() or group.startswith("<") else group)


def groupings(content: pa.Table) -> list[Grouping]:
    """Return the groupings that a feature table allows: each protected category it holds, and the age band."""
    stored = set(content.column_names)
    found = [
        _by_category(entry.name, entry.label_fr, content.column(entry.name).to_pylist())
        for entry in load_inputs()
        if entry.protected and entry.name in stored
    ]
    return [*found, _by_age(content.column(AGE).to_numpy())] if AGE in stored else found


def _by_category(name: str, label: str, values: list[str | None]) -> Grouping:
    groups, codes = np.unique([UNKNOWN if value is None else value for value in values], return_inverse=True)
    return Grouping(name, label, tuple(groups.tolist()), codes)


def _by_age(days: np.ndarray) -> Grouping:
    lows, highs = (None, *AGE_ENDS), (*AGE_ENDS, None)
    codes = np.digitize(-days.astype(float) / DAYS_A_YEAR, AGE_ENDS)
    names = [_band(low, high) for low, high in zip(lows, highs, strict=True)]
    return Grouping(AGE_BAND, "Tranche d’âge", tuple(names), codes)


def _band(low: int | None, high: int | None) -> str:
    if low is None:
        return f"<{high}"
    return f"{low}-{high - 1}" if high else f"{low}+"
