"""The sample population: what every draw of it promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from tests.builders.sample import AS_IN_REAL_TABLES
from training.population.drawing.generate import Plan, generate
from training.population.drawing.profile import load_profile
from training.population.drawing.tables import TABLES, TRUTH
from training.sources import load_sources

if TYPE_CHECKING:
    from pathlib import Path

type Sample = dict[str, pd.DataFrame]

N_TRAIN = 2_500


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """Return a small sample, drawn once for the module."""
    return drawn(tmp_path_factory.mktemp("sample"), N_TRAIN, seed=7)


def drawn(folder: Path, n_train: int, seed: int) -> Sample:
    """Return the tables of a sample."""
    generate(load_profile(), Plan(n_train, seed), folder, "parquet")
    return {table: pd.read_parquet(folder / f"{table}.parquet") for table in (*TABLES, TRUTH)}


def test_tables_have_the_columns_and_types_of_the_data_set(sample: Sample) -> None:
    """Every table has the columns of the data set, in its order."""
    schemas = load_profile().schemas

    assert {table: [name for name, _ in schemas[table]] for table in TABLES} == {
        table: list(sample[table].columns) for table in TABLES
    }


def test_same_seed_gives_the_same_rows(tmp_path: Path) -> None:
    """The rows depend on the number of applications and the seed alone."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, second = drawn(tmp_path / "a", 300, seed=1), drawn(tmp_path / "b", 300, seed=1)

    for table, rows in first.items():
        pd.testing.assert_frame_equal(rows, second[table])


def test_other_seed_gives_other_rows(tmp_path: Path, sample: Sample) -> None:
    """Two seeds give two populations."""
    other = drawn(tmp_path, 300, seed=8)

    assert not other["application_train"]["EXT_SOURCE_2"].equals(sample["application_train"]["EXT_SOURCE_2"].head(300))


def test_sets_keep_the_real_ratio(sample: Sample) -> None:
    """Training and test applications stand in the ratio of the data set and share no id."""
    train, test = sample["application_train"], sample["application_test"]

    assert len(train) == N_TRAIN
    assert len(test) == round(N_TRAIN * 48_744 / 307_511)
    assert not set(train["SK_ID_CURR"]) & set(test["SK_ID_CURR"])


def test_truth_stands_beside_the_tables(sample: Sample) -> None:
    """Every applicant has a true probability, no table holds it, and defaults follow it."""
    truth = sample[TRUTH]
    applicants = pd.concat([sample["application_train"], sample["application_test"]])

    assert set(applicants["SK_ID_CURR"]) == set(truth["SK_ID_CURR"])
    assert not any("default_probability" in sample[table] for table in TABLES)
    observed = sample["application_train"]["TARGET"].mean()
    assert abs(observed - truth["default_probability"].mean()) < 4 * np.sqrt(0.08 * 0.92 / N_TRAIN)


def test_keys_are_unique_and_linked(sample: Sample) -> None:
    """Loan ids are unique and every record belongs to something that exists."""
    applicants = set(sample[TRUTH]["SK_ID_CURR"])
    bureau, previous = sample["bureau"], sample["previous_application"]

    assert bureau["SK_ID_BUREAU"].is_unique
    assert previous["SK_ID_PREV"].is_unique
    assert set(bureau["SK_ID_CURR"]) <= applicants
    assert set(previous["SK_ID_CURR"]) <= applicants
    assert set(sample["bureau_balance"]["SK_ID_BUREAU"]) <= set(bureau["SK_ID_BUREAU"])


@pytest.mark.parametrize(
    ("table", "contracts"),
    [
        ("POS_CASH_balance", {"Consumer loans", "Cash loans"}),
        ("credit_card_balance", {"Revolving loans"}),
        ("installments_payments", {"Consumer loans", "Cash loans", "Revolving loans"}),
    ],
)
def test_balances_belong_to_a_granted_loan_of_their_kind(sample: Sample, table: str, contracts: set[str]) -> None:
    """A month or a payment belongs to an approved previous application of the same applicant."""
    previous = sample["previous_application"]
    columns = ["SK_ID_PREV", "NAME_CONTRACT_TYPE", "NAME_CONTRACT_STATUS", "SK_ID_CURR"]
    keys = sample[table][["SK_ID_PREV", "SK_ID_CURR"]]
    linked = keys.merge(previous[columns], on="SK_ID_PREV", how="left", validate="many_to_one")

    assert (linked["NAME_CONTRACT_STATUS"] == "Approved").all()
    assert set(linked["NAME_CONTRACT_TYPE"]) <= contracts
    assert (linked["SK_ID_CURR_x"] == linked["SK_ID_CURR_y"]).all()


@pytest.mark.parametrize("table", ["POS_CASH_balance", "credit_card_balance", "bureau_balance"])
def test_months_exist_and_are_told_once(sample: Sample, table: str) -> None:
    """A loan has one row per month, none after the application or older than eight years."""
    key = "SK_ID_BUREAU" if table == "bureau_balance" else "SK_ID_PREV"
    months = sample[table]

    assert months["MONTHS_BALANCE"].between(-96, 0).all()
    assert not months.duplicated([key, "MONTHS_BALANCE"]).any()


