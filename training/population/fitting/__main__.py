"""Fit the population profile: ``python -m training.population.fitting --data FOLDER [--out FILE]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from training.errors import DataError, TrainingError
from training.population.drawing.applicants import risk_codes
from training.population.drawing.card import OPENED_BEFORE
from training.population.drawing.months import OLDEST_DAY
from training.population.drawing.profile import PROFILE_PATH, Profile, save_profile
from training.population.drawing.tables import TABLES
from training.population.fitting.applications import fit_applications
from training.population.fitting.cards import fit_card_months, fit_cards
from training.population.fitting.histories import GIVEN, count_codes, fit_bureau, fit_counts, fit_previous
from training.population.fitting.payments import fit_payments
from training.population.fitting.risk import fit_risk
from training.population.fitting.tariffs import fit_tariffs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.population.drawing.codes import Codes


def fit_profile(data: Path) -> Profile:
    """Return the profile of the real tables in `data` (Parquet files with the names of the data set)."""
    train, test = (_read(data, f"application_{part}") for part in ("train", "test"))
    applications = pd.concat([train, test], ignore_index=True)
    is_test = np.arange(len(applications)) >= len(train)
    fitted = fit_applications(applications, is_test)
    codes = fitted.codes
    risk = fit_risk(codes, train["TARGET"].to_numpy(float), fitted.chain)
    codes = codes | {"RISK": risk_codes(risk.application_risk(codes))}
    bureau, previous, months = (_read(data, t) for t in ("bureau", "previous_application", "credit_card_balance"))
    linked = _linked(applications, is_test, previous)
    previous = _with_old_cards(previous, months)
    codes = {name: codes[name][linked] for name in GIVEN}
    ids = applications["SK_ID_CURR"].to_numpy()[linked]
    counts = {"N_BUREAU": _counts(ids, bureau), "N_PREVIOUS": _counts(ids, previous)}
    n_records = fit_counts(codes, counts)
    codes |= count_codes(n_records, counts)
    loans, loan_codes = _with_codes(bureau, ids, codes)
    requests = fit_previous(applications, *_with_codes(previous, ids, codes))
    return Profile(
        schemas={table: _schema(data, table) for table in TABLES},
        application=fitted.chain,
        followers=fitted.followers,
        tariffs=fit_tariffs(applications),
        counts=n_records,
        bureau=fit_bureau(loans, _read(data, "bureau_balance"), loan_codes),
        gap=requests.gap,
        request=requests.request,
        previous=requests.previous,
        categories=requests.categories,
        card=fit_cards(*_card_codes(months, previous, ids, codes)),
        card_month=fit_card_months(months),
        payment=fit_payments(_read(data, "installments_payments")),
        risk=risk,
    )


def _read(data: Path, table: str) -> pd.DataFrame:
    path = data / f"{table}.parquet"
    if not path.exists():
        raise DataError("TRN151", f"{path} does not exist; the profile is fitted on all tables as Parquet")
    return pd.read_parquet(path)


def _schema(data: Path, table: str) -> tuple[tuple[str, str], ...]:
    schema = pq.read_schema(data / f"{table}.parquet")
    return tuple((field.name, str(field.type)) for field in schema)


def _linked(applications: pd.DataFrame, is_test: NDArray[np.bool_], previous: pd.DataFrame) -> NDArray[np.int64]:
    """Return the rows of applications whose histories are complete: the first ids of each set."""
    ids = applications["SK_ID_CURR"].to_numpy()
    has_records = np.isin(ids, previous["SK_ID_CURR"].to_numpy())
    is_linked = np.zeros(len(ids), dtype=bool)
    for part in (is_test, ~is_test):
        is_linked |= part & (ids <= ids[part & has_records].max())
    return np.flatnonzero(is_linked)


def _counts(ids: NDArray[np.int64], records: pd.DataFrame) -> NDArray[np.int64]:
    """Return how many records each applicant has."""
    return np.asarray(records["SK_ID_CURR"].value_counts().reindex(ids, fill_value=0))


def _with_codes(
    records: pd.DataFrame, ids: NDArray[np.int64], codes: dict[str, Codes]
) -> tuple[pd.DataFrame, dict[str, Codes]]:
    """Return the records of linked applicants and, per record, the codes of its applicant."""
    place = pd.Series(np.arange(len(ids)), index=ids).reindex(records["SK_ID_CURR"]).to_numpy()
    known = ~np.isnan(place)
    owner = place[known].astype(int)
    return records[known].reset_index(drop=True), {name: code[owner] for name, code in codes.items()}


def _card_codes(
    months: pd.DataFrame, previous: pd.DataFrame, ids: NDArray[np.int64], codes: dict[str, Codes]
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Codes]]:
    """Return the months of linked cards, the applications, and per card by id the codes of its applicant."""
    months = months[months["SK_ID_CURR"].isin(ids)]
    cards = months[["SK_ID_PREV", "SK_ID_CURR"]].drop_duplicates("SK_ID_PREV").sort_values("SK_ID_PREV")
    return months, previous, _with_codes(cards, ids, codes)[1]


def _with_old_cards(previous: pd.DataFrame, months: pd.DataFrame) -> pd.DataFrame:
    """Return previous applications with one for each card that was opened before the record of them begins.

    The real record reaches eight years back and so lacks the application of older cards. The sample gives each of them
    one, in the oldest month: another granted card's application with the limit of the card.
    """
    cards = months.sort_values("MONTHS_BALANCE").drop_duplicates("SK_ID_PREV")
    cards = cards[~cards["SK_ID_PREV"].isin(previous["SK_ID_PREV"]) & (cards["MONTHS_BALANCE"] <= OPENED_BEFORE)]
    is_card = (previous["NAME_CONTRACT_TYPE"] == "Revolving loans") & (previous["NAME_CONTRACT_STATUS"] == "Approved")
    is_used = cards["SK_ID_PREV"].isin(months.loc[months["AMT_BALANCE"] > 0, "SK_ID_PREV"])
    is_drawn_on = previous["DAYS_FIRST_DRAWING"] < 0
    parts = [
        previous[is_card & (is_drawn_on == used)].sample(int((is_used == used).sum()), replace=True, random_state=0)
        for used in (False, True)
    ]
    cards = cards.iloc[np.argsort(is_used.to_numpy(), kind="stable")]
    added = pd.concat(parts, ignore_index=True)
    for name in ("SK_ID_PREV", "SK_ID_CURR"):
        added[name] = cards[name].to_numpy()
    added["DAYS_DECISION"] = np.random.default_rng(0).integers(OLDEST_DAY, OLDEST_DAY + 30, len(cards))
    return pd.concat([previous, added], ignore_index=True)


def main() -> int:
    """Fit and write; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m training.population.fitting", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the real tables as Parquet")
    parser.add_argument("--out", type=Path, default=PROFILE_PATH, help="file to write (default: the shipped profile)")
    args = parser.parse_args()
    try:
        save_profile(fit_profile(args.data), args.out)
    except TrainingError as error:
        sys.stderr.write(f"error {error}\n")
        return 2
    sys.stdout.write(f"{args.out}: {args.out.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
