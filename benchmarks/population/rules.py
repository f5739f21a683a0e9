"""How many applications break each rule across fields: real ones, and those of the sample population."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.learning.models import REAL_SAMPLE
from benchmarks.population.drawing import drawn_sample
from features.tables import HISTORY_TABLES
from scoring.rules import RuleBook
from training.bundle.contract_policies import contract_rules
from training.features.build import build_features
from training.features.dataset import read_dataset
from training.schema import load_inputs
from training.schema.rules import load_rules
from training.sources import load_sources

if TYPE_CHECKING:
    from collections.abc import Mapping


# Size and seed of the draw.
APPLICATIONS, SEED = 20_000, 1
POPULATIONS = ("train", "test")
# A rule that real applicants break more often is no rule.
MOST_BROKEN = {"impossible": 0.001, "incoherente": 0.01}


@dataclass(slots=True)
class _Count:
    """Applications that give every field of a rule, and those of them that break it."""

    asked: int = 0
    broken: int = 0

    @property
    def rate(self) -> float:
        return self.broken / self.asked if self.asked else 0.0


def measure_rules(
    real: Path = REAL_SAMPLE, *, applications: int = APPLICATIONS, seed: int = SEED
) -> dict[str, Any] | None:
    """Count the real applications and the drawn ones that break each rule; ``None`` without the real tables.

    The real payments of instalments are scattered, not whole histories: the rules that hold for any set of payments
    hold for them too.
    """
    if not real.is_dir():
        return None
    with drawn_sample(applications, seed) as folder:
        return {"real": broken_rules(real), "sample": broken_rules(folder) | {"seed": seed}}


def broken_rules(folder: Path) -> dict[str, Any]:
    """Return what the applications of a folder of tables break, in aggregates alone."""
    counts: dict[str, _Count] = defaultdict(_Count)
    any_broken = dict.fromkeys(MOST_BROKEN, 0)
    n_applications = 0
    with tempfile.TemporaryDirectory() as work:
        sources = load_sources(folder, tables=HISTORY_TABLES, labelled=False)
        table = build_features(sources, Path(work) / "features.parquet")
        for population in POPULATIONS:
            rows = read_dataset(table.path, load_inputs(), population=population).rows
            n_applications += len(rows)
            _count(rows, counts, any_broken)
    return {
        "applications": n_applications,
        "broken_share": {severity: count / n_applications for severity, count in any_broken.items()},
        "forms": _by_form(counts),
    }


def _count(rows: np.ndarray, counts: Mapping[str, _Count], any_broken: dict[str, int]) -> None:
    """Add the applications of some rows, shape ``(n_applications, n_inputs)``."""
    inputs = load_inputs()
    place = {entry.name: index for index, entry in enumerate(inputs)}
    book = RuleBook(contract_rules(place), inputs)
    found, known = book.broken_in(rows.T), ~np.isnan(rows)
    held = {severity: np.zeros(len(rows), bool) for severity in any_broken}
    for rule in book.rules:
        counts[rule.code].asked += int(known[:, [place[name] for name in rule.fields]].all(axis=1).sum())
        counts[rule.code].broken += int(found[rule.code].sum())
        held[rule.severity] |= found[rule.code]
    for severity, broken in held.items():
        any_broken[severity] += int(broken.sum())


def _by_form(counts: Mapping[str, _Count]) -> dict[str, Any]:
    """Return by form of rules the one that is broken most often."""
    codes = defaultdict(list)
    for rule in load_rules():
        codes[rule.form].append(rule.code)
    worst = {
        form: max(of_form, key=lambda code: (counts[code].rate, counts[code].asked)) for form, of_form in codes.items()
    }
    return {
        form: {
            "rules": len(codes[form]),
            "worst": code,
            "asked": counts[code].asked,
            "broken": counts[code].broken,
            "rate": counts[code].rate,
        }
        for form, code in worst.items()
    }
