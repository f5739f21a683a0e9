"""docs/monitoring.md tells every code, and its table of limits is computed from the configuration."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import monitoring
from monitoring.checks.catalogue import CHECKS
from monitoring.config import MonitoringConfig
from monitoring.report.wording import number

PAGE = Path(monitoring.__file__).parents[1] / "docs" / "monitoring.md"
TABLE = re.compile(r"(?<=<!-- checks:begin -->\n).*?(?=<!-- checks:end -->)", re.DOTALL)
PARTS = ("**Calcul.**", "**Pourquoi.**", "**Que faire.**")


def limits_table() -> str:
    """Return the table of checks with the limits of the configuration."""
    config = MonitoringConfig()
    lines = ["", "| code | contrôle | à surveiller dès | alerte dès |", "| --- | --- | --- | --- |"]
    for check in CHECKS:
        bands = check.bands(config)
        watch, alert = (_limit(value, as_share=check.as_share) for value in (bands.watch, bands.alert))
        lines.append(f"| [{check.code}](#{check.code.lower()}) | {check.title} | {watch} | {alert} |")
    return "\n".join([*lines, "", _settings(config), "", ""])


def _settings(config: MonitoringConfig) -> str:
    """Return the other limits as sentences."""
    important = _limit(config.important_share, as_share=True)
    return (
        f"Nombre de demandes à partir duquel un contrôle conclut : {number(config.minimum_rows)}. Importance à partir "
        f"de laquelle une variable peut donner l’alerte : {important}. Demandes à partir desquelles une modalité "
        f"inconnue est nommée : {config.named_categories_from}. Rapport Evidently : {config.evidently.columns} "
        f"variables, {number(config.evidently.rows)} demandes par fenêtre. Chance qu’un rapport sans dérive dise "
        f"autre chose que *stable* d’une mesure où le hasard a sa part : "
        f"{_limit(config.false_alarm_rate, as_share=True)}."
    )


def _limit(value: float, *, as_share: bool) -> str:
    return (f"{100 * value:g}\u00a0%" if as_share else _plain(value)).replace(".", ",")


def _plain(value: float) -> str:
    return f"{value:.2f}" if value < 100 else f"{value:.0f}"


def test_the_page_states_the_limits_of_the_configuration(pytestconfig: pytest.Config) -> None:
    """A threshold changed in the code and not on the page fails here; ``--rewrite-golden`` writes it anew."""
    text = PAGE.read_text(encoding="utf-8")
    if pytestconfig.getoption("--rewrite-golden"):
        text = TABLE.sub(lambda _: limits_table(), text)
        PAGE.write_text(text, encoding="utf-8")

    assert TABLE.findall(text) == [limits_table()]


@pytest.mark.parametrize("code", [check.code for check in CHECKS])
def test_every_check_has_its_section(code: str) -> None:
    """Each section says how the check is computed, why it matters and what to do."""
    text = PAGE.read_text(encoding="utf-8")

    section = text.partition(f"### {code}\n")[2].partition("\n#")[0]

    assert all(part in section for part in PARTS)


def test_every_error_code_is_on_the_page_and_no_other() -> None:
    """The codes that the room raises are the codes of the table of errors."""
    room = Path(monitoring.__file__).parent
    raised = set(re.findall(r'"(MON9\d\d)"', "".join(path.read_text(encoding="utf-8") for path in room.rglob("*.py"))))

    assert set(re.findall(r"\| (MON9\d\d) \|", PAGE.read_text(encoding="utf-8"))) == raised
