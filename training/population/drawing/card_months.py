"""The months of cards: what is known of a card before a month, and the month that is drawn from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from training.population.drawing.marginals import CODE_SCALE
from training.population.drawing.months import OLDEST_MONTH

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.population.drawing.codes import Codes, Values

type Floats = NDArray[np.float64]

# The smallest usual limit stands in for a limit of zero.
_SMALLEST, _CENT = 45000.0, 0.045
# Amounts up to this are told apart in codes.
_LARGEST = 5e6


def scale(limit: Floats) -> Floats:
    """Return the amount that the money of a card is measured by."""
    return np.maximum(limit, _SMALLEST)


def amount_codes(amount: Floats) -> Codes:
    """Return amounts as codes on a logarithmic scale."""
    codes: Codes = (np.clip(np.log1p(amount) / np.log1p(_LARGEST), 0.0, 1.0) * CODE_SCALE).astype(np.uint16)
    return codes


def months_codes(n_months: Floats) -> Codes:
    """Return numbers of months as codes."""
    codes: Codes = (np.clip(n_months, 0, -OLDEST_MONTH) * 600).astype(np.uint16)
    return codes


def _use_codes(use: Floats) -> Codes:
    """Return the share of the limit in use as codes, from none to one and a half times the limit."""
    codes: Codes = (np.clip(use / 1.5, 0.0, 1.0) * CODE_SCALE).astype(np.uint16)
    return codes


@dataclass(frozen=True)
class CardState:
    """What is known of cards before a month, one element per card.

    Parameters
    ----------
    is_used
        Whether money is ever drawn.
    age, month
        Months since the card's first, and relative to the application.
    limit, balance, most
        Of the month before; `most` is the highest balance so far.
    payment, least, atm, pos, dpd, status
        Payment, least payment due, drawings, days past due and status of the month before.
    is_known
        Whether drawings were recorded the month before.
    closes
        Month from which the card is closed.
    """

    MISSING: ClassVar[float] = 0.0
    NONE: ClassVar[float] = 1.0
    AS_BEFORE: ClassVar[float] = 2.0
    LEAST: ClassVar[float] = 3.0
    OTHER: ClassVar[float] = 4.0

    is_used: NDArray[np.bool_]
    age: Floats
    month: Floats
    limit: Floats
    balance: Floats
    most: Floats
    payment: Floats
    least: Floats
    atm: Floats
    pos: Floats
    dpd: Floats
    status: Floats
    is_known: NDArray[np.bool_]
    closes: Floats

    @classmethod
    def opening(cls, limit: Floats, is_used: NDArray[np.bool_], month: Floats, closes: Floats) -> CardState:
        """Return the state before the first month of cards."""
        n = len(limit)
        zeros = dict.fromkeys(
            ("age", "balance", "most", "payment", "least", "atm", "pos", "dpd", "status"), np.zeros(n)
        )
        return cls(is_used=is_used, month=month, limit=limit, is_known=np.zeros(n, dtype=bool), closes=closes, **zeros)

    def codes(self) -> dict[str, Codes]:
        """Return the state as codes, which the chain of months is given."""
        base = scale(self.limit)
        return {
            "IS_USED": (self.is_used * CODE_SCALE).astype(np.uint16),
            "AGE": months_codes(self.age),
            "MONTH": months_codes(-self.month),
            "LIMIT_BEFORE": amount_codes(self.limit),
            "USE_BEFORE": _use_codes(self.balance / base),
            "MOST_USED": _use_codes(self.most / base),
            "PAYMENT_BEFORE": amount_codes(self.payment),
            "LEAST_BEFORE": amount_codes(self.least),
            "ATM_BEFORE": amount_codes(self.atm),
            "POS_BEFORE": amount_codes(self.pos),
            "DPD_BEFORE": amount_codes(self.dpd),
            "STATUS_BEFORE": (self.status * 20_000).astype(np.uint16),
            "DEBT_BEFORE": self._debt_codes(),
            "KNOWN_BEFORE": (self.is_known * CODE_SCALE).astype(np.uint16),
        }

    def _debt_codes(self) -> Codes:
        """Return how a card stood: never to be used, not used yet, repaid, in debt, late."""
        is_owing = self.balance > 0
        kinds = np.select([is_owing & (self.dpd > 0), is_owing, self.most > 0, self.is_used], [4, 3, 2, 1], 0)
        codes: Codes = (kinds * 16_000).astype(np.uint16)
        return codes

    def first(self, n: int) -> CardState:
        """Return the state of the first `n` cards."""
        return CardState(**{name: column[:n] for name, column in vars(self).items()})

    def after(self, month: Values) -> CardState:
        """Return the state after a month that `drawn_month` returned."""
        balance = np.maximum(month["AMT_BALANCE"], 0.0)
        return CardState(
            is_used=self.is_used,
            age=self.age + 1,
            month=self.month + 1,
            limit=month["AMT_CREDIT_LIMIT_ACTUAL"],
            balance=balance,
            most=np.maximum(self.most, balance),
            payment=np.nan_to_num(month["AMT_PAYMENT_CURRENT"]),
            least=np.nan_to_num(month["AMT_INST_MIN_REGULARITY"]),
            atm=np.nan_to_num(month["AMT_DRAWINGS_ATM_CURRENT"]),
            pos=np.nan_to_num(month["AMT_DRAWINGS_POS_CURRENT"]),
            dpd=month["SK_DPD"],
            status=month["NAME_CONTRACT_STATUS"],
            is_known=~np.isnan(month["AMT_DRAWINGS_ATM_CURRENT"]),
            closes=self.closes,
        )


def least_kind(least: Floats, limit: Floats, balance_before: Floats) -> Floats:
    """Return how the least payment due comes about: a share of the limit, of what was owed, or all of it."""
    share = least / np.where(limit > 0, limit, np.nan)
    of_debt = least / np.where(balance_before > 0, balance_before, np.nan)
    rules = [
        np.isnan(least),
        least == 0,
        np.abs(share - LEAST_SHARE) < _NEAR_SHARE,
        np.abs(of_debt - 1.0) < _NEAR_WHOLE,
        np.abs(of_debt - LEAST_SHARE) < _NEAR_DEBT,
    ]
    kinds = [CardState.MISSING, CardState.NONE, OF_LIMIT, WHOLE, OF_DEBT]
    return np.select(rules, kinds, CardState.OTHER)


# Kinds of the least payment that is due beside those of `CardState`, and the share that it usually is.
OF_LIMIT, OF_DEBT, WHOLE = 2.0, 3.0, 5.0
LEAST_SHARE = 0.05
_NEAR_SHARE, _NEAR_DEBT, _NEAR_WHOLE = 0.0005, 0.004, 0.02


def _least(state: CardState, drawn: Values, limit: Floats) -> Floats:
    """Return the least payment due by its kind; nothing is due where nothing was owed."""
    kind = drawn["MIN_KIND"]
    rules = [kind == CardState.MISSING, kind == CardState.NONE, kind == OF_LIMIT, kind == WHOLE, kind == OF_DEBT]
    amounts = [
        np.full(len(kind), np.nan),
        np.zeros(len(kind)),
        LEAST_SHARE * limit,
        state.balance,
        drawn["DEBT_SHARE"] * state.balance,
    ]
    least = np.select(rules, amounts, np.nan_to_num(drawn["MIN"]) * scale(limit))
    is_due = np.isnan(least) | (state.balance > 0)
    return _cents(np.where(is_due, np.nan_to_num(least, nan=np.nan), 0.0))


def drawn_month(state: CardState, drawn: Values) -> Values:
    """Return the columns of the table of one month, from the columns the chain drew given `state`."""
    is_closed = state.month >= state.closes
    # No limit falls below what is owed.
    limit = np.round(state.limit * drawn["LIMIT_RATIO"] / _CARD_STEP) * _CARD_STEP
    limit = np.where(state.balance > limit, state.limit, limit)
    is_drawn_on = state.is_used & ~is_closed & (limit > 0)
    stays = (drawn["IS_OWED"] > 0) & is_drawn_on
    atm, pos = _drawings(state, drawn, limit, stays, is_drawn_on)
    least = _least(state, drawn, limit)
    payment = _payment(state, drawn, least)
    balance, total = _balance(state, drawn, atm + pos, payment, stays)
    overdue = _days_past_due(state, drawn, balance > 0)
    status = np.where(drawn["STATUS"] == COMPLETED, 0.0, drawn["STATUS"])
    return {
        "AMT_BALANCE": balance,
        "AMT_CREDIT_LIMIT_ACTUAL": limit,
        **_drawing_columns(drawn, atm, pos),
        "AMT_INST_MIN_REGULARITY": least,
        # What is paid is recorded as a payment.
        "AMT_PAYMENT_CURRENT": np.where(total > np.nan_to_num(payment), total, payment),
        "AMT_PAYMENT_TOTAL_CURRENT": total,
        **_receivable_columns(drawn, balance),
        "NAME_CONTRACT_STATUS": np.where(is_closed, COMPLETED, status),
        "SK_DPD": overdue,
        "SK_DPD_DEF": np.minimum(drawn["SK_DPD_DEF"], overdue),
    }


def _drawings(
    state: CardState, drawn: Values, limit: Floats, stays: NDArray[np.bool_], is_drawn_on: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Return what is drawn in cash and paid by card, within what the limit leaves; a debt begins with a drawing."""
    atm, pos = (np.where(is_drawn_on, drawn[place], 0.0) for place in ("ATM", "POS"))
    room = np.maximum(_MOST_OWED * limit - state.balance, 0.0)
    atm = np.floor(np.minimum(atm, room) / _ATM_STEP) * _ATM_STEP
    pos = _cents(np.minimum(pos, np.maximum(room - atm, 0.0)))
    begins = stays & (state.balance + atm + pos == 0)
    first = np.minimum(_cents(np.abs(np.nan_to_num(drawn["GROWTH"])) * scale(limit) + _CENT), limit)
    return atm, np.where(begins, first, pos)


