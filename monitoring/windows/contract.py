"""The contract of a bundle, as windows are read by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring.errors import MonitoringError
from scoring.bundle import load_contract
from scoring.errors import ContractError

if TYPE_CHECKING:
    from pathlib import Path

    from scoring.contract import Contract


def opened_contract(bundle: Path) -> Contract:
    """Return the contract of a bundle.

    Raises
    ------
    MonitoringError
        ``MON901`` when the bundle is absent or broken, or its contract has no reference for an input.
    """
    try:
        contract = load_contract(bundle)
    except ContractError as error:
        raise MonitoringError("MON901", f"the bundle cannot be used: {error}") from error
    for item in contract.inputs:
        bins = contract.reference.inputs.get(item.name)
        if bins is None or (bins.kind == "category") != (item.kind == "category"):
            raise MonitoringError("MON901", f"the contract has no reference for {item.name}; export the bundle again")
    return contract
