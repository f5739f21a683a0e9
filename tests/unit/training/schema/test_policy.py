"""The input policy: a ground and a direction for every input, and what may never be asked."""

from __future__ import annotations

import pytest

from features.sql import feature_sql
from training.schema import load_inputs, load_merged
from training.schema.policy import load_moves, load_policy, policy_of


def test_every_input_has_one_policy() -> None:
    """Somebody has thought about each of them: who knows it, and on what ground it is asked."""
    for entry in load_inputs():
        policy = policy_of(entry.name)
        assert policy.ground_fr.endswith(".")
        assert policy.ground_en.endswith(".")


def test_every_row_of_the_policy_covers_an_input() -> None:
    """A row that covers nothing is a misspelt one."""
    used = {policy_of(entry.name).columns for entry in load_inputs()}

    assert {entry.columns for entry in load_policy()} == used


def test_what_is_not_known_has_no_policy() -> None:
    """A column that nobody described cannot be asked for."""
    with pytest.raises(LookupError, match="0 rows for SHOE_SIZE"):
        policy_of("SHOE_SIZE")


@pytest.mark.parametrize(
    "name",
    [
        "WEEKDAY_APPR_PROCESS_START",
        "HOUR_APPR_PROCESS_START",
        "DEF_30_CNT_SOCIAL_CIRCLE",
        "OBS_60_CNT_SOCIAL_CIRCLE",
        "NAME_TYPE_SUITE",
        "CODE_GENDER",
        "NAME_FAMILY_STATUS",
    ],
)
def test_what_may_never_be_asked(name: str) -> None:
    """The moment of the request, other people, and what the law protects."""
    assert not policy_of(name).asked


@pytest.mark.parametrize(
    ("name", "direction"),
    [
        ("EXT_SOURCE_1", -1),
        ("AMT_INCOME_TOTAL", -1),
        ("DAYS_EMPLOYED", 1),
        ("BUREAU_OVERDUE_MAX", 1),
        ("BUREAU_ACTIVE_DEBT_SUM", 1),
        ("BUREAU_BALANCE_LATE_SHARE", 1),
        ("PREVIOUS_REFUSED_SHARE", 1),
        ("PREVIOUS_REFUSED_ASKED_MEAN", 0),
        ("PREVIOUS_DOWN_PAYMENT_RATE_MEAN", -1),
        ("INSTALMENTS_LATE_DAYS_MEAN", 1),
        ("INSTALMENTS_PAID_RATIO", -1),
        ("CARD_UTILISATION_MEAN", 1),
        ("CARD_UTILISATION_TREND", 0),
        ("POS_LATE_SHARE", 1),
        ("DAYS_BIRTH", 0),
        ("AMT_CREDIT", 0),
    ],
)
def test_directions_are_those_a_lender_knows(name: str, direction: int) -> None:
    """Lateness and debt raise the risk, income and scores lower it; of age and of the amount alone nothing is said."""
    assert policy_of(name).direction == direction


def test_amount_at_equal_term_is_a_move() -> None:
    """A larger credit over the same term never helps."""
    assert [(move.inputs, move.direction) for move in load_moves()] == [(("AMT_CREDIT", "AMT_ANNUITY"), 1)]


def test_merged_categories_are_read_as_another_and_cannot_be_sent() -> None:
    """Maternity leave stands for sex, an employer's religion for belief."""
    vocabulary = {entry.name: entry.categories for entry in load_inputs()}
    sql = feature_sql("application")
    for (name, category), read_as in load_merged().items():
        assert category not in vocabulary[name]
        assert read_as in vocabulary[name]
        assert f"CASE WHEN {name} = '{category}' THEN '{read_as}' ELSE {name} END AS {name}" in sql
