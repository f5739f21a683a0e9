"""Where runs and versions are kept, and how its failures are told."""

from __future__ import annotations

import json
import logging
import os
import shlex
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

import mlflow
from mlflow.entities import LifecycleStage
from mlflow.exceptions import MlflowException
from mlflow.store.db.db_types import DATABASE_ENGINES
from mlflow.tracking import MlflowClient
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from training.errors import RegistryError
from training.files import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlflow.entities import Experiment
    from sqlalchemy import URL

EXPERIMENT = "pret-a-depenser"
# A view of the runs that MLflow's page opens by its key, viewStateShareKey=familles: the candidates by what they cost.
FAMILIES_VIEW = "mlflow.sharedViewState.familles"
_FAMILIES = json.dumps(
    {
        "searchFilter": "tags.role = 'candidate'",
        "orderByKey": "metrics.`oof_cost`",
        "orderByAsc": True,
        "selectedColumns": [
            "params.`family`",
            "params.`champion`",
            "metrics.`oof_cost`",
            "metrics.`oof_auc`",
            "metrics.`oof_brier`",
            "metrics.`threshold`",
            "metrics.`fit_seconds`",
        ],
    }
)
_SQLITE = "sqlite:///"
# What mlflow says of a database whose tables are not those of the version that is installed.
_OTHER_SCHEMA = "out-of-date database schema"


def tracking_uri() -> str:
    """Return the store: ``MLFLOW_TRACKING_URI``, or the SQLite file of the checkout."""
    return os.environ.get("MLFLOW_TRACKING_URI", f"{_SQLITE}{ROOT / 'mlflow.db'}")


def open_store(*, create: bool = True) -> MlflowClient:
    """Point mlflow at the store and return a client; the experiment exists afterwards.

    Parameters
    ----------
    create
        Make a SQLite store that is not there yet. Who comes for a version that exists asks for none: a mistyped path
        must not become an empty store.

    Raises
    ------
    RegistryError
        ``TRN301`` when the store does not answer, is not there and may not be made, or has been moved away from its
        artefacts; ``TRN321`` when its experiment was deleted.
    """
    _keep_mlflow_quiet()
    _check_file(create=create)
    with told_as_registry_errors():
        _ask_database()
        mlflow.set_tracking_uri(tracking_uri())
        client = MlflowClient()
        if (found := client.get_experiment_by_name(EXPERIMENT)) is None:
            client.create_experiment(EXPERIMENT, artifact_location=_artifact_location())
        else:
            _check_experiment(found)
        experiment = mlflow.set_experiment(EXPERIMENT)
        if experiment.tags.get(FAMILIES_VIEW) != _FAMILIES:
            client.set_experiment_tag(experiment.experiment_id, FAMILIES_VIEW, _FAMILIES)
    return client


def _check_file(*, create: bool) -> None:
    file = _sqlite_file()
    if file is None or (create and file.parent.is_dir()) or file.is_file():
        return
    advice = "make its folder first" if create else "run `make demo` or `python -m training train` first"
    raise RegistryError("TRN301", f"there is no store {file}; {advice}, or correct MLFLOW_TRACKING_URI")


def _check_experiment(experiment: Experiment) -> None:
    """Refuse an experiment that runs cannot be added to, before anything is trained for it."""
    if experiment.lifecycle_stage == LifecycleStage.DELETED:
        raise RegistryError(
            "TRN321",
            f"the experiment {EXPERIMENT} was deleted; `MLFLOW_TRACKING_URI={_told_address()} mlflow experiments "
            f"restore --experiment-id {experiment.experiment_id}` brings it back with its runs",
        )
    # MLflow keeps whole paths: in a checkout that was renamed, runs would go on in a folder of the old name.
    expected = _artifact_location()
    if expected is None or experiment.artifact_location == expected:
        return
    there, here = (Path(url2pathname(urlsplit(one).path)) for one in (experiment.artifact_location, expected))
    if here.is_dir() and not there.is_dir():
        raise RegistryError(
            "TRN301",
            f"the store was moved: its artefacts are looked for in {there} and are in {here}; "
            f"`mkdir -p {shlex.quote(str(there.parent))} && ln -s {shlex.quote(str(here))} {shlex.quote(str(there))}` "
            "leads there, or move it back",
        )


def _ask_database() -> None:
    """Connect once to a store that is a database: mlflow tries ten times, over 100 seconds, before it says anything."""
    address = _address()
    if address is not None and address.get_backend_name() in DATABASE_ENGINES:
        engine = create_engine(address)
        engine.connect().close()
        engine.dispose()


def _address() -> URL | None:
    """Return the store's address by its parts; None for a folder, which has none."""
    try:
        return make_url(tracking_uri())
    except ArgumentError:
        return None


def _sqlite_file() -> Path | None:
    """Return the file of a SQLite store; a server has none."""
    uri = tracking_uri()
    return Path(uri.removeprefix(_SQLITE)) if uri.startswith(_SQLITE) else None


def _artifact_location() -> str | None:
    """Keep artefacts beside a SQLite file; a server knows its own place."""
    file = _sqlite_file()
    return None if file is None else (file.parent / "mlruns").absolute().as_uri()


def _keep_mlflow_quiet() -> None:
    """Leave the screen to the run's own lines: mlflow and its migrations log each step."""
    os.environ["MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR"] = "false"
    # By default a server that is not there is asked for minutes before anything is said.
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "20")
    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module="mlflow")


@contextmanager
def told_as_registry_errors() -> Iterator[None]:
    """Turn a failure of the store into one line that says what to do."""
    try:
        yield
    except (MlflowException, SQLAlchemyError, OSError, ImportError) as error:  # ImportError: the database's driver
        first = next(iter(str(error).splitlines()), type(error).__name__)
        address = _told_address()
        if _OTHER_SCHEMA in first:
            raise RegistryError(
                "TRN301",
                f"the store {address} was written by another version of mlflow; keep a copy of it, then "
                f"`mlflow db upgrade {address}`, or point MLFLOW_TRACKING_URI to another store",
            ) from error
        raise RegistryError(
            "TRN301",
            f"the store {address} did not answer ({first}); check MLFLOW_TRACKING_URI or that no one locks it",
        ) from error


def _told_address() -> str:
    """Return the address of the store without its password."""
    parts = _address()
    return parts.render_as_string(hide_password=True) if parts else tracking_uri()
