"""Rules across fields: each row of ``rules.csv``, over every set of inputs that it speaks of.

A row is one rule, or the form of many. ``{1} {2} {3}`` stand for the inputs that the column ``over`` lists, one list a
rule; ``{x}``, ``{w}`` and ``{v}`` are read from the names of the inputs: ``{x}_MEAN{w}`` is every mean, ``{w}`` its
window (``_12M``, ``_LAST3`` or none), and ``{v}`` each window that holds it, itself among them. A form is in the file
only where it is true of the feature SQL by arithmetic; inputs it is not true of are named under ``except``.

Ages are counted in the shortest calendar: 14, 16 and 18 years are 5,110, 5,840 and 6,570 days. The hard bound of
``DAYS_BIRTH``, in ``inputs.csv``, is counted in the longest one: eighteen years hold up to five leap days, so that
6,575 days is the first age at which everybody has come of age, whatever the day of birth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, cast

from scoring.conditions import fields_of
from training.schema import load_inputs
from training.schema.files import rows_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

Severity = Literal["impossible", "incoherente"]

# From the narrowest window to all of the history; a window of months and one of credits do not hold each other.
_NESTED_WINDOWS = (("_3M", "_6M", "_12M", "_24M", ""), ("_LAST1", "_LAST3", "_LAST5", ""))
_WINDOW = r"(?P<w>(?:_\d+M|_LAST\d+)?)"
_NAME = re.compile(r"[A-Z{][A-Z0-9_{}xwv]*[A-Z0-9}]")


@dataclass(frozen=True)
class RuleEntry:
    """One rule: see `scoring.contract.Rule` for the meaning of each column.

    `form` is the code of the row of ``rules.csv``; where that row is the form of many rules, `code` is followed by the
    inputs.
    """

    code: str
    form: str
    severity: Severity
    broken_when: str
    sentence_fr: str
    sentence_en: str

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the inputs that the rule is about."""
        return fields_of(self.broken_when)


@cache
def load_rules() -> tuple[RuleEntry, ...]:
    """Read the rules over all possible inputs.

    Examples
    --------
    >>> load_rules()[0].code
    'emploi_avant_age_de_travail'
    >>> [rule.code for rule in load_rules() if rule.fields == ("BUREAU_CREDIT_MEAN", "BUREAU_CREDIT_MAX")]
    ['moyenne_au_dessus_du_maximum.BUREAU_CREDIT_MEAN.BUREAU_CREDIT_MAX']
    """
    names = [entry.name for entry in load_inputs()]
    return tuple(rule for row in rows_of("rules.csv") for rule in _rules(row, names))


def _rules(row: dict[str, str], names: Collection[str]) -> Iterator[RuleEntry]:
    for broken_when in _conditions(row, names):
        is_form = broken_when != row["broken_when"]
        yield RuleEntry(
            code=".".join([row["code"], *fields_of(broken_when)]) if is_form else row["code"],
            form=row["code"],
            severity=cast("Severity", row["severity"]),
            broken_when=broken_when,
            sentence_fr=row["sentence_fr"],
            sentence_en=row["sentence_en"],
        )


def _conditions(row: dict[str, str], names: Collection[str]) -> Iterator[str]:
    """Yield the conditions that a row stands for."""
    form = row["broken_when"]
    if row["over"]:
        for listed in row["over"].split("; "):
            yield form.format("", *listed.split())
    elif "{" in form:
        excepted = set(row["except"].split())
        for condition in _over_names(form, names):
            if not excepted.intersection(fields_of(condition)):
                yield condition
    else:
        yield form


def _over_names(form: str, names: Collection[str]) -> Iterator[str]:
    """Yield a form over every set of inputs whose names it describes."""
    terms = list(dict.fromkeys(_NAME.findall(form)))
    first = max(terms, key=lambda term: "{w}" in term)
    pattern = re.compile(re.escape(first).replace(r"\{x\}", "(?P<x>.+)").replace(r"\{w\}", _WINDOW))
    for name in names:
        found = pattern.fullmatch(name)
        if found is None:
            continue
        parts = {"x": "", "w": ""} | found.groupdict()
        for wider in _windows_around(parts["w"]) if "{v}" in form else [""]:
            fields = [term.format(**parts, v=wider) for term in terms]
            if len(set(fields)) == len(fields) and all(field in names for field in fields):
                yield form.format(**parts, v=wider)


def _windows_around(window: str) -> list[str]:
    """Return a window and those that hold it, each once.

    >>> _windows_around("_12M")
    ['_12M', '_24M', '']
    """
    around = [one for nested in _NESTED_WINDOWS if window in nested for one in nested[nested.index(window) :]]
    return list(dict.fromkeys(around))
