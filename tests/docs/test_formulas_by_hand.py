"""A stranger who has the page alone computes what the SQL computes: a handful of features, worked from its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from delivery.paths import ROOT
from features.sql import KEY
from tests.builders.histories import features_of
from tests.builders.home_credit import clean_histories

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = (ROOT / "docs" / "features.md").read_text(encoding="utf-8")


def _closed_early_share(bureau: pd.DataFrame) -> float | None:
    """Take, of the credits with both dates, those that ended before the agreed end."""
    dated = [
        row for row in bureau.itertuples() if pd.notna(row.DAYS_ENDDATE_FACT) and pd.notna(row.DAYS_CREDIT_ENDDATE)
    ]
    early = [row for row in dated if row.DAYS_ENDDATE_FACT < row.DAYS_CREDIT_ENDDATE]
    return len(early) / len(dated) if dated else None


def _active_debt(bureau: pd.DataFrame) -> float | None:
    """Add the debts of running credits up, where at least half are known; all rows here are of the main currency."""
    running = [row.AMT_CREDIT_SUM_DEBT for row in bureau.itertuples() if row.CREDIT_ACTIVE == "Active"]
    known = [debt for debt in running if pd.notna(debt)]
    return sum(known) if known and 2 * len(known) >= len(running) else None


def _late_share_12m(payments: pd.DataFrame) -> float | None:
    """Take, of the instalments of day -365 to 0 whose delay is known, those paid after their day."""
    late = []
    for _, parts in payments[payments.DAYS_INSTALMENT >= -365].groupby(
        ["SK_ID_PREV", "NUM_INSTALMENT_VERSION", "NUM_INSTALMENT_NUMBER", "DAYS_INSTALMENT"], dropna=False
    ):
        day = parts.DAYS_INSTALMENT.iloc[0]
        paid = parts.DAYS_ENTRY_PAYMENT.max()
        late.append((0 if pd.isna(paid) else paid) > day)
    return sum(late) / len(late) if late else None


def _over_limit_share_12m(months: pd.DataFrame) -> float | None:
    """Take, of the months -1 to -12, those with a balance above the limit; an unknown balance is none."""
    year = [row for row in months.itertuples() if row.MONTHS_BALANCE >= -12]
    over = [row for row in year if pd.notna(row.AMT_BALANCE) and row.AMT_BALANCE > row.AMT_CREDIT_LIMIT_ACTUAL]
    return len(over) / len(year) if year else None


def _price(requests: pd.DataFrame) -> float | None:
    """Average what is paid above the credit, over approved requests with annuity, term and credit."""
    prices = [
        row.AMT_ANNUITY * row.CNT_PAYMENT / row.AMT_CREDIT - 1
        for row in requests.itertuples()
        if row.NAME_CONTRACT_STATUS == "Approved"
        and pd.notna(row.AMT_ANNUITY)
        and pd.notna(row.CNT_PAYMENT)
        and pd.notna(row.AMT_CREDIT)
        and row.CNT_PAYMENT > 0
    ]
    return sum(prices) / len(prices) if prices else None


@pytest.mark.parametrize(
    ("table", "feature", "words", "by_hand"),
    [
        (
            "bureau",
            "BUREAU_CLOSED_EARLY_SHARE",
            (
                "`COUNT(rows where DAYS_ENDDATE_FACT < DAYS_CREDIT_ENDDATE) / "
                "COUNT(rows where DAYS_ENDDATE_FACT IS NOT NULL AND DAYS_CREDIT_ENDDATE IS NOT NULL)`"
            ),
            _closed_early_share,
        ),
        (
            "bureau",
            "BUREAU_ACTIVE_DEBT_SUM",
            (
                "`CASE WHEN 2 * COUNT(DEBT where IS_ACTIVE = 1) >= COUNT(rows where IS_ACTIVE = 1) "
                "THEN SUM(DEBT where IS_ACTIVE = 1) END`"
            ),
            _active_debt,
        ),
        ("installments_payments", "INSTALMENTS_LATE_SHARE_12M", "`LATE_12M / TIMED_12M`", _late_share_12m),
        (
            "credit_card_balance",
            "CARD_OVER_LIMIT_SHARE_12M",
            (
                "`COUNT(rows where MONTHS_BALANCE >= -12 AND BALANCE > CARD_LIMIT) "
                "/ COUNT(rows where MONTHS_BALANCE >= -12)`"
            ),
            _over_limit_share_12m,
        ),
        ("previous_application", "PREVIOUS_PRICE_MEAN", "`SUM(APPROVED_PRICE) / COUNT(APPROVED_PRICE)`", _price),
    ],
)
def test_page_suffices(table: str, feature: str, words: str, by_hand: Callable[[pd.DataFrame], float | None]) -> None:
    """What the words of the page give by hand is what the service computes, applicant by applicant."""
    (line,) = (line for line in PAGE.splitlines() if line.startswith(f"| `{feature}` |"))
    assert words in line

    rows = clean_histories(n_train=12)[table]
    for _, own in rows.groupby(KEY):
        clean = own.astype(object).where(own.notna(), None)
        found = features_of(table, {table: clean.to_dict("records")})[feature]
        assert found == pytest.approx(by_hand(own))
