"""Errors of the delivery room."""

from __future__ import annotations


class DeliveryError(Exception):
    """The package cannot be built or run; the message says what to mend."""
