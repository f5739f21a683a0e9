"""The figures of ``docs/interpretation-drift.md``, from a report on the real sample: aggregated ones, never a row.

``make report DATA=<folder of the real sample>`` makes the report; ``python -m benchmarks.drift.real`` writes
the region of the page. What the figures mean is written by hand around it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.drift.windows import OWN_DATA, windows_in
from delivery.paths import ROOT
from documents.pages import with_region
from monitoring.report.make import make_report
from monitoring.report.wording import LEVELS, number, percent, readable, table
from monitoring.windows.parquet import WindowSource

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE = ROOT / "docs" / "interpretation-drift.md"
REGION = "figures"
SHOWN = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the region from a report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drift.real", description=__doc__)
    parser.add_argument("--report", type=Path, default=ROOT / "reports" / "drift", help="folder of the report")
    parser.add_argument("--page", type=Path, default=PAGE)
    args = parser.parse_args(arguments)
    report = json.loads((args.report / "report.json").read_bytes())
    args.page.write_text(with_region(args.page.read_text(encoding="utf-8"), REGION, region(report)), encoding="utf-8")
    print(f"wrote {args.page}")  # noqa: T201  a command
    return 0


def measure_drift_real(folder: Path = OWN_DATA) -> dict[str, Any] | None:
    """Report on test against train of the real tables; ``None`` when ``make report DATA=…`` has not been there."""
    windows = windows_in(folder)
    if windows is None:
        return None
    reference, current = (WindowSource.parse(f"{windows.features}:{one}", windows.scores) for one in ("train", "test"))
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as workspace:
        report = make_report(windows.bundle, reference, current, Path(workspace) / "report")
    drift = report.drift
    return {
        "report_seconds": time.perf_counter() - started,
        "reference_rows": drift.reference.n_applications,
        "current_rows": drift.current.n_applications,
        "weighted_psi": drift.weighted_psi,
        "level": {one.code: one.level.value for one in report.checks},
        "worst": {one.code: one.worst for one in report.checks if one.worst is not None},
    }


def region(report: dict[str, Any]) -> str:
    """Return the figures of a report in French: windows, checks, inputs, answers."""
    drift = report["drift"]
    windows = (
        f"{number(drift['reference']['n_applications'])} demandes de référence (`application_train`), "
        f"{number(drift['current']['n_applications'])} courantes (`application_test`) ; seuil "
        f"{number(report['model']['decision_threshold'], 4)}. PSI pondéré par l’importance : "
        f"{number(drift['weighted_psi'], 3)}. Un classifieur distingue les deux fenêtres avec une AUC de "
        f"{number(drift['separation']['auc'], 3)}, par {_give_aways(drift['separation'])}."
    )
    return f"\n{windows}\n\n{_checks(report)}\n\n{_inputs(drift['inputs'])}\n\n{_answers(drift['answers'])}\n"


def _give_aways(separation: dict[str, Any]) -> str:
    return ", ".join(f"`{item['name']}` (−{number(item['auc_fall'], 3)})" for item in separation["give_aways"])


def _checks(report: dict[str, Any]) -> str:
    loud = [check for check in report["checks"] if check["level"] in {"watch", "alert"}]
    rows = [(check["code"], check["title"], LEVELS[check["level"]], _worst(check), _subjects(check)) for check in loud]
    return table(("code", "contrôle", "niveau", "pire mesure", "en cause"), rows)


def _worst(check: dict[str, Any]) -> str:
    return percent(check["worst"]) if check["as_share"] else number(check["worst"], 3)


def _subjects(check: dict[str, Any]) -> str:
    return ", ".join(f"`{item['subject']}`" for item in check["findings"] if item["subject"])


def _inputs(inputs: list[dict[str, Any]]) -> str:
    heaviest = sorted(inputs, key=lambda item: -item["weighted_psi"])[:SHOWN]
    head = ("variable", "importance", "PSI", "distance", "médiane ou modalité", "manquants")
    return table(head, [_input(item) for item in heaviest])


def _input(item: dict[str, Any]) -> tuple[str, ...]:
    missing, distance = item["missing_share"], item["distance"]
    return (
        f"`{item['name']}`",
        percent(item["importance"]),
        number(item["psi"], 3),
        number(distance, 3) if isinstance(distance, float) else "n. a.",
        _middle(item),
        f"{percent(missing['reference'])} → {percent(missing['current'])}",
    )


def _middle(item: dict[str, Any]) -> str:
    if item["median"]:
        return f"{readable(item['median']['reference'])} → {readable(item['median']['current'])}"
    if item["most_moved"] is None:
        return "–"
    moved = item["most_moved"]
    return f"{moved['category']} : {percent(moved['share']['reference'])} → {percent(moved['share']['current'])}"


def _answers(answers: dict[str, Any]) -> str:
    before, after = answers["reference"], answers["current"]
    rows = [
        ("probabilité moyenne", *(_share(one["mean_probability"]) for one in (before, after))),
        ("taux de refus", *(_share(one["refusal_rate"]) for one in (before, after))),
        ("coût attendu par demande", *(_figure(one["estimated"]["cost"]) for one in (before, after))),
        ("AUC attendue", *(_figure(one["estimated"]["auc"]) for one in (before, after))),
        ("PSI de la probabilité", "", number(answers["psi"], 3)),
    ]
    return table(("", "référence", "courante"), rows)


def _figure(one: dict[str, float]) -> str:
    return f"{number(one['value'], 3)} [{number(one['low'], 3)} ; {number(one['high'], 3)}]"


def _share(one: dict[str, float]) -> str:
    return f"{percent(one['value'])} [{percent(one['low'])} ; {percent(one['high'])}]"


if __name__ == "__main__":
    sys.exit(main())
