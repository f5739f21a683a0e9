"""Size and cold start of the built package beside another's, against budgets.

``python -m benchmarks.service.budgets --help`` tells more.

Both packages are measured here, in turns: two machines, or one at two times, differ by more than a change may cost.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.programs import require_package
from benchmarks.service.cold_start import EVENT, first_answer_ms
from benchmarks.service.package_size import zipped_size
from commandline.markdown import table
from delivery.errors import DeliveryError
from delivery.package import MEBIBYTE, unzipped_size
from delivery.paths import PACKAGE
from training.files import written_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OVER, BAD_INPUT = 1, 2
RUNS = 9


@dataclass(frozen=True, slots=True)
class Budget:
    """What a figure may be at most, and how much of the base's it may be.

    Attributes
    ----------
    most
        In the figure's own unit, whatever the base has.
    growth
        Share of the base's figure that a change may reach.
    """

    unit: str
    most: float
    growth: float


# Lambda takes 250 MB unzipped and 50 MB as a direct upload. A cold start over a second would be felt by a caller even
# behind SnapStart; a tenth more than before is beyond what nine runs in turns vary by.
BUDGETS = {
    "unzipped": Budget("MiB", most=120.0, growth=1.03),
    "zipped": Budget("MiB", most=45.0, growth=1.03),
    "cold start, fastest run": Budget("ms", most=1000.0, growth=1.10),
}


@dataclass(frozen=True, slots=True)
class BudgetedFigure:
    """One figure of the package, and of the base where there is one."""

    name: str
    value: float
    base: float | None

    @property
    def breaches(self) -> list[str]:
        """What the figure breaks, in words."""
        budget = BUDGETS[self.name]
        found = []
        if self.value > budget.most:
            found.append(f"{self.name}: {self.value:.1f} {budget.unit}, the budget is {budget.most:g}")
        if self.base is not None and self.value > budget.growth * self.base:
            grown = f"{self.value / self.base:.2f} times the {self.base:.1f} {budget.unit} before"
            found.append(f"{self.name}: {grown}, the budget is {budget.growth:g}")
        return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare; return 1 where a budget is broken, 2 with one line on stderr where a package cannot be measured."""
    args = _parser().parse_args(arguments)
    try:
        found = compare(args.package, args.base, runs=args.runs)
    except DeliveryError as error:
        print(f"error {error}", file=sys.stderr)  # noqa: T201  a command
        return BAD_INPUT
    report = budget_report(found)
    print(report)  # noqa: T201  a command
    args.out.parent.mkdir(parents=True, exist_ok=True)
    with written_file(args.out) as temporary:
        temporary.write_text(report + "\n", encoding="utf-8")
    return OVER if any(one.breaches for one in found) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service.budgets", description=__doc__)
    parser.add_argument("--package", type=Path, default=PACKAGE, help="what `make package` built")
    parser.add_argument("--base", type=Path, help="package of the branch that is compared with")
    parser.add_argument("--runs", type=int, default=RUNS, help=f"cold starts of each ({RUNS})")
    parser.add_argument("--out", type=Path, default=Path("reports/budgets.md"))
    return parser


def compare(package: Path, base: Path | None, *, runs: int = RUNS) -> list[BudgetedFigure]:
    """Measure a package, and another in turns with it.

    Raises
    ------
    DeliveryError
        When one is absent or does not answer.
    """
    given = {"value": package} if base is None else {"value": package, "base": base}
    packages = {name: one.resolve() for name, one in given.items()}
    for one in packages.values():
        require_package(one)
    starts = _fastest_starts(packages, runs)
    figures = {name: {**_sizes(one), "cold start, fastest run": starts[name]} for name, one in packages.items()}
    before = figures.get("base", {})
    return [BudgetedFigure(name, figures["value"][name], before.get(name)) for name in BUDGETS]


def _sizes(package: Path) -> dict[str, float]:
    return {"unzipped": unzipped_size(package) / MEBIBYTE, "zipped": zipped_size(package) / MEBIBYTE}


def _fastest_starts(packages: Mapping[str, Path], runs: int) -> dict[str, float]:
    """Return the fastest cold start of each: what slows a run down is the machine, nothing speeds it up."""
    event = EVENT.read_text(encoding="utf-8")
    fastest = dict.fromkeys(packages, float("inf"))
    for _ in range(runs + 1):  # the first run of each reads its files from the disk
        for name, package in packages.items():
            fastest[name] = min(fastest[name], first_answer_ms(package, event))
    return fastest


def budget_report(figures: Sequence[BudgetedFigure]) -> str:
    """Return the figures as a Markdown table, and what breaks a budget below it."""
    rows = [_row(one) for one in figures]
    breaches = [sentence for one in figures for sentence in one.breaches]
    verdict = "\n".join(f"- over: {sentence}" for sentence in breaches) or "Within the budgets."
    return f"{table(['', 'package', 'before', 'times', 'budget'], rows)}\n\n{verdict}"


def _row(one: BudgetedFigure) -> list[str]:
    budget = BUDGETS[one.name]
    before, times = ("–", "–") if one.base is None else (f"{one.base:.1f}", f"{one.value / one.base:.3f}")
    allowed = f"{budget.most:g} {budget.unit}, {budget.growth:g} times"
    return [one.name, f"{one.value:.1f} {budget.unit}", before, times, allowed]


if __name__ == "__main__":
    sys.exit(main())
