"""Golden dossiers: raw tables of synthetic applicants with the trainer's answers, to prove a deployment whole.

The answers come from the batch: the function has to find them from the raw rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from features.tables import HISTORY_TABLES
from scoring.coverage import CoverageMeter
from scoring.decision import decide
from scoring.rules import RuleBook
from training.bundle.demo_people import Judged, chosen_people
from training.features.build import build_features
from training.features.dataset import read_dataset
from training.population.drawing.generate import Plan, generate
from training.population.drawing.profile import load_profile
from training.sources import load_sources
from training.sources.database import Workspace
from training.sources.dossiers import dossiers_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scoring.contract import CoveragePolicy, Input, Rule
    from training.features.build import FeatureTable
    from training.selection.pipeline import TrainedModel
    from training.sources.dossiers import Dossier

N_DOSSIERS = 20
# A person reads them, and every deployment is sent them: long ones prove no more.
MOST_RECORDS = 120
# Applicants to choose from, and a seed of their own: nothing is learned from them.
_PLAN = Plan(240, 20_261_130)


@dataclass(frozen=True)
class _Population:
    """A small sample population: dossiers by key and their features, in a folder that goes with this object."""

    dossiers: Mapping[int, Dossier]
    table: FeatureTable
    workspace: Workspace


def golden_dossiers(
    trained: TrainedModel, inputs: Sequence[Input], rules: Sequence[Rule], coverage: CoveragePolicy
) -> list[dict[str, Any]]:
    """Return dossiers that the service judges, from the shortest to the longest, each with the trainer's answer.

    Seven of them are the people that are shown, each with the ``recipe`` that chose it.
    """
    population = _population()
    names = [item.name for item in inputs]
    data = read_dataset(population.table.path, trained.space.inputs)
    keys, rows = data.ids, data.columns(names)
    meter, book = CoverageMeter(inputs, coverage.weights), RuleBook(rules, inputs)
    shares = meter.measure(rows).share
    admitted = [
        place
        for place, row in enumerate(rows)
        if shares[place] >= coverage.floor and _is_admitted(inputs, row) and not book.broken_by(row.tolist())
    ]
    probabilities = trained.default_probability(rows[admitted].reshape(-1, len(names)))
    threshold = trained.threshold.threshold
    accepted = probabilities[probabilities < threshold]
    usual = float(np.median(accepted)) if len(accepted) else threshold
    judged = {
        int(keys[place]): Judged(
            population.dossiers[int(keys[place])], float(probability), threshold, float(shares[place]), usual
        )
        for place, probability in zip(admitted, probabilities, strict=True)
    }
    people = chosen_people({key: one for key, one in judged.items() if _n_records(one.dossier) <= MOST_RECORDS})
    return [_golden(judged[key], people.get(key)) for key in _chosen(judged, people)]


def _golden(one: Judged, recipe: str | None) -> dict[str, Any]:
    """Return a golden dossier, with the recipe that chose it where one did."""
    answer = {
        "dossier": one.dossier,
        "default_probability": one.default_probability,
        "decision": decide(one.default_probability, threshold=one.threshold).value,
    }
    return answer | ({"recipe": recipe} if recipe else {})


def _is_admitted(inputs: Sequence[Input], row: np.ndarray) -> bool:
    """Tell whether a row has what is required, and nothing outside the hard bounds."""
    low = np.array([-np.inf if item.minimum is None else item.minimum for item in inputs])
    high = np.array([np.inf if item.maximum is None else item.maximum for item in inputs])
    required = np.array([item.required for item in inputs])
    return not (np.isnan(row[required]).any() or (row < low).any() or (row > high).any())


def _chosen(judged: Mapping[int, Judged], people: Mapping[int, str]) -> list[int]:
    """Return the keys of the people and of others that are spread evenly by length, the shortest first."""
    length = {key: _n_records(one.dossier) for key, one in judged.items()}
    short = sorted((key for key in length if length[key] <= MOST_RECORDS), key=lambda key: (length[key], key))
    others = [key for key in short if key not in people]
    n_others = min(N_DOSSIERS - len(people), len(others))
    places = np.unique(np.linspace(0, max(len(others) - 1, 0), n_others).astype(int))
    kept = {*people, *(others[place] for place in places)}
    return [key for key in short if key in kept]


def _n_records(dossier: Dossier) -> int:
    return sum(len(dossier[name]) for name in HISTORY_TABLES)


@cache
def _population() -> _Population:
    """Draw the applicants to choose from, once a process."""
    workspace = Workspace()
    generate(load_profile(), _PLAN, workspace.path, "parquet")
    sources = load_sources(workspace.path, tables=HISTORY_TABLES, labelled=False)
    table = build_features(sources, workspace.path / "features.parquet")
    return _Population(dict(dossiers_of(sources)), table, workspace)
