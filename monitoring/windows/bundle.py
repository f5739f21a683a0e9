"""The bundle that windows are read by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring.errors import MonitoringError
from scoring.bundle import Bundle
from scoring.errors import ContractError

if TYPE_CHECKING:
    from pathlib import Path


def opened_bundle(folder: Path) -> Bundle:
    """Return a bundle whose contract has all that windows are compared by.

    Raises
    ------
    MonitoringError
        ``MON901`` when the bundle is absent or broken, or its contract has no reference for an input.
    """
    try:
        bundle = Bundle.open(folder)
    except ContractError as error:
        raise MonitoringError("MON901", f"the bundle cannot be used: {error}") from error
    for item in bundle.contract.inputs:
        bins = bundle.contract.reference.inputs.get(item.name)
        if bins is None or (bins.kind == "category") != (item.kind == "category"):
            raise MonitoringError("MON901", f"the contract has no reference for {item.name}; export the bundle again")
    return bundle
