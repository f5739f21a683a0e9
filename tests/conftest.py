"""What several rooms' tests share: a small population with a known risk, models trained on it, and their bundles."""

from __future__ import annotations

import asyncio
from types import EllipsisType
from typing import TYPE_CHECKING

import httpx
import numpy as np
import pyarrow.parquet as pq
import pytest

from scoring.bundle import Bundle
from scoring.service import ScoringService
from tests.builders.event_loop import main_thread_loop
from tests.builders.judged import as_table
from training.bundle.export import Taught, write_bundle
from training.candidates.boosting import N_TREES
from training.candidates.logistic import LOGISTIC_REGRESSION
from training.fairness.audit import audit
from training.features.dataset import LabelledDataset
from training.features.feature_space import FeatureSpace
from training.schema import load_derived, load_inputs
from training.selection.effort import Effort
from training.selection.pipeline import train_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from fastapi import FastAPI

    from scoring.features import Value
    from training.candidates import Candidate, Settings
    from training.selection.pipeline import TrainedModel

N_APPLICATIONS = 4_000
N_NEW_APPLICATIONS = 500
SEED = 20_240_601
# Share of applications without the value; what is not listed is always given.
MISSING = {
    "EXT_SOURCE_1": 0.55,
    "EXT_SOURCE_3": 0.2,
    "DAYS_EMPLOYED": 0.18,
    "OCCUPATION_TYPE": 0.3,
    "AMT_ANNUITY": 0.02,
    "CNT_FAM_MEMBERS": 0.01,
    "BUREAU_ACTIVE_DEBT_SUM": 0.3,
}
NAMES = (
    "NAME_CONTRACT_TYPE",
    "AMT_INCOME_TOTAL",
    "AMT_CREDIT",
    "AMT_ANNUITY",
    "AMT_GOODS_PRICE",
    "NAME_EDUCATION_TYPE",
    "DAYS_BIRTH",
    "DAYS_EMPLOYED",
    "FLAG_PHONE",
    "OCCUPATION_TYPE",
    "CNT_FAM_MEMBERS",
    "EXT_SOURCE_1",
    "EXT_SOURCE_2",
    "EXT_SOURCE_3",
    "BUREAU_ACTIVE_DEBT_SUM",
)


class TreesOnly(Effort):
    """A run in seconds in which boosted trees have no competitor."""

    def candidates(self, *, seed: int) -> list[Candidate]:
        """Return the trees alone."""
        return [self.boosted_trees(seed=seed)]


class LogisticOnly(Effort):
    """A run in seconds in which the logistic regression has no competitor."""

    def boosted_trees(self, *, seed: int) -> Candidate:
        """Return the regression in the place of the trees."""
        return LOGISTIC_REGRESSION.candidate(seed=seed)

    def candidates(self, *, seed: int) -> list[Candidate]:
        """Return the regression alone."""
        return [self.boosted_trees(seed=seed)]


