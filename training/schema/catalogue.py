"""The catalogue of reasons: themes, what is said of each reason, and which features are told by it."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Final

from scoring.contract import Motive, Text, Theme, ThemeGroup
from training.errors import ModelError
from training.schema.files import rows_of

# How a column is named that says whether an input is missing.
MISSING: Final = "_MISSING"


@dataclass(frozen=True)
class MotiveEntry:
    """One reason, and the names or patterns of the features that are told by it."""

    motive: Motive
    covers: tuple[str, ...]


@cache
def load_theme_groups() -> tuple[ThemeGroup, ...]:
    """Read what themes merge into.

    Examples
    --------
    >>> [group.code for group in load_theme_groups()]
    ['autres_organismes', 'capacite', 'historique', 'situation']
    """
    return tuple(ThemeGroup(code=row["code"], label=_text(row, "label")) for row in rows_of("theme_groups.csv"))


@cache
def load_themes() -> tuple[Theme, ...]:
    """Read what reasons are summed by.

    Examples
    --------
    >>> load_themes()[0].code
    'scores_externes'
    """
    return tuple(
        Theme(code=row["code"], group=row["group"], general=row["general"], label=_text(row, "label"))
        for row in rows_of("themes.csv")
    )


@cache
def load_motives() -> tuple[MotiveEntry, ...]:
    """Read the reasons.

    Examples
    --------
    >>> load_motives()[1].motive.code, load_motives()[1].covers[0]
    ('R101', 'EXT_SOURCE_1')
    """
    return tuple(_motive(row) for row in rows_of("motives.csv"))


@cache
def motive_of(feature: str) -> str:
    """Return the code of the reason that tells a feature: the one with its name, or with the longest pattern.

    What says that an input is missing is told as that input, where no name or pattern is for such columns.

    Raises
    ------
    ModelError
        ``TRN210`` when none matches, or equally long ones of different reasons.

    Examples
    --------
    >>> motive_of("EXT_SOURCE_2"), motive_of("BUREAU_CARD_COUNT"), motive_of("BUREAU_OVERDUE_SUM")
    ('R101', 'R403', 'R401')
    >>> motive_of("EXT_SOURCE_2_MISSING"), motive_of("OWN_CAR_AGE_MISSING")
    ('R104', 'R605')
    """
    if feature.endswith(MISSING):
        own = [(pattern, code) for pattern, code in _covers() if pattern.endswith(MISSING)]
        return _longest_match(feature, own) or motive_of(feature.removesuffix(MISSING))
    code = _longest_match(feature, _covers())
    if code is None:
        raise ModelError("TRN210", f"{feature} is in no reason of motives.csv; name it in the `covers` of one")
    return code


def _covers() -> list[tuple[str, str]]:
    return [(pattern, entry.motive.code) for entry in load_motives() for pattern in entry.covers]


def _longest_match(feature: str, covers: list[tuple[str, str]]) -> str | None:
    """Return the code of the best match, a whole name before any pattern."""
    found = [(pattern == feature, len(pattern), code) for pattern, code in covers if fnmatchcase(feature, pattern)]
    best = max((one[:2] for one in found), default=None)
    codes = sorted({code for *rank, code in found if tuple(rank) == best})
    if len(codes) > 1:
        raise ModelError("TRN210", f"{feature} is in reasons {' and '.join(codes)} of motives.csv; name it in one")
    return codes[0] if codes else None


def _motive(row: dict[str, str]) -> MotiveEntry:
    texts = {part: _text(row, part) for part in ("label", "adverse", "favourable", "better")}
    harmless = float(row["harmless"]) if row["harmless"] else None
    motive = Motive(code=row["code"], theme=row["theme"], harmless=harmless, **texts)
    return MotiveEntry(motive, tuple(row["covers"].split()))


def _text(row: dict[str, str], part: str) -> Text:
    return Text(fr=row[f"{part}_fr"], en=row[f"{part}_en"])
