"""What code a result comes from: the sources that a piece of work runs through, and the commit of the checkout."""

from __future__ import annotations

import hashlib
import subprocess
from functools import cache
from modulefinder import ModuleFinder
from pathlib import Path

from training.files import ROOT

# What makes a bundle, from the tables to the sealed files.
MAKES_BUNDLES = ("commandline", "lambda/features", "lambda/scoring", "metrics", "training")


@cache
def code_fingerprint(*modules: str, root: Path = ROOT) -> str:
    """Return the sha256 over the sources of some modules and of all modules of this project that they import.

    Imports are found without running anything, those for types and those inside functions included: too many sources
    do work again, too few would serve a stale result. Other people's libraries are for the caller to name.

    Parameters
    ----------
    root
        The checkout.
    """
    finder = ModuleFinder(path=[str(root), str(root / "lambda")])
    for module in modules:
        finder.import_hook(module)
    digest = hashlib.sha256()
    for name, found in sorted(finder.modules.items()):
        file = getattr(found, "__file__", None)  # built-in modules have none
        if file is not None:
            digest.update(f"\n# {name}\n".encode())
            digest.update(Path(file).read_bytes())
    return digest.hexdigest()


def git_commit() -> str:
    """Return the commit the code is at, marked where the code differs from it; ``unknown`` outside a checkout."""
    try:
        commit = _git("rev-parse", "HEAD")
        changed = _git("status", "--porcelain", "--", *MAKES_BUNDLES)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return commit + ("-dirty" if changed else "")


def _git(*arguments: str) -> str:
    done = subprocess.run(  # noqa: S603  git, with constant arguments
        ["git", *arguments],  # noqa: S607  the one on the path
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return done.stdout.strip()
