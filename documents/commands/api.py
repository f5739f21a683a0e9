"""Write the computed parts of docs/api.md: requests with the replies they get, fields and limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from delivery.paths import BUNDLE, ROOT
from documents.pages import write_regions
from documents.reference.api import PAGE, regions

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare no argument: the bundle is that of the repository."""


def run(args: argparse.Namespace) -> int:
    """Write the regions."""
    del args
    write_regions(PAGE, regions(BUNDLE))
    print(f"wrote the computed parts of {PAGE.relative_to(ROOT)}")
    return 0
