"""Coded checks: findings against bands, each with what to do; the page docs/monitoring.md tells the rest."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from monitoring.config import Bands, Level, MonitoringConfig, loudest
from monitoring.figures import NotApplicable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from monitoring.drift import Drift


class Action(StrEnum):
    """What a check that is not stable asks for."""

    INVESTIGATE_POPULATION = "etudier_la_population"
    INVESTIGATE_FEED = "verifier_le_flux"
    RECALIBRATE = "recalibrer_le_seuil"
    RETRAIN = "reentrainer"


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure that a check judges.

    Attributes
    ----------
    subject
        Input it is about; empty for the window as a whole.
    importance
        Share of the model's importance that rests on the subject.
    within_noise
        True when chance alone explains the figure; it is then stable whatever its size.
    """

    subject: str
    value: float
    importance: float = 1.0
    within_noise: bool = False


type Findings = Sequence[Finding] | NotApplicable


@dataclass(frozen=True, slots=True)
class Check:
    """A check: which figures, which bands, what to do.

    Attributes
    ----------
    code
        Stable identifier, a section of ``docs/monitoring.md``.
    title
        French name.
    as_share
        Whether the figure is read as a percentage.
    """

    code: str
    title: str
    action: Action
    as_share: bool
    bands: Callable[[MonitoringConfig], Bands]
    findings: Callable[[Drift], Findings]


@dataclass(frozen=True, slots=True)
class JudgedFinding:
    """A finding with its level."""

    subject: str
    value: float
    level: Level


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check says of a drift.

    Attributes
    ----------
    worst
        The largest figure; ``None`` where the check is not applicable.
    findings
        Those that are not stable, the worst first.
    reason
        Why the check is not applicable; empty otherwise.
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


def run_checks(checks: Sequence[Check], drift: Drift, config: MonitoringConfig) -> tuple[CheckResult, ...]:
    """Judge a drift by every check, in their order."""
    few = _too_few(drift, config)
    return tuple(_judge(check, few or check.findings(drift), config) for check in checks)


def overall_level(results: Sequence[CheckResult]) -> Level:
    """Return the loudest level of all checks."""
    return loudest([result.level for result in results])


def _too_few(drift: Drift, config: MonitoringConfig) -> NotApplicable | None:
    for name, window in (("de référence", drift.reference), ("courante", drift.current)):
        if window.n_applications < config.minimum_rows:
            return NotApplicable(
                f"la fenêtre {name} ne compte que {window.n_applications} demandes, "
                f"il en faut {config.minimum_rows} pour conclure"
            )
    return None


def _judge(check: Check, findings: Findings, config: MonitoringConfig) -> CheckResult:
    bands = check.bands(config)
    if isinstance(findings, NotApplicable):
        return CheckResult(
            check.code, check.title, Level.NOT_APPLICABLE, bands, check.as_share, None, (), None, findings.reason
        )
    judged = [JudgedFinding(item.subject, item.value, _level(item, bands, config)) for item in findings]
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
    )


def _level(finding: Finding, bands: Bands, config: MonitoringConfig) -> Level:
    if finding.within_noise:
        return Level.STABLE
    level = bands.level(finding.value)
    minor = finding.importance < config.important_share
    return Level.WATCH if level is Level.ALERT and minor else level
