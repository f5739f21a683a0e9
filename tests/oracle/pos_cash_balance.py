"""The aggregates of POS_CASH_balance in pandas, column by column in the order of the SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracle.grouped import ByApplicant, ratio

if TYPE_CHECKING:
    import pandas as pd


def features(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Return each aggregate by applicant."""
    return {**_whole(rows), **_recent(rows), **_paced(rows)}


def _whole(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute the aggregates of all months, by month and by credit."""
    by, loans = ByApplicant(rows), _loans(rows)
    by_loan = ByApplicant(loans)
    late, year = rows.SK_DPD_DEF > 0, rows.MONTHS_BALANCE >= -12
    left = loans.left.where(loans.active)
    return {
        "POS_CREDITS_COUNT": by_loan.number(loans.SK_ID_PREV.notna()),
        "POS_MONTHS_COUNT": by.number(rows.SK_ID_PREV.notna()),
        "POS_ACTIVE_COUNT": by_loan.number(loans.active),
        "POS_COMPLETED_COUNT": by_loan.number(loans.completed),
        "POS_COMPLETED_EARLY_SHARE": by_loan.share(loans.term_at_end < loans.term, loans.completed),
        "POS_LATE_COUNT": by.number(late),
        "POS_LATE_SHARE": by.share(late),
        "POS_LATE_SHARE_12M": by.share(late, year),
        "POS_PAST_DUE_SHARE": by.share(rows.SK_DPD > 0),
        "POS_LATE_CREDITS_SHARE": by_loan.share(loans.late),
        "POS_LATE_DAYS_MEAN": by.total(rows.SK_DPD_DEF) / by.number(rows.SK_ID_PREV.notna()),
        "POS_LATE_DAYS_MAX": by.largest(rows.SK_DPD_DEF),
        "POS_LATE_DAYS_MAX_12M": by.largest(rows.SK_DPD_DEF.where(year)),
        "POS_PAST_DUE_DAYS_MAX": by.largest(rows.SK_DPD),
        "POS_INSTALMENTS_LEFT_SUM": by_loan.total(left),
        "POS_INSTALMENTS_LEFT_RATIO": ratio(by_loan.total(left), by_loan.total(loans.term.where(left.notna()))),
        "POS_TERM_MEAN": by_loan.mean(loans.term),
        "POS_MONTH_MAX": by.largest(rows.MONTHS_BALANCE),
        "POS_MONTH_MIN": by.smallest(rows.MONTHS_BALANCE),
    }


def _loans(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row per credit: its term, whether it completed or was late, and its state in the last month."""
    keys = ["SK_ID_CURR", "SK_ID_PREV"]
    completed = rows.NAME_CONTRACT_STATUS == "Completed"
    marked = rows.assign(
        completed=completed, late=rows.SK_DPD_DEF > 0, term_at_end=rows.CNT_INSTALMENT.where(completed)
    )
    loans = marked.groupby(keys).agg(
        term=("CNT_INSTALMENT", "max"),
        term_at_end=("term_at_end", "max"),
        completed=("completed", "any"),
        late=("late", "any"),
        month=("MONTHS_BALANCE", "max"),
    )
    last = rows.loc[rows.groupby(keys).MONTHS_BALANCE.idxmax()].set_index(keys)
    loans["left"], loans["active"] = last.CNT_INSTALMENT_FUTURE, last.NAME_CONTRACT_STATUS == "Active"
    return loans.reset_index()


def _recent(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute how credits ended, the last months, and the last one and three credits."""
    by, loans = ByApplicant(rows), _loans(rows)
    by_loan, year, dpd = ByApplicant(loans), rows.MONTHS_BALANCE >= -12, rows.SK_DPD
    recency = _recency(rows)
    last, three = recency == 1, recency <= 3
    latest_first = loans.sort_values(["month", "SK_ID_PREV"], ascending=False)
    terms = latest_first.term.astype(float).groupby(latest_first.SK_ID_CURR)
    return {
        "POS_COMPLETED_SHARE": by_loan.share(loans.completed),
        "POS_RETURNED_COUNT": by.distinct(rows.SK_ID_PREV.where(rows.NAME_CONTRACT_STATUS == "Returned to the store")),
        "POS_CALLED_IN_COUNT": by.distinct(
            rows.SK_ID_PREV.where(rows.NAME_CONTRACT_STATUS.isin(["Demand", "Amortized debt"]))
        ),
        "POS_LATE_COUNT_12M": by.number(year & (rows.SK_DPD_DEF > 0)),
        "POS_PAST_DUE_SHARE_12M": by.share(dpd > 0, year),
        "POS_PAST_DUE_DAYS_MAX_12M": by.largest(dpd.where(year)),
        "POS_PAST_DUE_DAYS_MAX_6M": by.largest(dpd.where(rows.MONTHS_BALANCE >= -6)),
        "POS_INSTALMENTS_LEFT_MAX": by_loan.largest(loans.left.where(loans.active)),
        "POS_PAST_DUE_DAYS_MAX_LAST1": by.largest(dpd.where(last)),
        "POS_PAST_DUE_SHARE_LAST1": by.share(dpd > 0, last),
        "POS_PAST_DUE_SHARE_LAST3": by.share(dpd > 0, three),
        "POS_TERM_MEAN_LAST1": terms.apply(lambda values: values.iloc[0]),
        "POS_TERM_MEAN_LAST3": terms.apply(lambda values: values.iloc[:3].mean()),
    }


def _recency(rows: pd.DataFrame) -> pd.Series:
    """Rank the credits of each applicant from the one followed last, for every month of theirs."""
    last = rows.groupby(["SK_ID_CURR", "SK_ID_PREV"]).MONTHS_BALANCE.max().reset_index()
    ranked = last.sort_values(["MONTHS_BALANCE", "SK_ID_PREV"], ascending=False)
    ranked["recency"] = ranked.groupby("SK_ID_CURR").cumcount() + 1
    keys = ["SK_ID_CURR", "SK_ID_PREV"]
    return rows[keys].merge(ranked[[*keys, "recency"]], on=keys, how="left").set_index(rows.index).recency


def _paced(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute the mean that weighs late days by how recent, and what concerns running credits."""
    by, keys = ByApplicant(rows), ["SK_ID_CURR", "SK_ID_PREV"]
    weight = (12e6 / (12 - rows.MONTHS_BALANCE)).floordiv(1)
    active = rows[keys].merge(_loans(rows)[[*keys, "active"]], on=keys, how="left").set_index(rows.index).active
    return {
        "POS_LATE_DAYS_WEIGHTED_MEAN": by.total(weight * rows.SK_DPD_DEF)
        / by.total(weight.where(rows.SK_DPD_DEF.notna())),
        "POS_ACTIVE_PAST_DUE_SHARE": by.share(rows.SK_DPD > 0, active.fillna(value=False).astype(bool)),
    }
