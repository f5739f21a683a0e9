"""Coded checks: findings against bands, each with what to do; the page docs/monitoring.md tells the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from metrics.significance import adjusted
from metrics.values import NotApplicable
from monitoring.config import Bands, Level, MonitoringConfig, loudest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from monitoring.drift.measure import Drift


class Action(StrEnum):
    """What a check that is not stable asks for."""

    INVESTIGATE_POPULATION = "etudier_la_population"
    INVESTIGATE_FEED = "verifier_le_flux"
    RECALIBRATE = "recalibrer_le_seuil"
    RETRAIN = "reentrainer"
    ROLL_BACK = "revenir_en_arriere"
    ASK_PARTNER = "interroger_le_partenaire"
    ASK_OFFICERS = "revoir_les_decisions_contraires"


@dataclass(frozen=True, slots=True)
class Finding:
    """One value that a check judges.

    Attributes
    ----------
    subject
        Input it is about; empty for the window as a whole.
    importance
        Share of the model's importance that rests on the subject.
    p_value
        Chance of as much without any drift; ``None`` for a fact that chance has no part in.
    is_good_news
        Whether more is known than before, and nothing else has moved: to be seen, never an alarm.
    """

    subject: str
    value: float
    importance: float = 1.0
    p_value: float | None = None
    is_good_news: bool = False


type Findings = Sequence[Finding] | NotApplicable


@dataclass(frozen=True, slots=True)
class Check:
    """A check: which values, which limits, what to do.

    Attributes
    ----------
    code
        Stable identifier, a section of ``docs/monitoring.md``.
    title
        French name.
    limits
        Field of `MonitoringConfig` that holds its bands.
    as_share
        Whether the value is read as a percentage.
    is_fact
        Whether it states what is there, whatever the size of the window, and chance has no part in it.
    """

    code: str
    title: str
    action: Action
    limits: str
    findings: Callable[[Drift], Findings]
    as_share: bool = False
    is_fact: bool = False

    def bands(self, config: MonitoringConfig) -> Bands:
        """Return the limits of its levels."""
        bands: Bands = getattr(config, self.limits)
        return bands


@dataclass(frozen=True, slots=True)
class JudgedFinding:
    """A finding with its level.

    Attributes
    ----------
    p_value
        Corrected for every look of the report; ``None`` for a fact.
    """

    subject: str
    value: float
    level: Level
    p_value: float | None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check says of a drift.

    Attributes
    ----------
    worst
        The largest value; ``None`` where the check is not applicable.
    findings
        Those that are not stable, the worst first.
    reason
        Why the check is not applicable; empty otherwise.
    false_alarm_limit
        Largest value of the reference against itself, where that was measured: up to it the check is stable.
    """

    code: str
    title: str
    level: Level
    bands: Bands
    as_share: bool
    worst: float | None
    findings: tuple[JudgedFinding, ...]
    action: Action | None
    reason: str
    false_alarm_limit: float | None = None


def run_checks(
    checks: Sequence[Check],
    drift: Drift,
    config: MonitoringConfig,
    *,
    false_alarm_limits: Mapping[str, float] | None = None,
    subject_limits: Mapping[str, Mapping[str, float]] | None = None,
) -> tuple[CheckResult, ...]:
    """Judge a drift by every check, in their order, the p-values of all of them corrected together.

    Parameters
    ----------
    false_alarm_limits
        By code, the largest value that the reference shows against itself (`monitoring.checks.false_alarms`).
    subject_limits
        By code and subject, the same where it is known of each; it goes before the limit of the check.
    """
    few = _too_few(drift, config)
    found = [few if few and not check.is_fact else check.findings(drift) for check in checks]
    limits, by_subject = false_alarm_limits or {}, subject_limits or {}
    return tuple(
        _judge(
            check,
            findings,
            config,
            false_alarm_limit=limits.get(check.code),
            subject_limits=by_subject.get(check.code, {}),
        )
        for check, findings in zip(checks, _corrected(found), strict=True)
    )


def overall_level(results: Sequence[CheckResult]) -> Level:
    """Return the loudest level of all checks."""
    return loudest([result.level for result in results])


def _corrected(found: Sequence[Findings]) -> list[Findings]:
    """Return the findings with p-values corrected for their number."""
    tested = [
        item
        for findings in found
        if not isinstance(findings, NotApplicable)
        for item in findings
        if item.p_value is not None
    ]
    corrected = iter(adjusted([item.p_value for item in tested if item.p_value is not None]))
    return [
        findings
        if isinstance(findings, NotApplicable)
        else [item if item.p_value is None else replace(item, p_value=next(corrected)) for item in findings]
        for findings in found
    ]


def _too_few(drift: Drift, config: MonitoringConfig) -> NotApplicable | None:
    for name, window in (("de référence", drift.reference), ("courante", drift.current)):
        if window.n_effective < config.fewest_rows:
            return NotApplicable(
                f"la fenêtre {name} ne compte que {window.n_effective:.0f} demandes, "
                f"il en faut {config.fewest_rows} pour juger d’un écart"
            )
    return None


def _judge(
    check: Check,
    findings: Findings,
    config: MonitoringConfig,
    *,
    false_alarm_limit: float | None,
    subject_limits: Mapping[str, float],
) -> CheckResult:
    bands = check.bands(config)
    if isinstance(findings, NotApplicable):
        return CheckResult(
            check.code, check.title, Level.NOT_APPLICABLE, bands, check.as_share, None, (), None, findings.reason
        )
    judged = [
        JudgedFinding(
            item.subject,
            item.value,
            _level(item, bands, config, subject_limits.get(item.subject, false_alarm_limit)),
            item.p_value,
        )
        for item in findings
    ]
    level = loudest([item.level for item in judged])
    moved = sorted((item for item in judged if item.level is not Level.STABLE), key=lambda item: -item.value)
    return CheckResult(
        code=check.code,
        title=check.title,
        level=level,
        bands=bands,
        as_share=check.as_share,
        worst=max(item.value for item in findings),
        findings=tuple(moved),
        action=None if level is Level.STABLE else check.action,
        reason="",
        false_alarm_limit=false_alarm_limit,
    )


def _level(finding: Finding, bands: Bands, config: MonitoringConfig, false_alarm_limit: float | None) -> Level:
    if finding.p_value is not None and finding.p_value >= config.false_alarm_rate:
        return Level.STABLE
    if false_alarm_limit is not None and finding.value <= false_alarm_limit:
        return Level.STABLE
    level = bands.level(finding.value)
    quieter = finding.is_good_news or finding.importance < config.important_share
    return Level.WATCH if level is Level.ALERT and quieter else level
