"""The aggregates of previous_application in pandas, column by column in the order of the SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracle.grouped import ByApplicant, ratio

if TYPE_CHECKING:
    import pandas as pd


def features(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Return each aggregate by applicant."""
    repeated = (rows.FLAG_LAST_APPL_PER_CONTRACT == "N") | (rows.NFLAG_LAST_APPL_IN_DAY == 0)
    last = rows[~repeated]
    found = {**_decisions(last), **_amounts(last), **_last(last), **_further(last), **_rates(last), **_kinds(last)}
    repeats = ByApplicant(rows).number(repeated)
    return {**found, "PREVIOUS_REPEATED_COUNT": repeats[repeats.index.isin(last.SK_ID_CURR)]}


def _decisions(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute counts, shares and days."""
    by = ByApplicant(rows)
    status, days, kind = rows.NAME_CONTRACT_STATUS, rows.DAYS_DECISION, rows.NAME_CONTRACT_TYPE
    approved, refused, year = status == "Approved", status == "Refused", days >= -365
    recency = _recency(rows)
    return {
        "PREVIOUS_APPLICATIONS_COUNT": by.number(rows.SK_ID_PREV.notna()),
        "PREVIOUS_APPROVED_COUNT": by.number(approved),
        "PREVIOUS_REFUSED_COUNT": by.number(refused),
        "PREVIOUS_APPLICATIONS_COUNT_12M": by.number(year),
        "PREVIOUS_REFUSED_COUNT_12M": by.number(refused & year),
        "PREVIOUS_REFUSED_SCORE_COUNT": by.number(rows.CODE_REJECT_REASON.isin(["SCO", "SCOFR"])),
        "PREVIOUS_REFUSED_POLICY_COUNT": by.number(rows.CODE_REJECT_REASON == "HC"),
        "PREVIOUS_RUNNING_COUNT": by.number(_running(rows)),
        "PREVIOUS_APPROVED_SHARE": by.share(approved),
        "PREVIOUS_REFUSED_SHARE": by.share(refused),
        "PREVIOUS_CANCELED_SHARE": by.share(status == "Canceled"),
        "PREVIOUS_REFUSED_SHARE_LAST1": by.share(refused, recency <= 1),
        "PREVIOUS_REFUSED_SHARE_LAST3": by.share(refused, recency <= 3),
        "PREVIOUS_REFUSED_SHARE_LAST5": by.share(refused, recency <= 5),
        "PREVIOUS_CASH_SHARE": by.share(kind == "Cash loans"),
        "PREVIOUS_REVOLVING_SHARE": by.share(kind == "Revolving loans"),
        "PREVIOUS_WALK_IN_SHARE": by.share(rows.NAME_PRODUCT_TYPE == "walk-in"),
        "PREVIOUS_HIGH_YIELD_SHARE": by.share(rows.NAME_YIELD_GROUP == "high"),
        "PREVIOUS_LOW_YIELD_SHARE": by.share(rows.NAME_YIELD_GROUP.isin(["low_normal", "low_action"])),
        "PREVIOUS_INSURED_SHARE": by.mean(rows.NFLAG_INSURED_ON_APPROVAL),
        "PREVIOUS_DAYS_DECISION_MAX": by.largest(days),
        "PREVIOUS_DAYS_DECISION_MIN": by.smallest(days),
        "PREVIOUS_APPROVED_DAYS_DECISION_MAX": by.largest(days.where(approved)),
        "PREVIOUS_REFUSED_DAYS_DECISION_MAX": by.largest(days.where(refused)),
        "PREVIOUS_DAYS_LAST_DUE_MAX": by.largest(rows.DAYS_LAST_DUE),
    }


def _amounts(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute amounts, rates and terms."""
    by = ByApplicant(rows)
    approved = rows.NAME_CONTRACT_STATUS == "Approved"
    granted, annuity = rows.AMT_CREDIT.where(approved), rows.AMT_ANNUITY.where(approved)
    return {
        "PREVIOUS_APPROVED_CREDIT_MEAN": by.mean(granted),
        "PREVIOUS_APPROVED_CREDIT_MAX": by.largest(granted),
        "PREVIOUS_GRANTED_TO_ASKED_RATIO": _granted_to_asked(by, rows, approved),
        "PREVIOUS_APPROVED_ANNUITY_MEAN": by.mean(annuity),
        "PREVIOUS_RUNNING_ANNUITY_SUM": by.known_total(rows.AMT_ANNUITY, _scheduled(rows)),
        "PREVIOUS_DOWN_PAYMENT_RATE_MEAN": by.mean(rows.RATE_DOWN_PAYMENT),
        "PREVIOUS_DOWN_PAYMENT_RATE_MAX": by.largest(rows.RATE_DOWN_PAYMENT),
        "PREVIOUS_TERM_MEAN": by.mean(rows.CNT_PAYMENT),
        "PREVIOUS_PRICE_MEAN": by.mean(_price(rows)),
    }


def _running(rows: pd.DataFrame) -> pd.Series:
    """Tell which credits were granted and have not ended."""
    ends_later = rows.DAYS_TERMINATION.isna() | (rows.DAYS_TERMINATION > 0)
    return (rows.NAME_CONTRACT_STATUS == "Approved") & ends_later & rows.NFLAG_INSURED_ON_APPROVAL.notna()


def _scheduled(rows: pd.DataFrame) -> pd.Series:
    """Tell which running credits have a schedule, as cards have not."""
    return _running(rows) & (rows.NAME_CONTRACT_TYPE != "Revolving loans")


def _granted_to_asked(by: ByApplicant, rows: pd.DataFrame, among: pd.Series) -> pd.Series:
    """Divide what was granted by what was asked, where both are known."""
    both = among & rows.AMT_CREDIT.notna() & rows.AMT_APPLICATION.notna()
    return ratio(by.total(rows.AMT_CREDIT.where(both)), by.total(rows.AMT_APPLICATION.where(both)))


def _recency(rows: pd.DataFrame) -> pd.Series:
    """Rank the applications of each applicant from the last one back."""
    latest_first = rows.sort_values(["DAYS_DECISION", "SK_ID_PREV"], ascending=False, na_position="last")
    return latest_first.groupby("SK_ID_CURR").cumcount().reindex(rows.index) + 1


def _price(rows: pd.DataFrame) -> pd.Series:
    """Return what was to be paid above each approved credit, as a share of it."""
    known = (rows.NAME_CONTRACT_STATUS == "Approved") & (rows.CNT_PAYMENT > 0) & (rows.AMT_CREDIT >= 1)
    return (rows.AMT_ANNUITY * rows.CNT_PAYMENT / rows.AMT_CREDIT - 1).where(known)


def _last(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute what concerns the last 1, 3 and 5 applications."""
    by, recency = ByApplicant(rows), _recency(rows)
    approved = rows.NAME_CONTRACT_STATUS == "Approved"
    measures = {
        "PREVIOUS_APPROVED_SHARE": approved.astype(float),
        "PREVIOUS_ASKED_MEAN": rows.AMT_APPLICATION,
        "PREVIOUS_ANNUITY_MEAN": rows.AMT_ANNUITY,
        "PREVIOUS_TERM_MEAN": rows.CNT_PAYMENT,
        "PREVIOUS_PRICE_MEAN": _price(rows),
    }
    three = recency <= 3
    return {
        **{
            f"{name}_LAST{n}": by.mean(values.where(recency <= n))
            for name, values in measures.items()
            for n in (1, 3, 5)
        },
        **{f"PREVIOUS_DAYS_DECISION_MEAN_LAST{n}": by.mean(rows.DAYS_DECISION.where(recency <= n)) for n in (3, 5)},
        "PREVIOUS_DOWN_PAYMENT_RATE_MEAN_LAST3": by.mean(rows.RATE_DOWN_PAYMENT.where(three)),
        "PREVIOUS_GRANTED_TO_ASKED_RATIO_LAST3": _granted_to_asked(by, rows, approved & three),
        "PREVIOUS_HIGH_YIELD_SHARE_LAST3": by.share(rows.NAME_YIELD_GROUP == "high", three),
    }


def _further(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute windows, refused amounts, ends and what is left to pay."""
    by = ByApplicant(rows)
    refused, days = rows.NAME_CONTRACT_STATUS == "Refused", rows.DAYS_DECISION
    asked, first_end = rows.AMT_APPLICATION.where(refused), rows.DAYS_LAST_DUE_1ST_VERSION
    left = (rows.AMT_ANNUITY * first_end / 30.4375).where(first_end > 0)
    return {
        "PREVIOUS_MIDDLE_YIELD_SHARE": by.share(rows.NAME_YIELD_GROUP == "middle"),
        "PREVIOUS_APPLICATIONS_COUNT_24M": by.number(days >= -730),
        "PREVIOUS_REFUSED_SHARE_12M": by.share(refused, days >= -365),
        "PREVIOUS_REFUSED_SHARE_24M": by.share(refused, days >= -730),
        "PREVIOUS_REFUSED_ASKED_MEAN": by.mean(asked),
        "PREVIOUS_REFUSED_ASKED_MAX": by.largest(asked),
        "PREVIOUS_DOWN_PAYMENT_SUM": by.total(rows.AMT_DOWN_PAYMENT),
        "PREVIOUS_ENDED_EARLY_SHARE": by.share(
            first_end > rows.DAYS_LAST_DUE, (first_end - rows.DAYS_LAST_DUE).notna()
        ),
        "PREVIOUS_DAYS_FIRST_DRAWING_MAX": by.largest(rows.DAYS_FIRST_DRAWING),
        "PREVIOUS_DAYS_FIRST_DUE_MIN": by.smallest(rows.DAYS_FIRST_DUE),
        "PREVIOUS_DAYS_TERMINATION_MAX": by.largest(rows.DAYS_TERMINATION),
        "PREVIOUS_RUNNING_LEFT_SUM": by.known_total(left, _scheduled(rows)),
    }


def _rate(rows: pd.DataFrame) -> pd.Series:
    """Return the yearly rate of interest of each approved credit, by the N-ratio formula."""
    term, credit = rows.CNT_PAYMENT.astype(float), rows.AMT_CREDIT
    interest = rows.AMT_ANNUITY * term - credit
    known = (rows.NAME_CONTRACT_STATUS == "Approved") & (term > 0) & (credit >= 1) & (interest > 0)
    return (12 * (95 * term + 9) * interest / (12 * term * (term + 1) * (4 * credit + interest))).where(known)


def _rates(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute rates of interest, and what concerns cash and consumer loans apart."""
    by, rate, recency = ByApplicant(rows), _rate(rows), _recency(rows)
    cash, consumer = (kind == rows.NAME_CONTRACT_TYPE for kind in ("Cash loans", "Consumer loans"))
    refused, granted = rows.NAME_CONTRACT_STATUS == "Refused", rows.AMT_CREDIT
    approved = rows.NAME_CONTRACT_STATUS == "Approved"
    return {
        "PREVIOUS_RATE_MEAN": by.mean(rate),
        "PREVIOUS_RATE_MAX": by.largest(rate),
        "PREVIOUS_RATE_MEAN_LAST1": by.mean(rate.where(recency <= 1)),
        "PREVIOUS_RATE_MEAN_LAST3": by.mean(rate.where(recency <= 3)),
        "PREVIOUS_CASH_RATE_MEAN": by.mean(rate.where(cash)),
        "PREVIOUS_CONSUMER_RATE_MEAN": by.mean(rate.where(consumer)),
        "PREVIOUS_CASH_REFUSED_SHARE": by.share(refused, cash),
        "PREVIOUS_CONSUMER_REFUSED_SHARE": by.share(refused, consumer),
        "PREVIOUS_CASH_APPROVED_CREDIT_MEAN": by.mean(granted.where(cash & approved)),
        "PREVIOUS_CONSUMER_APPROVED_CREDIT_MEAN": by.mean(granted.where(consumer & approved)),
    }


def _kinds(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute reasons of refusal, ways of sale, ends before their time and the weighted share of refusals."""
    by, days, three = ByApplicant(rows), rows.DAYS_DECISION, _recency(rows) <= 3
    reason, product, phone = rows.CODE_REJECT_REASON, rows.PRODUCT_COMBINATION, rows.NAME_SELLER_INDUSTRY
    weight = (365e6 / (365 - days)).floordiv(1)
    refused = (rows.NAME_CONTRACT_STATUS == "Refused").astype(float)
    return {
        "PREVIOUS_REFUSED_LIMIT_COUNT": by.number(reason == "LIMIT"),
        "PREVIOUS_REFUSED_FRAUD_SCORE_COUNT": by.number(reason == "SCOFR"),
        "PREVIOUS_REFUSED_SCORE_COUNT_24M": by.number(reason.isin(["SCO", "SCOFR"]) & (days >= -730)),
        "PREVIOUS_CONNECTIVITY_SHARE": by.share(phone == "Connectivity"),
        "PREVIOUS_CONNECTIVITY_SHARE_LAST3": by.share(phone == "Connectivity", three),
        "PREVIOUS_STREET_SHARE": by.share(product.astype("string").str.startswith("Cash Street").fillna(value=False)),
        "PREVIOUS_WITHOUT_INTEREST_SHARE": by.share(
            product.astype("string").str.endswith("without interest").fillna(value=False)
        ),
        "PREVIOUS_AGENT_SHARE": by.share(rows.CHANNEL_TYPE == "AP+ (Cash loan)"),
        "PREVIOUS_NEW_CLIENT_SHARE_LAST3": by.share(rows.NAME_CLIENT_TYPE == "New", three),
        "PREVIOUS_REFRESHED_CLIENT_SHARE": by.share(rows.NAME_CLIENT_TYPE == "Refreshed"),
        "PREVIOUS_ENDED_EARLY_DAYS_MEAN": by.mean(rows.DAYS_LAST_DUE_1ST_VERSION - rows.DAYS_LAST_DUE),
        "PREVIOUS_REFUSED_WEIGHTED_SHARE": by.total(weight * refused) / by.total(weight),
        "PREVIOUS_DAYS_DECISION_MEAN": by.mean(days),
        "PREVIOUS_ASKED_TO_GRANTED_MEAN": by.mean((rows.AMT_APPLICATION / rows.AMT_CREDIT).where(rows.AMT_CREDIT >= 1)),
        "PREVIOUS_DOWN_PAYMENT_MEAN": by.mean(rows.AMT_DOWN_PAYMENT),
    }
