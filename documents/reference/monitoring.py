"""The limits of the checks, as ``docs/monitoring.md`` tells them: from the configuration, in French."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commandline.markdown import table
from monitoring.checks.catalogue import CHECKS
from monitoring.config import MonitoringConfig
from monitoring.report.wording import number
from scoring.numerals import FRENCH_IN_REPORTS

if TYPE_CHECKING:
    from monitoring.checks.checks import Check

_HUNDREDS = 100


def limits_region() -> str:
    """Return the table of checks with their limits, and the other settings as sentences."""
    config = MonitoringConfig()
    rows = [_row(check, config) for check in CHECKS]
    limits = table(("code", "contrôle", "à surveiller dès", "alerte dès"), rows)
    return f"\n{limits}\n\n{_settings(config)}\n"


def _row(check: Check, config: MonitoringConfig) -> list[str]:
    bands = check.bands(config)
    limits = (_limit(value, as_share=check.as_share) for value in (bands.watch, bands.alert))
    return [f"[{check.code}](#{check.code.lower()})", check.title, *limits]


def _settings(config: MonitoringConfig) -> str:
    important, mature = (
        _limit(share, as_share=True) for share in (config.important_share, config.maturity.known_share)
    )
    return (
        f"Nombre de demandes à partir duquel un écart est jugé : {number(config.fewest_rows)} ; en dessous de "
        f"{number(config.seeing_rows)}, un rapport est dit aveugle, et {config.blind_reports} de suite ont leur "
        f"code de sortie. Part d’issues connues qui rend un millésime mûr : {mature} de ses demandes acceptées. "
        f"Importance à partir de laquelle une variable peut donner l’alerte : {important}. Demandes à partir "
        f"desquelles une modalité inconnue est nommée : {config.named_categories_from}. Rapport Evidently : "
        f"{config.evidently.columns} variables, {number(config.evidently.rows)} demandes par fenêtre. Chance "
        f"qu’un rapport sans dérive dise autre chose que *stable* d’une mesure où le hasard a sa part : "
        f"{_limit(config.false_alarm_rate, as_share=True)}."
    )


def _limit(value: float, *, as_share: bool) -> str:
    if as_share:
        return FRENCH_IN_REPORTS.percent(value, "g")
    return FRENCH_IN_REPORTS.say(value, ".2f" if value < _HUNDREDS else ".0f")
