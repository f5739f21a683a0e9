"""Write docs/results.md, and the regions of figures in the README and in docs/deployment.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.report import read_figures
from delivery.paths import BUNDLE, ROOT
from documents.pages import DOCS, write_page, write_regions
from documents.results.costs import cost_section
from documents.results.page import results_page
from documents.results.readme import figures_table, request_example
from scoring.bundle import load_contract

if TYPE_CHECKING:
    import argparse

RESULTS = DOCS / "results.md"
README = ROOT / "README.md"
DEPLOYMENT = DOCS / "deployment.md"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare no argument: figures and bundle are those of the repository."""


def run(args: argparse.Namespace) -> int:
    """Write the pages."""
    del args
    measures, contract = read_figures(), load_contract(BUNDLE)
    page = results_page(measures, contract)
    readme = {"figures": figures_table(measures, contract), "request": request_example(BUNDLE)}
    deployment = {"costs": cost_section(measures)}
    write_page(RESULTS, page)
    write_regions(README, readme)
    write_regions(DEPLOYMENT, deployment)
    print(f"wrote {', '.join(str(path.relative_to(ROOT)) for path in (RESULTS, README, DEPLOYMENT))}")
    return 0
