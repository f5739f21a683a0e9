"""Promises of judging: bands, noise and importance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.values import NotApplicable
from monitoring.checks.catalogue import CHECKS
from monitoring.checks.checks import Action, Check, Finding, run_checks
from monitoring.config import PSI_BANDS, Bands, Level, MonitoringConfig, loudest
from monitoring.drift.measure import Drift, WindowFacts
from monitoring.report.wording import ACTIONS, LEVELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring.checks.checks import CheckResult


def judge(findings: Sequence[Finding] | NotApplicable, limit: float | None = None) -> CheckResult:
    """Judge findings by a check with the bands of PSI."""
    check = Check("MON000", "essai", Action.RETRAIN, "psi", lambda _: findings)
    nothing = NotApplicable("essai")
    facts = WindowFacts("w", None, MonitoringConfig().fewest_rows, MonitoringConfig().fewest_rows)
    drift = Drift(facts, facts, (), 0.0, nothing, nothing, nothing)
    limits = {} if limit is None else {"MON000": limit}
    (result,) = run_checks([check], drift, MonitoringConfig(), false_alarm_limits=limits)
    return result


@pytest.mark.parametrize(
    ("value", "level"), [(0.0999, Level.STABLE), (0.1, Level.WATCH), (0.2499, Level.WATCH), (0.25, Level.ALERT)]
)
def test_a_limit_belongs_to_the_louder_band(value: float, level: Level) -> None:
    """The same rule holds for a feature and for a total."""
    assert PSI_BANDS.level(value) is level


@given(st.lists(st.sampled_from(list(Level)), min_size=1))
def test_the_loudest_level_is_one_of_them(levels: list[Level]) -> None:
    """Nothing is louder than its parts, and a stable check is louder than one that could not look."""
    assert loudest(levels) in levels
    assert loudest([Level.NOT_APPLICABLE, Level.STABLE]) is Level.STABLE


def test_the_worst_finding_comes_first_and_decides() -> None:
    """A check is as loud as its loudest finding, and lists those that are not stable."""
    result = judge([Finding("a", 0.05), Finding("b", 0.15), Finding("c", 0.30)])

    assert result.level is Level.ALERT
    assert [finding.subject for finding in result.findings] == ["c", "b"]
    assert result.worst == 0.30
    assert result.action is Action.RETRAIN


def test_noise_is_stable_whatever_its_size() -> None:
    """A value that chance explains raises nothing, and asks for nothing."""
    result = judge([Finding("", 3.0, p_value=0.02)])

    assert result.level is Level.STABLE
    assert result.action is None


def test_p_values_are_corrected_for_every_look() -> None:
    """What would be rare once is common among a hundred looks: the same p-value passes alone and not in company."""
    company = [Finding(str(place), 0.0, p_value=0.9) for place in range(99)]

    assert judge([Finding("a", 3.0, p_value=0.001)]).level is Level.ALERT
    assert judge([Finding("a", 3.0, p_value=0.001), *company]).level is Level.STABLE
    assert judge([Finding("a", 3.0, p_value=0.00001), *company]).findings[0].p_value == pytest.approx(0.001)


def test_a_certain_but_small_effect_is_stable() -> None:
    """With enough rows everything is significant; the effect has to reach its band as well."""
    assert judge([Finding("a", 0.05, p_value=0.0)]).level is Level.STABLE


def test_good_news_is_no_alarm() -> None:
    """More known than before is to be seen; it does not get anybody out of bed."""
    assert judge([Finding("a", 0.30, is_good_news=True)]).level is Level.WATCH


def test_up_to_its_false_alarm_limit_a_check_is_stable() -> None:
    """Up to what the reference shows against itself nothing is said."""
    assert judge([Finding("a", 0.30)], limit=0.30).level is Level.STABLE
    assert judge([Finding("a", 0.30)], limit=0.29).level is Level.ALERT


def test_not_applicable_keeps_its_reason() -> None:
    """What could not be looked at is no zero."""
    result = judge(NotApplicable("pas d’issue"))

    assert (result.level, result.worst, result.reason) == (Level.NOT_APPLICABLE, None, "pas d’issue")


def test_every_check_has_ordered_bands_and_its_own_code() -> None:
    """Codes are unique and watch always comes before alert."""
    bands: list[Bands] = [check.bands(MonitoringConfig()) for check in CHECKS]

    assert len({check.code for check in CHECKS}) == len(CHECKS)
    assert all(item.watch < item.alert for item in bands)


def test_every_level_and_action_has_its_french_words() -> None:
    """A new level or action cannot reach the summary without words."""
    assert set(LEVELS) == set(Level)
    assert set(ACTIONS) == set(Action)
