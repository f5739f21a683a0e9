"""Write docs/results.md, and the computed regions of README, CONTRIBUTING and docs/deployment.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from delivery.paths import ROOT
from documents.results.results import write_results

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare no argument: figures and bundle are those of the repository."""


def run(args: argparse.Namespace) -> int:
    """Write the pages."""
    del args
    print(f"wrote {', '.join(str(path.relative_to(ROOT)) for path in write_results())}")
    return 0
