"""The page's own words, in French and in English; what the contract and the API say comes from them.

Sentences stand in ``locales/fr.toml`` and ``locales/en.toml``, under the same keys.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from frontend.wording.numerals import (
    ENGLISH,
    FRENCH,
    NOT_APPLICABLE,
    Marks,
    read_number,
    say_fixed,
    say_interval,
    say_number,
    say_percent,
    say_quantity,
    say_signed,
    telling_decimals,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

type Language = Literal["fr", "en"]

LANGUAGES: Final[tuple[Language, ...]] = ("fr", "en")
LOCALES = Path(__file__).with_name("locales")
_MARKS: Final[dict[str, Marks]] = {"fr": FRENCH, "en": ENGLISH}


@dataclass(frozen=True, slots=True)
class Words:
    """What the page says in one language.

    >>> words_of("fr")("tab.decision"), words_of("en")("tab.decision")
    ('Décision', 'Decision')
    """

    language: Language
    catalog: Mapping[str, str]
    marks: Marks

    def __call__(self, key: str, **values: object) -> str:
        """Return a sentence with its values put in."""
        return self.catalog[key].format(**values)

    def counted(self, key: str, n: int, **values: object) -> str:
        """Return the sentence for one of something, or for several."""
        return self(f"{key}.{'one' if n == 1 else 'many'}", n=self.number(n), **values)

    def known(self, key: str, otherwise: str) -> str:
        """Return a sentence, or `otherwise` for a name that this page has not met."""
        return self.catalog.get(key, otherwise)

    def pair(self, name: str, value: str) -> str:
        """Return a name and its value, with the colon as the language sets it."""
        return self("page.pair", name=name, value=value)

    def of(self, text: Mapping[str, Any]) -> str:
        """Return a text of the contract, which has both languages."""
        return str(text[self.language])

    def number(self, number: float, decimals: int = 0) -> str:
        """Return a number without needless decimals."""
        return say_number(number, decimals, self.marks)

    def fixed(self, number: float, decimals: int) -> str:
        """Return a number with all its decimals."""
        return say_fixed(number, decimals, self.marks)

    def signed(self, number: float, decimals: int) -> str:
        """Return a difference with its sign."""
        return say_signed(number, decimals, self.marks)

    def quantity(self, number: float, decimals: int, unit: str) -> str:
        """Return a number and its unit."""
        return say_quantity(number, decimals, unit, self.marks)

    def percent(self, share: float, decimals: int = 1) -> str:
        """Return a share of one as a percentage."""
        return say_percent(share, decimals, self.marks)

    def percents_apart(self, first: float, second: float) -> tuple[str, str]:
        """Return two shares as percentages, with decimals enough to see that they differ."""
        decimals = telling_decimals(first, second)
        return self.percent(first, decimals), self.percent(second, decimals)

    def rate(self, share: float | None) -> str:
        """Return a share of some applications as a percentage, a dash where there are none of them."""
        return NOT_APPLICABLE if share is None else self.percent(share)

    def fixed_interval(self, low: float, high: float, decimals: int) -> str:
        """Return an interval of numbers with all their decimals."""
        return say_interval(self.fixed(low, decimals), self.fixed(high, decimals))

    def percent_interval(self, low: float, high: float) -> str:
        """Return an interval of shares as percentages."""
        return say_interval(self.percent(low), self.percent(high))

    def read(self, text: str) -> float | None:
        """Return the number somebody wrote in this language."""
        return read_number(text, self.marks)


@cache
def words_of(language: Language) -> Words:
    """Return the words of a language."""
    content = tomllib.loads((LOCALES / f"{language}.toml").read_text(encoding="utf-8"))
    return Words(language, dict(_flattened(content)), _MARKS[language])


def _flattened(content: Mapping[str, Any], path: str = "") -> list[tuple[str, str]]:
    """Return every sentence with its key: the names of its tables and its own, joined by dots."""
    pairs: list[tuple[str, str]] = []
    for name, value in content.items():
        key = f"{path}{name}"
        pairs += _flattened(value, f"{key}.") if isinstance(value, dict) else [(key, str(value))]
    return pairs
