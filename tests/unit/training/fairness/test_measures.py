"""Figures by group: right, with intervals, and silent about groups too small to be compared."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from training.fairness.groups import AGE_BAND, Grouping
from training.fairness.measures import Decided, audit_attribute

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from fairlearn.metrics import MetricFrame, false_positive_rate, selection_rate

SIZE = 4_000


@pytest.fixture(scope="module")
def decided() -> Decided:
    """Return applications whose answers are their true probabilities."""
    generator = np.random.default_rng(0)
    probability = generator.beta(1, 9, SIZE)
    return Decided(probability, (generator.random(SIZE) < probability).astype(int), 1 / 11)


def a_grouping(*shares: float, seed: int = 1) -> Grouping:
    """Return a grouping drawn at random."""
    names = tuple("abcdef"[: len(shares)])
    return Grouping("CODE_GENDER", "Sexe", names, np.random.default_rng(seed).choice(len(shares), SIZE, p=shares))


def test_figures_are_those_of_fairlearn(decided: Decided) -> None:
    """Refusal and false-refusal rates by group equal fairlearn's selection and false-positive rates."""
    grouping = a_grouping(0.5, 0.3, 0.2)
    audit = audit_attribute(decided, grouping, seed=0, resamples=20)
    refused = (decided.default_probability >= decided.threshold).astype(int)
    frame = MetricFrame(
        metrics={"refusal": selection_rate, "false_refusal": false_positive_rate},
        y_true=decided.default,
        y_pred=refused,
        sensitive_features=[grouping.groups[code] for code in grouping.codes],
    )

    assert [one.refusal_rate.value for one in audit.groups] == pytest.approx(frame.by_group["refusal"].tolist())
    assert [one.false_refusal_rate.value for one in audit.groups] == pytest.approx(
        frame.by_group["false_refusal"].tolist()
    )


def test_distances_are_those_of_fairlearn(decided: Decided) -> None:
    """The false-refusal difference equals fairlearn's difference between groups."""
    grouping = a_grouping(0.6, 0.4)
    frame = MetricFrame(
        metrics=false_positive_rate,
        y_true=decided.default,
        y_pred=(decided.default_probability >= decided.threshold).astype(int),
        sensitive_features=grouping.codes,
    )
    distance = audit_attribute(decided, grouping, seed=0, resamples=20).false_refusal_difference

    assert distance is not None
    assert distance.value == pytest.approx(frame.difference())


def test_intervals_hold_the_figure(decided: Decided) -> None:
    """Each interval lies around its figure."""
    audit = audit_attribute(decided, a_grouping(0.7, 0.3), seed=0)

    assert all(one.low <= one.value <= one.high for group in audit.groups for one in (group.cost, group.refusal_rate))


def test_calibrated_answers_have_no_gap(decided: Decided) -> None:
    """True probabilities leave no calibration gap beyond chance in groups drawn at random."""
    for group in audit_attribute(decided, a_grouping(0.5, 0.5), seed=0).groups:
        assert group.calibration_gap.low <= 0 <= group.calibration_gap.high


def test_a_small_group_is_shown_and_not_compared(decided: Decided) -> None:
    """A group with a handful of defaults moves no distance."""
    audit = audit_attribute(decided, a_grouping(0.6, 0.39, 0.01), seed=0, resamples=20)

    assert [group.judged for group in audit.groups] == [True, True, False]
    assert len(audit.judged) == 2


def test_one_group_has_no_distances(decided: Decided) -> None:
    """Where there is nothing to compare, nothing is claimed."""
    audit = audit_attribute(decided, a_grouping(1.0), seed=0, resamples=5)

    assert (audit.acceptance_ratio, audit.cost_difference) == (None, None)


def test_a_group_refused_more_often_lowers_the_ratio(decided: Decided) -> None:
    """Groups cut by the answer itself are far apart, and the figures say so."""
    codes = (decided.default_probability >= 0.1).astype(int)
    audit = audit_attribute(decided, Grouping(AGE_BAND, "Âge", ("low", "high"), codes), seed=0, resamples=20)

    assert audit.acceptance_ratio is not None
    assert audit.acceptance_ratio.high < 0.1
