"""Clean histories: made up, drawn and real."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from features.tables import HISTORY_TABLES
from tests.builders.home_credit import small_tables, write_tables
from tests.builders.sample import home_credit_sample
from training.population.drawing.generate import Plan, generate
from training.population.drawing.profile import load_profile
from training.sources import load_sources

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session", params=["made up", "sample", "real"])
def histories(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Open a database with the clean tables of a made-up folder, of a sample population, and of the real sample."""
    if request.param == "real":
        folder = home_credit_sample()
    elif request.param == "sample":
        folder = tmp_path_factory.mktemp("sample")
        generate(load_profile(), Plan(2_000, 0), folder, "parquet")
    else:
        folder = write_tables(tmp_path_factory.mktemp("tables"), small_tables(n_train=150, n_test=50))
    sources = load_sources(folder, tables=HISTORY_TABLES)
    with sources.connect() as database:
        yield database