def test_remaining_instalments_never_grow(sample: Sample) -> None:
    """Within a loan the instalments still to come only go down."""
    months = sample["POS_CASH_balance"].sort_values(["SK_ID_PREV", "MONTHS_BALANCE"])

    assert (months.groupby("SK_ID_PREV")["CNT_INSTALMENT_FUTURE"].diff().dropna() <= 0).all()


def test_payments_follow_a_schedule(sample: Sample) -> None:
    """The instalments of a loan fall due thirty days apart, in the order of their numbers."""
    payments = sample["installments_payments"]
    due = payments[payments["NUM_INSTALMENT_VERSION"] > 0].drop_duplicates(["SK_ID_PREV", "NUM_INSTALMENT_NUMBER"])
    steps = due.sort_values(["SK_ID_PREV", "NUM_INSTALMENT_NUMBER"]).groupby("SK_ID_PREV")["DAYS_INSTALMENT"].diff()

    assert len(steps) > 10_000
    assert (steps.dropna() == 30).all()


def test_cards_add_up_from_month_to_month(sample: Sample) -> None:
    """A month is mature when a payment was due in it, drawings are the sum of their places, nothing is negative."""
    months = sample["credit_card_balance"].sort_values(["SK_ID_PREV", "MONTHS_BALANCE"])
    places = months[[f"AMT_DRAWINGS_{place}_CURRENT" for place in ("ATM", "POS", "OTHER")]].fillna(0.0).sum(axis=1)
    card = months["SK_ID_PREV"]
    known = months["CNT_INSTALMENT_MATURE_CUM"].notna() & (card == card.shift())
    steps = months.groupby("SK_ID_PREV")["CNT_INSTALMENT_MATURE_CUM"].diff()[known].dropna()

    np.testing.assert_allclose(places, months["AMT_DRAWINGS_CURRENT"], atol=1e-6)
    assert set(steps[months["MONTHS_BALANCE"].diff()[steps.index] == 1]) <= {0.0, 1.0}
    assert (months[["AMT_BALANCE", "AMT_CREDIT_LIMIT_ACTUAL", "AMT_PAYMENT_TOTAL_CURRENT"]] >= 0).all().all()


@pytest.mark.parametrize("n_train", [1, 3, 40])
def test_any_size_can_be_drawn(tmp_path: Path, n_train: int) -> None:
    """A handful of applicants is a population too, with tables that may be empty but have their columns."""
    few = drawn(tmp_path, n_train, seed=4)

    assert len(few["application_train"]) == n_train
    schema = load_profile().schemas["credit_card_balance"]
    assert [name for name, _ in schema] == list(few["credit_card_balance"].columns)


def test_training_and_test_applications_differ_as_the_real_sets_do(sample: Sample) -> None:
    """Test applications are cash loans nearly throughout and lack the first external score less often."""
    train, test = sample["application_train"], sample["application_test"]
    revolving = [(side["NAME_CONTRACT_TYPE"] == "Revolving loans").mean() for side in (train, test)]
    missing = [side["EXT_SOURCE_1"].isna().mean() for side in (train, test)]

    assert revolving[1] < revolving[0] / 2
    assert missing[1] < missing[0] - 0.05


def test_balances_start_with_their_bureau_loan(sample: Sample) -> None:
    """No balance is older than the loan it belongs to."""
    opened = sample["bureau"].set_index("SK_ID_BUREAU")["DAYS_CREDIT"]
    oldest = sample["bureau_balance"].groupby("SK_ID_BUREAU")["MONTHS_BALANCE"].min()

    assert (oldest * 30.4375 >= opened.reindex(oldest.index) - 31).all()


def test_sentinels_of_pensioners_hold_together(sample: Sample) -> None:
    """Without employment there is no employer and no work phone, as in the data set."""
    train = sample["application_train"]
    is_unemployed = train["DAYS_EMPLOYED"] == 365243

    assert 0.1 < is_unemployed.mean() < 0.25
    assert (train.loc[is_unemployed, "ORGANIZATION_TYPE"] == "XNA").mean() > 0.99
    assert (train.loc[is_unemployed, "FLAG_EMP_PHONE"] == 0).mean() > 0.99


def test_late_payers_default_more(sample: Sample) -> None:
    """The share of late payments is higher among applicants who default."""
    payments = sample["installments_payments"]
    is_late = payments["DAYS_ENTRY_PAYMENT"] > payments["DAYS_INSTALMENT"]
    late_share = is_late.groupby(payments["SK_ID_CURR"]).mean().rename("late")
    train = sample["application_train"].set_index("SK_ID_CURR").join(late_share, how="inner")
    mean = train.groupby("TARGET")["late"].mean()

    assert mean[1] > 1.1 * mean[0]


def test_sample_loads_with_the_notes_of_real_tables_alone(tmp_path: Path) -> None:
    """The sources remark on nothing in a sample that real tables do not hold: bounds, vocabularies, keys, links."""
    generate(load_profile(), Plan(6_000, seed=5), tmp_path, "parquet")

    assert {note.partition(":")[0] for note in load_sources(tmp_path).notes} <= {*AS_IN_REAL_TABLES}
