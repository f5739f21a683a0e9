"""The files of a bundle: read and written in one form, each held to the seal that the contract keeps of it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from pydantic import ValidationError

from scoring.contract import CONTRACT_FILE, SCHEMA_VERSION, SEALED_FILES, Contract
from scoring.errors import ContractError

if TYPE_CHECKING:
    from pathlib import Path


def contract_bytes(contract: Contract) -> bytes:
    """Return the one byte form of a contract, so that write, read, write changes nothing."""
    content = contract.model_dump(mode="json")
    return (json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def sha256_of(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def bundle_seal(bundle_dir: Path) -> str:
    """Return the one hash of a bundle, over its contract and its files.

    It is what ``sha256sum contract.json evidence.json explainer.npz model.onnx parity.json | sha256sum`` prints there.

    Raises
    ------
    ContractError
        ``SCR201`` when a file is absent.
    """
    names = sorted((CONTRACT_FILE, *SEALED_FILES))
    missing = [name for name in names if not (bundle_dir / name).is_file()]
    if missing:
        raise ContractError("SCR201", f"{bundle_dir / missing[0]} is absent; export the bundle again")
    lines = "".join(f"{sha256_of(bundle_dir / name)}  {name}\n" for name in names)
    return hashlib.sha256(lines.encode()).hexdigest()


def parse_contract(content: bytes, *, source: str = CONTRACT_FILE) -> Contract:
    """Return the contract written in `content`.

    Raises
    ------
    ContractError
        ``SCR202`` when it is not a contract of this version; `source` names it in the message.
    """
    try:
        return Contract.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "whole file"
        raise ContractError(
            "SCR202",
            f"{source} is not a contract of version {SCHEMA_VERSION} ({place}: {first['msg']}); export the bundle anew",
        ) from error


def load_contract(bundle_dir: Path) -> Contract:
    """Read the contract of a bundle and check the seal of each file.

    Raises
    ------
    ContractError
        ``SCR201`` a file is absent, ``SCR202`` the contract is malformed, ``SCR203`` a seal is broken.
    """
    contract = parse_contract(_content_of(bundle_dir / CONTRACT_FILE), source=str(bundle_dir / CONTRACT_FILE))
    for name, sealed in contract.files.items():
        path = bundle_dir / name
        if not path.is_file():
            raise ContractError("SCR201", f"{path} is absent; export the bundle again")
        if sha256_of(path) != sealed:
            raise ContractError(
                "SCR203", f"{path} is not the file that {CONTRACT_FILE} was sealed with; export the bundle again"
            )
    return contract


def _content_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ContractError("SCR201", f"{path} cannot be read ({error.strerror}); export the bundle again") from error
