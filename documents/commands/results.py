"""Write docs/results.md, and the computed regions of README, CONTRIBUTING and docs/deployment.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.report import read_figures
from delivery.paths import BUNDLE, ROOT
from documents.architecture import picture_of_rooms
from documents.pages import DOCS, write_page, write_regions
from documents.results.costs import cost_section
from documents.results.page import results_page
from documents.results.readme import figures_table, request_example
from scoring.bundle import Bundle

if TYPE_CHECKING:
    import argparse

RESULTS = DOCS / "results.md"
README = ROOT / "README.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
DEPLOYMENT = DOCS / "deployment.md"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare no argument: figures and bundle are those of the repository."""


def run(args: argparse.Namespace) -> int:
    """Write the pages."""
    del args
    measures, bundle = read_figures(), Bundle.open(BUNDLE)
    contract = bundle.contract
    page = results_page(measures, contract)
    readme = {"figures": figures_table(measures, contract), "request": request_example(bundle)}
    deployment = {"costs": cost_section(measures)}
    write_page(RESULTS, page)
    write_regions(README, readme)
    write_regions(DEPLOYMENT, deployment)
    write_regions(CONTRIBUTING, {"rooms": picture_of_rooms()})
    print(f"wrote {', '.join(str(path.relative_to(ROOT)) for path in (RESULTS, README, DEPLOYMENT, CONTRIBUTING))}")
    return 0
