"""Draw a population of any size, chunk by chunk, into the files of the data set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from tqdm import tqdm

from training.population.drawing import balances, bureau, card, instalments, pos, previous
from training.population.drawing.applicants import drawn_applicants
from training.population.drawing.tables import TRUTH, arrow_schema, arrow_table
from training.population.drawing.writers import TableWriters

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa
    from numpy.typing import NDArray

    from training.population.drawing.applicants import Applicants
    from training.population.drawing.codes import Values
    from training.population.drawing.profile import Profile
    from training.population.drawing.writers import Format

# Sizes of the two sets of the data set: the sample keeps their ratio.
REAL_TRAIN, REAL_TEST = 307_511, 48_744
APPLICANTS_PER_CHUNK = 10_000
FIRST_APPLICANT, FIRST_BUREAU, FIRST_PREVIOUS = 100_001, 5_000_000, 1_000_000

_TRUTH_COLUMNS = (("SK_ID_CURR", "int64"), ("default_probability", "double"))


@dataclass(frozen=True)
class Plan:
    """How many applicants to draw, and from which seed.

    Parameters
    ----------
    n_train
        Training applications.
    seed
        Seed of every draw.
    """

    n_train: int
    seed: int

    @property
    def n_test(self) -> int:
        """Return the number of test applications that goes with the training applications."""
        return round(self.n_train * REAL_TEST / REAL_TRAIN)

    def chunks(self) -> Iterator[tuple[np.random.Generator, NDArray[np.int64], NDArray[np.bool_]]]:
        """Yield generator, ids and test membership of each chunk; each chunk has a seed of its own."""
        total = self.n_train + self.n_test
        for number, start in enumerate(range(0, total, APPLICANTS_PER_CHUNK)):
            end = min(start + APPLICANTS_PER_CHUNK, total)
            rng = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(number,)))
            n_test = end * self.n_test // total - start * self.n_test // total
            is_test = rng.permutation(np.arange(end - start) < n_test)
            yield rng, FIRST_APPLICANT + np.arange(start, end), is_test


def generate(profile: Profile, plan: Plan, folder: Path, form: Format) -> dict[str, int]:
    """Write all tables into `folder` and return the rows of each.

    The rows depend on the profile, the number of applications and the seed alone.
    """
    schemas = {table: arrow_schema(columns) for table, columns in profile.schemas.items()}
    schemas[TRUTH] = arrow_schema(_TRUTH_COLUMNS)
    next_ids = {"bureau": FIRST_BUREAU, "previous": FIRST_PREVIOUS}
    bar = tqdm(total=plan.n_train + plan.n_test, desc="sample population", unit=" applicants", disable=None)
    with TableWriters(folder, schemas, form) as writers, bar:
        for rng, ids, is_test in plan.chunks():
            applicants = drawn_applicants(profile, rng, ids, is_test)
            for table, rows in _chunk_tables(profile, rng, applicants, next_ids, schemas):
                writers.write(table, rows)
            bar.update(len(ids))
        return writers.n_rows


def _chunk_tables(
    profile: Profile,
    rng: np.random.Generator,
    applicants: Applicants,
    next_ids: dict[str, int],
    schemas: dict[str, pa.Schema],
) -> Iterator[tuple[str, pa.Table]]:
    """Yield the rows of each table of one chunk."""
    labels = {m.name: m.labels for m in profile.application.marginals}
    for table, rows in _application_values(applicants):
        yield table, arrow_table(rows, schemas[table], labels)
    loans = bureau.drawn_loans(profile.bureau, rng, applicants, next_ids["bureau"])
    next_ids["bureau"] += len(loans["OWNER"])
    yield "bureau", arrow_table(loans, schemas["bureau"], {m.name: m.labels for m in profile.bureau.marginals})
    months = balances.drawn_balances(rng, loans)
    yield "bureau_balance", arrow_table(months, schemas["bureau_balance"], {"STATUS": balances.STATUSES})
    past = previous.drawn_previous(profile, rng, applicants, next_ids["previous"])
    next_ids["previous"] += len(past["OWNER"])
    yield from _lent_tables(profile, rng, applicants, past, schemas)


def _lent_tables(
    profile: Profile,
    rng: np.random.Generator,
    applicants: Applicants,
    past: Values,
    schemas: dict[str, pa.Schema],
) -> Iterator[tuple[str, pa.Table]]:
    """Yield previous applications and the rows of the tables that follow those which were granted."""
    loans = previous.granted(past, profile, revolving=False)
    cards = previous.granted(past, profile, revolving=True)
    payments = instalments.drawn_instalments(profile.payment, rng, applicants, past, loans)
    months = pos.drawn_pos(rng, applicants, past, loans, payments)
    yield _with_status("POS_CASH_balance", months, pos.STATUSES, schemas)
    card_months = card.drawn_cards(profile, rng, applicants, past, cards)
    card_payments = card.drawn_payments(profile.payment, rng, applicants, card_months)
    both = {name: np.concatenate([payments[name], column]) for name, column in card_payments.items()}
    yield "installments_payments", arrow_table(both, schemas["installments_payments"], {})
    yield _with_status("credit_card_balance", card_months, card.STATUSES, schemas)
    # The dates of a card are those of its months, so that previous applications come last.
    yield "previous_application", arrow_table(past, schemas["previous_application"], profile.previous_labels)


def _with_status(
    table: str, months: Values, statuses: tuple[str, ...], schemas: dict[str, pa.Schema]
) -> tuple[str, pa.Table]:
    return table, arrow_table(months, schemas[table], {"NAME_CONTRACT_STATUS": statuses})


def _application_values(applicants: Applicants) -> Iterator[tuple[str, dict[str, NDArray[np.generic]]]]:
    """Yield the applications of each set, and the truth beside them."""
    values = dict(applicants.values) | {"SK_ID_CURR": applicants.ids, "TARGET": applicants.default}
    for table, rows in (("application_train", ~applicants.is_test), ("application_test", applicants.is_test)):
        yield table, {name: column[rows] for name, column in values.items()}
    yield TRUTH, {"SK_ID_CURR": applicants.ids, "default_probability": applicants.default_probability}
