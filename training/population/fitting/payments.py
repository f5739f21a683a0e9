"""Fit when payments come, against the day on which they are due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.population.drawing.instalments import payment_codes
from training.population.fitting.chain import ChainSettings
from training.population.fitting.marginals import NumberSpec
from training.population.fitting.tables import fit_table

if TYPE_CHECKING:
    import pandas as pd

    from training.population.drawing.chain import Chain

_SPECS = {"DELAY": NumberSpec(step=1.0, atom_share=0.002, n_intervals=40, decimals=0)}
_SETTINGS = ChainSettings(n_leaves=40, min_leaf=200, n_levels=17)


def fit_payments(payments: pd.DataFrame) -> Chain:
    """Return the chain that draws the days from due date to payment; single payments are enough to fit it."""
    known = payments.dropna(subset=["DAYS_ENTRY_PAYMENT", "AMT_PAYMENT"])
    due, paid, number, amount, version = (
        known[name].to_numpy(float)
        for name in (
            "DAYS_INSTALMENT",
            "DAYS_ENTRY_PAYMENT",
            "NUM_INSTALMENT_NUMBER",
            "AMT_INSTALMENT",
            "NUM_INSTALMENT_VERSION",
        )
    )
    given = payment_codes(due=due, number=number, amount=amount, is_card=version == 0)
    is_short = (known["AMT_PAYMENT"] < known["AMT_INSTALMENT"]).to_numpy(float)
    values = {"IS_SHORT": is_short, "DELAY": paid - due}
    return fit_table("payment", tuple(values), values, {}, _SPECS, given, _SETTINGS)