def _drawing_columns(drawn: Values, atm: Floats, pos: Floats) -> Values:
    """Return amounts and numbers of drawings, missing where they were not recorded."""
    is_known = (drawn["IS_KNOWN"] > 0) | (atm + pos > 0)
    n_atm, n_pos = _counts(atm, drawn["N_ATM"]), _counts(pos, drawn["N_POS"])
    zero = np.zeros(len(atm))
    parts = {"ATM": (atm, n_atm), "POS": (pos, n_pos), "OTHER": (zero, zero)}
    columns = {"AMT_DRAWINGS_CURRENT": atm + pos, "CNT_DRAWINGS_CURRENT": n_atm + n_pos}
    for place, (amount, count) in parts.items():
        columns[f"AMT_DRAWINGS_{place}_CURRENT"] = np.where(is_known, amount, np.nan)
        columns[f"CNT_DRAWINGS_{place}_CURRENT"] = np.where(is_known, count, np.nan)
    return columns


def _receivable_columns(drawn: Values, balance: Floats) -> Values:
    """Return the parts of the debt that are receivable."""
    is_owed = balance > 0
    receivable = np.where(is_owed, _cents(_or_one(drawn["RECEIVABLE"]) * balance), 0.0)
    return {
        "AMT_RECEIVABLE_PRINCIPAL": np.where(is_owed, _cents(np.nan_to_num(drawn["PRINCIPAL"]) * balance), 0.0),
        "AMT_RECIVABLE": receivable,
        "AMT_TOTAL_RECEIVABLE": receivable.copy(),
    }


