"""How honest the drift alarms are: the false-alarm rate and the power table, on the sample population.

``python -m benchmarks.drift.power`` measures, writes ``reports/drift-power.json`` and the region of
``docs/monitoring.md`` that is made from it. It sits here because injected drifts are scored by the model itself, which
the monitoring room may not load.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

from benchmarks.drift.windows import SAMPLE_POPULATION, windows_in
from delivery.paths import BUNDLE, ROOT
from documents.pages import with_region
from monitoring.checks.false_alarms import false_alarms_bytes, measure_false_alarms
from monitoring.checks.power import measure_power
from monitoring.checks.trials import TrialPlan
from monitoring.report.power import power_table
from monitoring.report.wording import number, percent
from monitoring.windows.arrays import loaded
from monitoring.windows.parquet import WindowSource, open_window, opened_database
from scoring.bundle import load_contract
from scoring.contract import MODEL_FILE, Contract
from scoring.model import Model

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from monitoring.checks.false_alarms import FalseAlarms
    from monitoring.checks.power import Detection
    from monitoring.windows.arrays import ArrayWindow, Columns

PAGE = ROOT / "docs" / "monitoring.md"
REGION = "power"
REPORT = ROOT / "reports" / "drift-power.json"


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is drawn and how often.

    Attributes
    ----------
    rows
        Applications of the reference window and of the current one.
    reports
        Per drift and strength.
    """

    rows: tuple[int, int] = (5_000, 3_000)
    quiet_reports: int = 300
    reports: int = 10
    seed: int = 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the figures and the region of the page."""
    args = _parser().parse_args(arguments)
    sizes = Sizes((args.reference_rows, args.rows), args.quiet_reports, args.reports, args.seed)
    started = time.perf_counter()
    measured, found = _measured(args.bundle, args.features, args.scores, sizes)
    figures = {
        "quiet": json.loads(false_alarms_bytes(measured)),
        "seconds": time.perf_counter() - started,
        "power": [asdict(one) for one in found],
    }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    text = region(measured, found)
    if args.page is not None:
        args.page.write_text(with_region(args.page.read_text(encoding="utf-8"), REGION, text), encoding="utf-8")
    print(text)  # noqa: T201  a command
    return 0


def measure_drift_power(folder: Path = SAMPLE_POPULATION, sizes: Sizes | None = None) -> dict[str, Any] | None:
    """Measure false alarms and power on what ``make report`` left in `folder`; ``None`` when it has not been there."""
    windows = windows_in(folder)
    if windows is None:
        return None
    measured, found = _measured(windows.bundle, str(windows.features), windows.scores, sizes or Sizes())
    return {
        "pool_rows": measured.pool_rows,
        "quiet_reports": measured.reports,
        "false_alarms": measured.alerts,
        "false_alarm_rate_below": measured.false_alarm_rate_below,
        "reports": found[0].reports,
        "alarmed": {f"{one.key} {one.strength:g}": one.alarmed for one in found},
    }


def _measured(bundle: Path, features: str, scores: Path, sizes: Sizes) -> tuple[FalseAlarms, Sequence[Detection]]:
    """Return the false alarms of one population, and what injected drifts set off."""
    contract = load_contract(bundle)
    pool = read_pool(contract, features, scores)
    with tqdm(desc="false alarms", total=sizes.quiet_reports, disable=None) as bar:
        plan = TrialPlan(contract, pool, sizes.rows, sizes.quiet_reports, advance=bar.update)
        measured = measure_false_alarms(plan, seed=sizes.seed)
    with tqdm(desc="power", disable=None) as bar:
        plan = TrialPlan(contract, pool, sizes.rows, sizes.reports, advance=bar.update)
        found = measure_power(plan, scorer(contract, bundle), seed=sizes.seed)
    return measured, found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drift.power", description=__doc__)
    parser.add_argument("--bundle", type=Path, default=BUNDLE)
    parser.add_argument("--features", required=True, help="FILE.parquet[:train|:test] of the sample population")
    parser.add_argument("--scores", type=Path, required=True, help="predictions of the bundle over it")
    parser.add_argument("--reference-rows", type=int, default=5_000)
    parser.add_argument("--rows", type=int, default=3_000)
    parser.add_argument("--quiet-reports", type=int, default=300)
    parser.add_argument("--reports", type=int, default=10, help="per drift and strength")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=REPORT)
    parser.add_argument("--page", type=Path, help=f"page whose region is written, such as {PAGE.name}")
    return parser


def read_pool(contract: Contract, features: str, scores: Path) -> ArrayWindow:
    """Return the applications that windows are drawn from."""
    with opened_database("1GB") as database:
        return loaded(open_window(database, WindowSource.parse(features, scores), contract), contract)


def scorer(contract: Contract, bundle: Path) -> Callable[[Columns], np.ndarray]:
    """Return the model as a function of columns; a category it does not know is missing to it."""
    model = Model(bundle / MODEL_FILE, n_inputs=len(contract.inputs), n_features=len(contract.features))

    def score(columns: Columns) -> np.ndarray:
        encoded = [_encoded(columns[item.name], item.categories) for item in contract.inputs]
        return np.asarray(model.score(np.column_stack(encoded)).default_probability)

    return score


def _encoded(values: np.ndarray, categories: Sequence[str]) -> np.ndarray:
    if not categories:
        return values.astype(float)
    order: dict[Any, float] = {category: float(place) for place, category in enumerate(categories)}
    return np.array([order.get(value, np.nan) for value in values])


def region(measured: FalseAlarms, found: Sequence[Detection]) -> str:
    """Return what the page says, in French."""
    false_alarms = (
        f"Fausses alertes : {number(measured.alerts)} sur {number(measured.reports)} rapports sans dérive, soit "
        f"{percent(measured.false_alarm_rate)} (moins de {percent(measured.false_alarm_rate_below)}, limite à "
        f"95\u00a0%) ; rapports qui disent autre chose que « stable » : {number(measured.not_stable)}. Chaque rapport "
        f"compare {number(measured.reference_rows)} demandes à {number(measured.current_rows)} autres, tirées de "
        f"{number(measured.pool_rows)} demandes de la population d’essai."
    )
    each = f"Puissance : {number(found[0].reports)} rapports par ligne, fenêtres de mêmes tailles."
    return f"\n{false_alarms}\n\n{each}\n\n{power_table(found)}\n"


if __name__ == "__main__":
    sys.exit(main())
