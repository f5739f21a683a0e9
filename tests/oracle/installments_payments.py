"""The aggregates of installments_payments in pandas, column by column in the order of the SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracle.grouped import ByApplicant, ratio

if TYPE_CHECKING:
    import pandas as pd


def features(rows: pd.DataFrame, previous: pd.DataFrame) -> dict[str, pd.Series]:
    """Return each aggregate by applicant."""
    found = {**_lateness(rows), **_amounts(rows), **_windows(rows), **_last(rows)}
    return {**found, **_spread(rows), **_late_credits(rows), **_running(rows, previous)}


def _instalments(rows: pd.DataFrame) -> pd.DataFrame:
    """Put the parts of an instalment together; what fell due and was never paid is open up to the application."""
    keys = ["SK_ID_CURR", "SK_ID_PREV", "NUM_INSTALMENT_VERSION", "NUM_INSTALMENT_NUMBER", "DAYS_INSTALMENT"]
    counted = rows.AMT_PAYMENT.where(rows.DAYS_ENTRY_PAYMENT <= 0)
    parts = rows.assign(counted=counted).groupby(keys, dropna=False)
    whole = parts.agg(due=("AMT_INSTALMENT", "max"), paid_on=("DAYS_ENTRY_PAYMENT", "max"))
    whole["paid"] = parts["counted"].sum(min_count=1)
    whole = whole.reset_index()
    whole["unpaid"] = whole.paid_on.isna()
    overdue = whole.unpaid & (whole.DAYS_INSTALMENT < 0)
    whole["paid"] = whole.paid.mask(overdue, 0.0)
    whole["paid_on"] = whole.paid_on.mask(overdue, 0.0)
    return whole[~whole.unpaid | ~(whole.DAYS_INSTALMENT >= 0)].reset_index(drop=True)


def _lateness(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute what concerns days."""
    whole = _instalments(rows)
    by = ByApplicant(whole)
    delay = whole.paid_on - whole.DAYS_INSTALMENT
    late, known, year = delay.clip(lower=0), delay.notna(), whole.DAYS_INSTALMENT >= -365
    return {
        "INSTALMENTS_DUE_COUNT": by.number(whole.SK_ID_PREV.notna()),
        "INSTALMENTS_CREDITS_COUNT": by.distinct(whole.SK_ID_PREV),
        "INSTALMENTS_LATE_COUNT": by.number(late > 0),
        "INSTALMENTS_UNPAID_COUNT": by.number(whole.unpaid),
        "INSTALMENTS_LATE_DAYS_MEAN": by.mean(late),
        "INSTALMENTS_LATE_DAYS_MAX": by.largest(late),
        "INSTALMENTS_EARLY_DAYS_MEAN": by.mean((-delay).clip(lower=0)),
        "INSTALMENTS_LATE_SHARE": by.share(late > 0, known),
        "INSTALMENTS_LATE_WEEK_SHARE": by.share(late > 7, known),
        "INSTALMENTS_LATE_MONTH_SHARE": by.share(late > 30, known),
        "INSTALMENTS_LATE_DAYS_MEAN_12M": by.mean(late.where(year)),
        "INSTALMENTS_LATE_DAYS_MAX_12M": by.largest(late.where(year)),
        "INSTALMENTS_LATE_SHARE_12M": by.share(late > 0, known & year),
        "INSTALMENTS_LATE_DAYS_TREND": by.mean(late.where(year)) - by.mean(late),
    }


