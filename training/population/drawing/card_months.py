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

    @classmethod
    def opening(cls, limit: Floats, is_used: NDArray[np.bool_], month: Floats) -> CardState:
        """Return the state before the first month of cards."""
        n = len(limit)
        zeros = dict.fromkeys(
            ("age", "balance", "most", "payment", "least", "atm", "pos", "dpd", "status"), np.zeros(n)
        )
        return cls(is_used=is_used, month=month, limit=limit, is_known=np.zeros(n, dtype=bool), **zeros)

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
            "KNOWN_BEFORE": (self.is_known * CODE_SCALE).astype(np.uint16),
        }

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
        )


def drawn_month(state: CardState, drawn: Values) -> Values:
    """Return the columns of the table of one month, from the columns the chain drew given `state`."""
    # A card is not closed while money is owed on it.
    ratio = np.where((state.balance > 0) & (drawn["LIMIT_RATIO"] == 0), 1.0, drawn["LIMIT_RATIO"])
    limit = np.round(state.limit * ratio / _CARD_STEP) * _CARD_STEP
    atm, pos = (np.where(state.is_used, drawn[place], 0.0) for place in ("ATM", "POS"))
    is_known = (drawn["IS_KNOWN"] > 0) | (atm + pos > 0)
    least = _cents(drawn["MIN"] * scale(limit))
    payment = _payment(state, drawn, least)
    total = np.where(payment > 0, _cents(np.nan_to_num(payment) * np.nan_to_num(drawn["PAID"])), 0.0)
    balance = _balance(state, drawn, atm + pos, total, scale(limit))
    is_owed = balance > 0
    return {
        "AMT_BALANCE": balance,
        "AMT_CREDIT_LIMIT_ACTUAL": limit,
        "AMT_DRAWINGS_ATM_CURRENT": np.where(is_known, atm, np.nan),
        "AMT_DRAWINGS_POS_CURRENT": np.where(is_known, pos, np.nan),
        "AMT_DRAWINGS_OTHER_CURRENT": np.where(is_known, 0.0, np.nan),
        "AMT_DRAWINGS_CURRENT": atm + pos,
        "CNT_DRAWINGS_ATM_CURRENT": np.where(is_known, _counts(atm, drawn["N_ATM"]), np.nan),
        "CNT_DRAWINGS_POS_CURRENT": np.where(is_known, _counts(pos, drawn["N_POS"]), np.nan),
        "CNT_DRAWINGS_OTHER_CURRENT": np.where(is_known, 0.0, np.nan),
        "CNT_DRAWINGS_CURRENT": _counts(atm, drawn["N_ATM"]) + _counts(pos, drawn["N_POS"]),
        "AMT_INST_MIN_REGULARITY": least,
        "AMT_PAYMENT_CURRENT": payment,
        "AMT_PAYMENT_TOTAL_CURRENT": total,
        "AMT_RECEIVABLE_PRINCIPAL": np.where(is_owed, _cents(np.nan_to_num(drawn["PRINCIPAL"]) * balance), 0.0),
        "AMT_RECIVABLE": (receivable := np.where(is_owed, _cents(_or_one(drawn["RECEIVABLE"]) * balance), 0.0)),
        "AMT_TOTAL_RECEIVABLE": receivable,
        "NAME_CONTRACT_STATUS": drawn["STATUS"],
        "SK_DPD": drawn["SK_DPD"],
        "SK_DPD_DEF": np.minimum(drawn["SK_DPD_DEF"], drawn["SK_DPD"]),
    }


# Limits are multiples of this.
_CARD_STEP = 4500.0
# Nobody draws more than this share of the limit.
_MOST_OWED = 1.15


def _payment(state: CardState, drawn: Values, least: Floats) -> Floats:
    """Return the recorded payment by its kind."""
    kind = drawn["PAYMENT_KIND"]
    rules = [kind == state.MISSING, kind == state.NONE, kind == state.AS_BEFORE, kind == state.LEAST]
    return np.select(rules, [np.full(len(kind), np.nan), np.zeros(len(kind)), state.payment, least], drawn["PAYMENT"])


def _balance(state: CardState, drawn: Values, drawings: Floats, total: Floats, base: Floats) -> Floats:
    """Return what is owed at the end of the month: before, plus drawings and growth, less payments."""
    owed = state.balance + drawings
    growth = np.nan_to_num(drawn["GROWTH"]) * np.where(owed > 0, owed, base)
    balance = _cents(np.clip(owed + growth - total, 0.0, np.maximum(_MOST_OWED * base, state.balance)))
    is_owed = (drawn["IS_OWED"] > 0) & state.is_used
    return np.where(is_owed, balance, 0.0)


def _counts(amount: Floats, count: Floats) -> Floats:
    return np.where(amount > 0, np.maximum(count, 1.0), 0.0)


def _or_one(ratio: Floats) -> Floats:
    return np.where(np.isnan(ratio), 1.0, ratio)


def _cents(amount: Floats) -> Floats:
    return np.round(np.round(amount / _CENT) * _CENT, 3)
