"""Sealing a bundle: its files written as they are, its contract with the hash of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.bundle import contract_bytes, parse_contract, sha256_of
from scoring.contract import CONTRACT_FILE, SEALED_FILES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scoring.contract import Contract


def seals_of(content: Mapping[str, bytes]) -> dict[str, str]:
    """Return what a contract keeps of the files beside it: their hashes, by name."""
    return {name: sha256_of(content[name]) for name in SEALED_FILES}


def write_files(folder: Path, contract: Contract, content: Mapping[str, bytes]) -> Contract:
    """Write a contract and the files it has sealed; return the contract as written, with its own seal."""
    for name in SEALED_FILES:
        (folder / name).write_bytes(content[name])
    written = contract_bytes(contract)
    (folder / CONTRACT_FILE).write_bytes(written)
    return parse_contract(written)