TINY: Settings = {
    N_TREES: 40,
    "max_depth": 3,
    "num_leaves": 8,
    "min_data_in_leaf": 40,
    "learning_rate": 0.1,
    "num_threads": 1,
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare ``--rewrite-golden``, which ``make golden`` gives, and ``--fuzz-requests``, which ``make fuzz`` gives."""
    parser.addoption("--rewrite-golden", action="store_true", help="write the golden files anew instead of comparing")
    parser.addoption("--fuzz-requests", type=int, default=20_000, help="requests that the fuzzer sends")


@pytest.fixture(scope="session")
def small_space() -> FeatureSpace:
    """Return fifteen inputs and every derivation they allow, having learned from the small population."""
    space = FeatureSpace.over([entry for entry in load_inputs() if entry.name in NAMES], load_derived())
    return space.learned_from(_draw_dataset(space, N_APPLICATIONS, seed=SEED).rows)[0]


@pytest.fixture(scope="session")
def small_dataset(small_space: FeatureSpace) -> LabelledDataset:
    """Return labelled applications, about one in eleven in default."""
    return _draw_dataset(small_space, N_APPLICATIONS, seed=SEED)


@pytest.fixture(scope="session")
def new_dataset(small_space: FeatureSpace) -> LabelledDataset:
    """Return further applications of the same population, which no model has seen."""
    return _draw_dataset(small_space, N_NEW_APPLICATIONS, seed=SEED + 1)


@pytest.fixture(scope="session")
def trained_trees(small_dataset: LabelledDataset, small_space: FeatureSpace) -> TrainedModel:
    """Return boosted trees over the small population, calibrated, with threshold and hold-out figures."""
    return train_model(small_dataset, small_space, TreesOnly(3, (), TINY), seed=0, say=_silent)


@pytest.fixture(scope="session")
def trained_logistic(small_dataset: LabelledDataset, small_space: FeatureSpace) -> TrainedModel:
    """Return a logistic regression over the same population."""
    return train_model(small_dataset, small_space, LogisticOnly(3, ()), seed=0, say=_silent)


@pytest.fixture(scope="session")
def bundle_dir(
    trained_trees: TrainedModel,
    small_dataset: LabelledDataset,
    new_dataset: LabelledDataset,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Return the sealed bundle of the trees; read it, copy it, but do not write to it."""
    return _export(trained_trees, small_dataset, new_dataset, tmp_path_factory.mktemp("trees") / "bundle")


@pytest.fixture(scope="session")
def linear_bundle_dir(
    trained_logistic: TrainedModel,
    small_dataset: LabelledDataset,
    new_dataset: LabelledDataset,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Return the sealed bundle of the logistic regression."""
    return _export(trained_logistic, small_dataset, new_dataset, tmp_path_factory.mktemp("linear") / "bundle")


@pytest.fixture(scope="session")
def bundle(bundle_dir: Path) -> Bundle:
    """Return the bundle of the trees, opened."""
    return Bundle.open(bundle_dir)


@pytest.fixture(scope="session")
def service(bundle: Bundle) -> ScoringService:
    """Return the service of the trees."""
    return ScoringService.of(bundle)


@pytest.fixture(scope="session")
def linear_service(linear_bundle_dir: Path) -> ScoringService:
    """Return the service of the regression."""
    return ScoringService.of(Bundle.open(linear_bundle_dir))


@pytest.fixture(scope="session")
def golden(bundle: Bundle) -> list[dict[str, object]]:
    """Return golden applications of the bundle, with the trainer's answers."""
    return bundle.golden


@pytest.fixture(scope="session")
def request_of() -> Callable[..., dict[str, Value]]:
    """Build a valid application: ``request_of(AMT_CREDIT=1e6)`` changes a value, ``...`` leaves the field out."""
    ordinary: dict[str, Value | EllipsisType] = {
        "NAME_CONTRACT_TYPE": "Cash loans",
        "AMT_INCOME_TOTAL": 150_000.0,
        "AMT_CREDIT": 450_000.0,
        "AMT_ANNUITY": 22_500.0,
        "AMT_GOODS_PRICE": 400_000.0,
        "NAME_EDUCATION_TYPE": "Higher education",
        "DAYS_BIRTH": -15_000,
        "DAYS_EMPLOYED": -2_000,
        "FLAG_PHONE": 1,
        "OCCUPATION_TYPE": "Laborers",
        "CNT_FAM_MEMBERS": 2,
        "EXT_SOURCE_1": 0.5,
        "EXT_SOURCE_2": 0.5,
        "EXT_SOURCE_3": 0.5,
        "BUREAU_ACTIVE_DEBT_SUM": 120_000.0,
    }

    def build(**changes: Value | EllipsisType) -> dict[str, Value]:
        return {name: value for name, value in (ordinary | changes).items() if not isinstance(value, EllipsisType)}

    return build


@pytest.fixture(scope="session")
def ask() -> Callable[..., httpx.Response]:
    """Send one request to an application in this process: ``ask(app, "POST", "/v1/score", content=body)``."""

    def send(
        app: FastAPI, method: str, path: str, content: bytes | str | None = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        async def exchange() -> httpx.Response:
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
                return await client.request(method, path, content=content, headers=headers)

        return asyncio.run(exchange())

    return send


@pytest.fixture
def lambda_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Give Mangum the event loop that the Lambda runtime's main thread has."""
    with main_thread_loop() as loop:
        yield loop


@pytest.fixture(scope="session")
def rest_event() -> Callable[..., dict[str, object]]:
    """Build what a REST API sends (payload format 1.0)."""

    def build(method: str, path: str, body: str | None = None, **changes: object) -> dict[str, object]:
        return {
            "resource": "/{proxy+}",
            "path": path,
            "httpMethod": method,
            "headers": {"host": "api.example", "content-type": "application/json"},
            "multiValueHeaders": {"host": ["api.example"], "content-type": ["application/json"]},
            "queryStringParameters": None,
            "multiValueQueryStringParameters": None,
            "requestContext": {"requestId": "rest-request", "identity": {"sourceIp": "192.0.2.1"}},
            "body": body,
            "isBase64Encoded": False,
        } | changes

    return build


@pytest.fixture(scope="session")
def http_event() -> Callable[..., dict[str, object]]:
    """Build what an HTTP API sends (payload format 2.0)."""

    def build(method: str, path: str, body: str | None = None, **changes: object) -> dict[str, object]:
        return {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": path,
            "rawQueryString": "",
            "headers": {"host": "api.example", "content-type": "application/json"},
            "requestContext": {
                "requestId": "http-request",
                "http": {"method": method, "path": path, "sourceIp": "192.0.2.1"},
            },
            "body": body,
            "isBase64Encoded": False,
        } | changes

    return build


def _silent(_: str) -> None:
    """Say nothing about the choices of a run."""


def _export(trained: TrainedModel, data: LabelledDataset, new: LabelledDataset, folder: Path) -> Path:
    write_bundle(
        folder,
        trained,
        data,
        other_data={"application_test": new},
        taught=Taught("run-of-tests", "0" * 64),
        fairness=audit(_feature_table(trained, data, folder.parent), data, trained),
    )
    return folder


def _feature_table(trained: TrainedModel, data: LabelledDataset, folder: Path) -> Path:
    """Write the applications as a feature table, with a sex and a family status that mean nothing."""
    generator, size = np.random.default_rng(SEED), len(data.ids)
    protected = {
        "CODE_GENDER": generator.choice(["F", "M"], size, p=[0.65, 0.35]),
        "NAME_FAMILY_STATUS": generator.choice(["Married", "Widow"], size, p=[0.6, 0.4]),
        "POPULATION": ["train"] * size,
    }
    pq.write_table(as_table(data, trained.space, **protected), folder / "features.parquet")
    return folder / "features.parquet"


def _draw_dataset(space: FeatureSpace, count: int, *, seed: int) -> LabelledDataset:
    """Draw applications and, from their true probability of default, what became of them."""
    generator = np.random.default_rng(seed)
    values = _draw_values(space, count, generator)
    for name, share in MISSING.items():
        values[name] = np.where(generator.random(count) < share, np.nan, values[name])
    default = (generator.random(count) < _true_probability(values)).astype(np.int64)
    rows = np.column_stack([values[name] for name in space.input_names])
    return LabelledDataset(np.arange(100_001, 100_001 + count), rows, space.input_names, default)


def _draw_values(space: FeatureSpace, count: int, generator: np.random.Generator) -> dict[str, np.ndarray]:
    n_categories = {entry.name: len(entry.categories) for entry in space.inputs}
    credit = generator.lognormal(13.0, 0.6, count).round(1)
    birth = -generator.integers(7_700, 25_000, count)
    sources = {f"EXT_SOURCE_{i}": generator.beta(2.5, 2.2, count) for i in (1, 2, 3)}
    codes = {
        name: generator.integers(0, n_categories[name], count).astype(float)
        for name in ("NAME_CONTRACT_TYPE", "NAME_EDUCATION_TYPE", "OCCUPATION_TYPE")
    }
    numbers = {
        "AMT_INCOME_TOTAL": generator.lognormal(11.9, 0.5, count).round(0),
        "AMT_CREDIT": credit,
        "AMT_ANNUITY": (credit / generator.uniform(10, 35, count)).round(1),
        "AMT_GOODS_PRICE": (credit * generator.uniform(0.75, 1.0, count)).round(0),
        "DAYS_BIRTH": birth.astype(float),
        "DAYS_EMPLOYED": (birth * generator.beta(1.2, 6.0, count)).round(0) + 0.0,
        "FLAG_PHONE": (generator.random(count) < 0.28).astype(float),
        "CNT_FAM_MEMBERS": generator.integers(1, 6, count).astype(float),
        "BUREAU_ACTIVE_DEBT_SUM": generator.lognormal(11.5, 1.2, count).round(1),
    }
    return numbers | sources | codes


def _true_probability(values: dict[str, np.ndarray]) -> np.ndarray:
    """Return the probability that the draw of each outcome uses; a value that is missing says nothing."""
    known = {name: np.where(np.isnan(column), np.nanmean(column), column) for name, column in values.items()}
    margin = (
        -0.85
        - 2.6 * known["EXT_SOURCE_2"]
        - 2.0 * known["EXT_SOURCE_3"]
        - 1.2 * known["EXT_SOURCE_1"]
        + 3.0 * np.clip(known["AMT_CREDIT"] / known["AMT_GOODS_PRICE"] - 1.0, 0, 0.4)
        + 0.7 * (known["DAYS_BIRTH"] > -11_000)
        + 0.5 * (known["DAYS_EMPLOYED"] > -1_000)
        + 0.25 * np.clip(np.log(known["BUREAU_ACTIVE_DEBT_SUM"] / 100_000), -2, 3)
        + 0.1 * known["OCCUPATION_TYPE"]
        - 0.2 * known["NAME_EDUCATION_TYPE"]
    )
    return np.asarray(1 / (1 + np.exp(-margin)))
