"""What groups of features bring: on a sample population with histories, and on real applications alone."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.learning.ablation import figures_beside
from benchmarks.learning.alike import with_difference_to_group, with_neighbours
from benchmarks.learning.ideas import developments_with_ideas, further_input
from benchmarks.learning.models import REAL_SAMPLE, SEED, development_of
from tests.oracle.simple_features import simple_features
from training.candidates.gradient_boosting import LIGHTGBM, SHORT
from training.commands.arguments import DEFAULT_CACHE
from training.features.feature_space import FeatureSpace
from training.features.learning_data import read_learning_data
from training.population.drawing.generate import Plan, generate
from training.population.drawing.profile import load_profile
from training.schema import load_inputs
from training.selection.assessments import assess
from training.selection.splits import split_applications

if TYPE_CHECKING:
    from collections.abc import Iterator

    from training.candidates import Candidate
    from training.features.learning_data import LearningData

APPLICATIONS = 20_000
# Ideas of public solutions, each a group of what the dictionary holds.
GROUPS: dict[str, tuple[str, ...]] = {
    "how much is known": (
        "BUREAU_ACTIVE_DEBT_KNOWN_SHARE",
        "BUREAU_ACTIVE_ANNUITY_KNOWN_SHARE",
        "BUREAU_FOREIGN_SHARE",
        "PREVIOUS_REPEATED_COUNT",
    ),
    "types of running credit elsewhere": (
        "BUREAU_ACTIVE_CARD_DEBT_SUM",
        "BUREAU_ACTIVE_CARD_DEBT_RATIO",
        "BUREAU_ACTIVE_CONSUMER_DEBT_RATIO",
        "BUREAU_ACTIVE_CAR_DEBT_SUM",
        "BUREAU_ACTIVE_MICROLOAN_COUNT",
        "BUREAU_ACTIVE_MICROLOAN_DEBT_SUM",
        "BUREAU_ACTIVE_OVERDUE_COUNT",
        "BUREAU_ACTIVE_MONTHLY_DEBT_SUM",
        "BUREAU_BALANCE_ACTIVE_LATE_SHARE",
        "BUREAU_BALANCE_ACTIVE_STATUS_MEAN_12M",
        "BUREAU_BALANCE_ENDED_LATE_SHARE",
        "POS_ACTIVE_PAST_DUE_SHARE",
    ),
    "further windows": (
        "BUREAU_CREDITS_COUNT_6M",
        "BUREAU_CREDITS_COUNT_36M",
        "BUREAU_DEBT_SUM_6M",
        "BUREAU_CREDIT_SUM_36M",
        "BUREAU_DEBT_RATIO_24M",
        "BUREAU_BALANCE_LATE_SHARE_6M",
    ),
    "recent weighing more": (
        "BUREAU_ACTIVE_WEIGHTED_SHARE",
        "BUREAU_BALANCE_STATUS_WEIGHTED_MEAN",
        "PREVIOUS_REFUSED_WEIGHTED_SHARE",
        "POS_LATE_DAYS_WEIGHTED_MEAN",
        "INSTALMENTS_LATE_DAYS_WEIGHTED_MEAN",
    ),
    "rates of interest": (
        "PREVIOUS_RATE_MEAN",
        "PREVIOUS_RATE_MAX",
        "PREVIOUS_RATE_MEAN_LAST1",
        "PREVIOUS_RATE_MEAN_LAST3",
        "PREVIOUS_CASH_RATE_MEAN",
        "PREVIOUS_CONSUMER_RATE_MEAN",
    ),
    "ways of sale, reasons of refusal": (
        "PREVIOUS_CASH_REFUSED_SHARE",
        "PREVIOUS_CONSUMER_REFUSED_SHARE",
        "PREVIOUS_CASH_APPROVED_CREDIT_MEAN",
        "PREVIOUS_CONSUMER_APPROVED_CREDIT_MEAN",
        "PREVIOUS_REFUSED_LIMIT_COUNT",
        "PREVIOUS_REFUSED_FRAUD_SCORE_COUNT",
        "PREVIOUS_REFUSED_SCORE_COUNT_24M",
        "PREVIOUS_CONNECTIVITY_SHARE",
        "PREVIOUS_CONNECTIVITY_SHARE_LAST3",
        "PREVIOUS_STREET_SHARE",
        "PREVIOUS_WITHOUT_INTEREST_SHARE",
        "PREVIOUS_AGENT_SHARE",
        "PREVIOUS_NEW_CLIENT_SHARE_LAST3",
        "PREVIOUS_REFRESHED_CLIENT_SHARE",
    ),
    "means of single credits": (
        "BUREAU_LARGEST_OVERDUE_MEAN",
        "PREVIOUS_DAYS_DECISION_MEAN",
        "PREVIOUS_ASKED_TO_GRANTED_MEAN",
        "PREVIOUS_DOWN_PAYMENT_MEAN",
    ),
    "ends before their time": ("BUREAU_CLOSED_EARLY_DAYS_MEAN", "PREVIOUS_ENDED_EARLY_DAYS_MEAN"),
    "delays of instalments": (
        "INSTALMENTS_DELAY_MIN_LAST1",
        "INSTALMENTS_DELAY_MAX_LAST1",
        "INSTALMENTS_DELAY_STD_LAST1",
        "INSTALMENTS_DELAY_SLOPE_12M",
        "INSTALMENTS_DELAY_SLOPE_24M",
        "INSTALMENTS_LATE_CREDITS_COUNT",
        "INSTALMENTS_LATE_CREDITS_DUE_MEAN",
    ),
    "what was paid": (
        "INSTALMENTS_PAID_MAX",
        "INSTALMENTS_OVERPAID_SHARE",
        "INSTALMENTS_OVERPAID_RATIO",
        "INSTALMENTS_RUNNING_PAID_RATIO",
        "INSTALMENTS_RUNNING_LEFT_SUM",
        "CARD_DRAWINGS_TO_LIMIT_RATIO",
        "CARD_DRAWINGS_TO_LIMIT_RATIO_6M",
        "CARD_CASH_TO_LIMIT_RATIO_6M",
    ),
}
# Derivations of what the application itself says.
OF_THE_APPLICATION = (
    "EXT_SOURCE_WEIGHTED_MEAN",
    "CREDIT_TO_EXT_SOURCE_RATIO",
    "ANNUITY_TO_EXT_SOURCE_RATIO",
)
_NEAR = ("EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3", "CREDIT_TO_ANNUITY_RATIO")
_ALIKE = ("NAME_EDUCATION_TYPE", "OCCUPATION_TYPE", "DAYS_BIRTH")
_COMPARED = ("EXT_SOURCE_MEAN", "AMT_INCOME_TOTAL", "AMT_CREDIT", "AMT_ANNUITY")


def measure_feature_groups(applications: int = APPLICATIONS, folder: Path = REAL_SAMPLE) -> dict[str, Any]:
    """Judge each group beside the features without any of them, same model, same folds, paired."""
    with tempfile.TemporaryDirectory() as work:
        generate(load_profile(), Plan(applications, SEED), Path(work), "parquet")
        learning = read_learning_data(Path(work), DEFAULT_CACHE)
        sample = _beside(learning, list(_group_spaces(learning.space)))
        kernel = _beside_the_kernel(learning, Path(work))
        ideas = _with_further_ideas(learning, Path(work))
    return {
        "sample_population": sample,
        "simple_features_kernel": kernel,
        "further_ideas": ideas,
        "real_applications": _on_real_applications(folder),
    }


def _group_spaces(space: FeatureSpace) -> Iterator[tuple[Candidate, FeatureSpace]]:
    """Yield the features without groups, with each group, and with all of them."""
    grouped = {name for names in GROUPS.values() for name in names}
    plain = [name for name in space.input_names if name not in grouped]
    yield _candidate("without"), _without(space.restricted_to(plain), OF_THE_APPLICATION)
    for group, names in GROUPS.items():
        yield _candidate(group), _without(space.restricted_to([*plain, *names]), OF_THE_APPLICATION)
    yield _candidate("all groups"), space


def _beside_the_kernel(learning: LearningData, folder: Path) -> dict[str, Any]:
    """Judge ours beside the columns of the public kernel, what may not be asked left out on both sides."""
    ours = development_of(learning, learning.space)
    columns = simple_features(folder).loc[learning.applications.ids]
    forbidden = tuple(entry.name for entry in load_inputs() if entry.protected or not entry.policy.asked)
    kept = [name for name in map(str, columns) if not name.startswith((*forbidden, "TARGET"))]
    entries = [further_input(learning.space.inputs[0], f"KERNEL_{n}") for n in range(len(kept))]
    rows = columns[kept].to_numpy(float)[split_applications(learning.applications.default, seed=SEED).development]
    theirs = ours.with_rows(np.ascontiguousarray(rows), FeatureSpace.over(entries, ()))
    base = assess(_candidate("simple features kernel"), theirs, attributed_rows=0)
    own = assess(_candidate("ours"), ours, attributed_rows=0)
    return {one.candidate.name: figures_beside(one, base) for one in (base, own)}


def _with_further_ideas(learning: LearningData, folder: Path) -> dict[str, Any]:
    """Judge all features with each idea that the dictionary does not have."""
    ours = development_of(learning, learning.space)
    ids = learning.applications.ids[split_applications(learning.applications.default, seed=SEED).development]
    base = assess(_candidate("without"), ours, attributed_rows=0)
    figures = {"without": figures_beside(base, base)}
    for name, development in developments_with_ideas(ours, ids, folder):
        figures[name] = figures_beside(assess(_candidate(name), development, attributed_rows=0), base)
    return figures


def _on_real_applications(folder: Path) -> dict[str, Any] | None:
    """Judge what is made of the application alone; ``None`` without the data."""
    if not folder.is_dir():
        return None
    learning = read_learning_data(folder, DEFAULT_CACHE, tables=())
    plain = _without(learning.space, OF_THE_APPLICATION)
    base, names = _candidate("without"), plain.feature_names
    difference = with_difference_to_group(_candidate("difference to applicants alike"), names, _ALIKE, _COMPARED)
    return _beside(
        learning,
        [
            (base, plain),
            (_candidate("derivations of the application"), learning.space),
            (difference, plain),
            (with_neighbours(_candidate("default rate of 500 neighbours"), names, _NEAR), plain),
        ],
    )


def _without(space: FeatureSpace, names: tuple[str, ...]) -> FeatureSpace:
    return replace(space, derived=tuple(entry for entry in space.derived if entry.name not in names))


def _candidate(name: str) -> Candidate:
    return LIGHTGBM.candidate(SHORT, seed=SEED, name=name)


def _beside(learning: LearningData, judged: list[tuple[Candidate, FeatureSpace]]) -> dict[str, Any]:
    """Return the figures of each candidate and its paired differences to the first; below zero is better."""
    assessed = [assess(one, development_of(learning, space), attributed_rows=0) for one, space in judged]
    return {one.candidate.name: figures_beside(one, assessed[0]) for one in assessed}