def _amounts(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute what concerns amounts, and the first and last day."""
    whole = _instalments(rows)
    by = ByApplicant(whole)
    due, paid, days = whole.due, whole.paid, whole.DAYS_INSTALMENT
    # Amounts have three decimals: a difference below half a thousandth is only the noise of adding doubles.
    shortfall = (due - paid).clip(lower=0).round(3)
    known, year = shortfall.notna(), days >= -365
    return {
        "INSTALMENTS_UNDERPAID_SHARE": by.share(shortfall > 0, known),
        "INSTALMENTS_UNDERPAID_SHARE_12M": by.share(shortfall > 0, known & year),
        "INSTALMENTS_UNDERPAID_SUM": by.total(shortfall),
        "INSTALMENTS_PAID_RATIO": ratio(by.total(paid), by.total(due)),
        "INSTALMENTS_PAID_RATIO_12M": ratio(by.total(paid.where(year)), by.total(due.where(year))),
        "INSTALMENTS_DUE_MEAN": by.mean(due),
        "INSTALMENTS_DUE_MAX": by.largest(due),
        "INSTALMENTS_DUE_SUM_12M": by.total(due.where(year)),
        "INSTALMENTS_DAYS_MAX": by.largest(days),
        "INSTALMENTS_DAYS_MIN": by.smallest(days),
    }


def _windows(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute the recent windows, the trends and the spread."""
    whole = _instalments(rows)
    by, days = ByApplicant(whole), whole.DAYS_INSTALMENT
    delay = whole.paid_on - days
    late, known, early = delay.clip(lower=0), delay.notna(), (-delay).clip(lower=0)
    short = (whole.due - whole.paid).clip(lower=0).round(3)
    within = {"3M": days >= -90, "6M": days >= -180, "24M": days >= -730}
    half, year, two_years = within["6M"], days >= -365, within["24M"]
    return {
        **{f"INSTALMENTS_LATE_DAYS_MEAN_{name}": by.mean(late.where(window)) for name, window in within.items()},
        **{f"INSTALMENTS_LATE_SHARE_{name}": by.share(late > 0, known & window) for name, window in within.items()},
        "INSTALMENTS_LATE_DAYS_MAX_6M": by.largest(late.where(half)),
        "INSTALMENTS_LATE_COUNT_12M": by.number(year & (late > 0)),
        "INSTALMENTS_EARLY_DAYS_MEAN_12M": by.mean(early.where(year)),
        "INSTALMENTS_UNDERPAID_SHARE_6M": by.share(short > 0, short.notna() & half),
        "INSTALMENTS_PAID_RATIO_6M": ratio(by.total(whole.paid.where(half)), by.total(whole.due.where(half))),
        "INSTALMENTS_UNDERPAID_SUM_12M": by.total(short.where(year)),
        "INSTALMENTS_LATE_DAYS_TREND_6M": by.mean(late.where(half)) - by.mean(late.where(two_years)),
        "INSTALMENTS_LATE_SHARE_TREND": by.share(late > 0, known & year) - by.share(late > 0, known),
        "INSTALMENTS_DELAY_STD": delay.astype(float).groupby(whole.SK_ID_CURR).std(ddof=0),
        "INSTALMENTS_VERSION_MAX": by.largest(whole.NUM_INSTALMENT_VERSION),
    }


def _last(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute what concerns the last credit and the last three."""
    whole = _instalments(rows)
    by, recency = ByApplicant(whole), _recency(whole)
    delay = whole.paid_on - whole.DAYS_INSTALMENT
    late, early = delay.clip(lower=0), (-delay).clip(lower=0)
    short = (whole.due - whole.paid).clip(lower=0).round(3)
    found: dict[str, pd.Series] = {}
    for n in (1, 3):
        last = recency <= n
        found |= {
            f"INSTALMENTS_LATE_DAYS_MEAN_LAST{n}": by.mean(late.where(last)),
            f"INSTALMENTS_LATE_SHARE_LAST{n}": by.share(late > 0, delay.notna() & last),
            f"INSTALMENTS_UNDERPAID_SHARE_LAST{n}": by.share(short > 0, short.notna() & last),
            f"INSTALMENTS_EARLY_DAYS_MEAN_LAST{n}": by.mean(early.where(last)),
        }
    return found | {"INSTALMENTS_DUE_MEAN_LAST1": by.mean(whole.due.where(recency == 1))}


def _recency(whole: pd.DataFrame) -> pd.Series:
    """Rank the credits of each applicant from the one with the last instalment, for every instalment."""
    keys = ["SK_ID_CURR", "SK_ID_PREV"]
    last = whole.groupby(keys).DAYS_INSTALMENT.max().reset_index()
    ranked = last.sort_values(["DAYS_INSTALMENT", "SK_ID_PREV"], ascending=False)
    ranked["recency"] = ranked.groupby("SK_ID_CURR").cumcount() + 1
    return whole[keys].merge(ranked[[*keys, "recency"]], on=keys, how="left").recency


def _spread(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute the delays of the last credit, how delays change, and the mean that weighs them by how recent."""
    whole = _instalments(rows)
    by, days, last = ByApplicant(whole), whole.DAYS_INSTALMENT, _recency(whole) == 1
    delay = (whole.paid_on - days).astype(float)
    weight = (365e6 / (365 - days)).floordiv(1)
    return {
        "INSTALMENTS_DELAY_MIN_LAST1": by.smallest(delay.where(last)),
        "INSTALMENTS_DELAY_MAX_LAST1": by.largest(delay.where(last)),
        "INSTALMENTS_DELAY_STD_LAST1": delay.where(last).groupby(whole.SK_ID_CURR).std(ddof=0),
        "INSTALMENTS_DELAY_SLOPE_12M": _slope(whole.SK_ID_CURR, days, delay.where(days >= -365)),
        "INSTALMENTS_DELAY_SLOPE_24M": _slope(whole.SK_ID_CURR, days, delay.where(days >= -730)),
        "INSTALMENTS_LATE_DAYS_WEIGHTED_MEAN": by.total(weight * delay.clip(lower=0))
        / by.total(weight.where(delay.notna())),
    }


def _slope(applicants: pd.Series, days: pd.Series, delay: pd.Series) -> pd.Series:
    """Return the days of delay that a year adds, by deviations from the means."""
    known = delay.notna()
    keys, time, late = applicants[known], days[known].astype(float), delay[known]
    time = time - time.groupby(keys).transform("mean")
    late = late - late.groupby(keys).transform("mean")
    squares = (time * time).groupby(keys).sum()
    return 365 * (time * late).groupby(keys).sum() / squares.where(squares > 1e-6)


def _late_credits(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute the credits that were more than a week late, the largest payment and what was paid above the due."""
    whole = _instalments(rows)
    by, delay = ByApplicant(whole), whole.paid_on - whole.DAYS_INSTALMENT
    keys = [whole.SK_ID_CURR, whole.SK_ID_PREV.fillna(-1)]
    late = (delay > 7).groupby(keys).transform("any")
    above = (whole.paid - whole.due).clip(lower=0).round(3)
    return {
        "INSTALMENTS_LATE_CREDITS_COUNT": by.distinct(whole.SK_ID_PREV.fillna(-1).where(late)),
        "INSTALMENTS_LATE_CREDITS_DUE_MEAN": by.mean(whole.due.where(late)),
        "INSTALMENTS_PAID_MAX": by.largest(whole.paid),
        "INSTALMENTS_OVERPAID_SHARE": by.share(above > 0, above.notna()),
        "INSTALMENTS_OVERPAID_RATIO": ratio(by.total(above), by.total(whole.due)),
    }


def _running(rows: pd.DataFrame, previous: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute what was paid and what is left of the credits that run, cards aside."""
    open_ended = previous.DAYS_TERMINATION.isna() | (previous.DAYS_TERMINATION > 0)
    running = (
        (previous.NAME_CONTRACT_STATUS == "Approved")
        & previous.NFLAG_INSURED_ON_APPROVAL.notna()
        & open_ended
        & previous.NAME_CONTRACT_TYPE.notna()
        & (previous.NAME_CONTRACT_TYPE != "Revolving loans")
    )
    paid = _instalments(rows).groupby(["SK_ID_CURR", "SK_ID_PREV"]).paid.sum(min_count=1).reset_index()
    terms = previous.loc[running, ["SK_ID_PREV", "AMT_CREDIT", "AMT_ANNUITY", "CNT_PAYMENT"]]
    loans = paid.merge(terms, on="SK_ID_PREV", validate="many_to_one")
    by, both = ByApplicant(loans), loans.paid.notna() & loans.AMT_CREDIT.notna()
    left = (loans.AMT_ANNUITY * loans.CNT_PAYMENT - loans.paid).clip(lower=0)
    return {
        "INSTALMENTS_RUNNING_PAID_RATIO": ratio(
            by.total(loans.paid.where(both)), by.total(loans.AMT_CREDIT.where(both))
        ),
        "INSTALMENTS_RUNNING_LEFT_SUM": by.total(left),
    }
