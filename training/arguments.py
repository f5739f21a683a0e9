"""Arguments that several commands read the same way."""

from __future__ import annotations

from training.errors import DataError

# What the libraries that draw take.
HIGHEST_SEED = 2**32 - 1


def table_names(text: str) -> tuple[str, ...]:
    """Split a list of table names; ``none`` names no table.

    Examples
    --------
    >>> table_names("bureau, bureau_balance"), table_names("none")
    (('bureau', 'bureau_balance'), ())
    """
    return () if text == "none" else tuple(name.strip() for name in text.split(",") if name.strip())


def check_seed(seed: int) -> None:
    """Refuse a seed that nothing can be drawn from.

    Raises
    ------
    DataError
        ``TRN153`` when it is negative or too large.
    """
    if not 0 <= seed <= HIGHEST_SEED:
        raise DataError("TRN153", f"--seed is {seed}; give a whole number between 0 and {HIGHEST_SEED}")
