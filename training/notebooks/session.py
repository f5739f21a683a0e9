"""Where the notebooks work: a sample population and a store of their own, made when they are not there yet."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from training.__main__ import main
from training.errors import TrainingError
from training.files import ROOT
from training.registry import aliases, store

HOME = "NOTEBOOK_HOME"
APPLICATIONS = "NOTEBOOK_APPLICATIONS"


@dataclass(frozen=True, slots=True)
class Workshop:
    """A folder with the tables of made-up applicants.

    Attributes
    ----------
    home
        The folder; the store lies in it, too.
    """

    home: Path

    @property
    def data(self) -> Path:
        """The raw tables."""
        return self.home / "data"

    @property
    def cache(self) -> Path:
        """The feature tables and finished assessments."""
        return self.home / "cache"

    def version(self) -> str:
        """Return the staged version; a model is trained when there is none yet."""
        client = store.open_store()
        found = aliases.version_of(client, aliases.STAGING)
        if found is None:
            run("train", "--data", str(self.data), "--cache", str(self.cache))
            found = aliases.require_version(client, aliases.STAGING)
        return found


def open_workshop() -> Workshop:
    """Return the workshop of ``NOTEBOOK_HOME``, with its applicants; MLflow points to its store."""
    home = Path(os.environ.get(HOME) or ROOT / "build" / "notebooks")
    home.mkdir(parents=True, exist_ok=True)
    os.environ["MLFLOW_TRACKING_URI"] = f"sqlite:///{home.absolute() / 'mlflow.db'}"
    workshop = Workshop(home)
    if not workshop.data.is_dir():
        run(
            "sample", "--applications", os.environ.get(APPLICATIONS, "6000"), "--seed", "0", "--out", str(workshop.data)
        )
    return workshop


def run(*arguments: str) -> None:
    """Run one command of the training room, as ``python -m training`` does.

    Raises
    ------
    TrainingError
        ``TRN199`` when it fails; the command has said why.
    """
    status = main(arguments)
    if status:
        raise TrainingError(
            "TRN199", f"`python -m training {arguments[0]}` ended with status {status}; read its message"
        )