# The status of a closed card, among those of `card.STATUSES`.
COMPLETED = 1.0
_DAYS_OF_MONTH = 31.0


def _days_past_due(state: CardState, drawn: Values, is_owed: NDArray[np.bool_]) -> Floats:
    """Return days past due, which only a debt has and which grow by at most a month in a month."""
    return np.where(is_owed & (state.balance > 0), np.minimum(drawn["SK_DPD"], state.dpd + _DAYS_OF_MONTH), 0.0)


# Limits are multiples of this.
_CARD_STEP = 4500.0
# Nobody draws more than this share of the limit.
_MOST_OWED = 1.15


def _payment(state: CardState, drawn: Values, least: Floats) -> Floats:
    """Return the recorded payment by its kind."""
    kind = drawn["PAYMENT_KIND"]
    rules = [kind == state.MISSING, kind == state.NONE, kind == state.AS_BEFORE, kind == state.LEAST]
    return np.select(rules, [np.full(len(kind), np.nan), np.zeros(len(kind)), state.payment, least], drawn["PAYMENT"])


def _balance(
    state: CardState, drawn: Values, drawings: Floats, payment: Floats, stays: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Return what is owed as the month ends, and all that was paid: before, with drawings and growth, less payments.

    A debt that stays is not paid whole, one that does not is.
    """
    owed = state.balance + drawings
    growth = np.where(state.balance > 0, np.nan_to_num(drawn["GROWTH"]) * owed, 0.0)
    before = _cents(np.clip(owed + growth, 0.0, np.maximum(_MOST_OWED * scale(state.limit), owed)))
    paid = np.where(payment > 0, np.nan_to_num(payment) * np.nan_to_num(drawn["PAID"], nan=1.0), 0.0)
    total = _cents(np.where(stays, np.minimum(paid, _MOST_PAID * before), owed))
    return np.where(stays, np.maximum(_cents(before - total), 0.0), 0.0), total


# A debt that stays is paid off to this part at most.
_MOST_PAID = 0.97
_ATM_STEP = 450.0


def _counts(amount: Floats, count: Floats) -> Floats:
    return np.where(amount > 0, np.maximum(count, 1.0), 0.0)


def _or_one(ratio: Floats) -> Floats:
    return np.where(np.isnan(ratio), 1.0, ratio)


def _cents(amount: Floats) -> Floats:
    return np.round(np.round(amount / _CENT) * _CENT, 3)
