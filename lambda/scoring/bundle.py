"""A bundle, opened: each of its files read once, hashed once and held to the seal that the contract keeps of it.

Graph and attribution tables are read from here by `scoring.model` and `scoring.explanation`: whoever needs the contract
alone loads neither library.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from pydantic import ValidationError

from scoring.contract import (
    CONTRACT_FILE,
    EVIDENCE_FILE,
    PARITY_FILE,
    SCHEMA_VERSION,
    SEALED_FILES,
    Contract,
)
from scoring.errors import ContractError
from scoring.evidence import Evidence
from scoring.rules import check_golden

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Bundle:
    """A sealed bundle whose files are what the contract says they are.

    Attributes
    ----------
    folder
        Where it was read, for messages.
    content
        Its files by name, as they were written.
    hashes
        The hexadecimal SHA-256 of each.
    """

    folder: Path
    contract: Contract
    content: Mapping[str, bytes] = field(repr=False)
    hashes: Mapping[str, str] = field(repr=False)

    @classmethod
    def open(cls, folder: Path, *, expected_seal: str | None = None) -> Self:
        """Read a bundle and check the seal of each file.

        Raises
        ------
        ContractError
            ``SCR201`` a file is absent, ``SCR202`` the contract is malformed, ``SCR203`` a seal is broken, ``SCR206``
            it is not the bundle that was expected, ``SCR207`` it has no golden applications, ``SCR208`` they do not
            keep its rules.
        """
        content = {CONTRACT_FILE: _content_of(folder / CONTRACT_FILE)}
        contract = parse_contract(content[CONTRACT_FILE], source=str(folder / CONTRACT_FILE))
        if contract.seal != seal_of_contract(json.loads(content[CONTRACT_FILE])):
            raise ContractError(
                "SCR203",
                f"{folder / CONTRACT_FILE} is not as it was sealed; export the bundle again, never edit it",
            )
        hashes = {CONTRACT_FILE: sha256_of(content[CONTRACT_FILE])}
        for name, sealed in contract.files.items():
            path = folder / name
            if not path.is_file():
                raise ContractError("SCR201", f"{path} is absent; export the bundle again")
            content[name] = _content_of(path)
            hashes[name] = sha256_of(content[name])
            if hashes[name] != sealed:
                raise ContractError(
                    "SCR203", f"{path} is not the file that {CONTRACT_FILE} was sealed with; export the bundle again"
                )
        bundle = cls(folder, contract, content, hashes)
        if expected_seal not in {None, bundle.seal}:
            raise ContractError("SCR206", f"{folder} is another bundle than BUNDLE_SHA256 names; deploy that one")
        check_golden(contract, [one["application"] for one in bundle.golden])
        return bundle

    @cached_property
    def seal(self) -> str:
        """The one hash of the bundle, over its contract and its files.

        It is what ``sha256sum contract.json evidence.json explainer.npz model.onnx parity.json | sha256sum`` prints
        in its folder.
        """
        lines = "".join(f"{self.hashes[name]}  {name}\n" for name in sorted((CONTRACT_FILE, *SEALED_FILES)))
        return sha256_of(lines.encode())

    @cached_property
    def evidence(self) -> Evidence:
        """Why this model, at this threshold."""
        return Evidence.model_validate_json(self.content[EVIDENCE_FILE])

    @cached_property
    def golden(self) -> list[dict[str, Any]]:
        """Golden applications: ``application``, and the trainer's ``default_probability`` and ``decision``.

        Raises
        ------
        ContractError
            ``SCR207`` when there are none.
        """
        return self._golden("applications")

    @cached_property
    def golden_dossiers(self) -> list[dict[str, Any]]:
        """Golden dossiers: ``dossier``, and the trainer's ``default_probability`` and ``decision``.

        Raises
        ------
        ContractError
            ``SCR207`` when there are none.
        """
        return self._golden("dossiers")

    def _golden(self, kind: str) -> list[dict[str, Any]]:
        try:
            return list(json.loads(self.content[PARITY_FILE])[kind])
        except (ValueError, KeyError, TypeError) as error:
            raise ContractError(
                "SCR207", f"{self.folder / PARITY_FILE} holds no golden {kind}; export the bundle again"
            ) from error


def contract_bytes(contract: Contract) -> bytes:
    """Return the one byte form of a contract, so that write, read, write changes nothing."""
    content = contract.model_dump(mode="json")
    if contract.predecessor is None:
        del content["predecessor"]  # a contract without one is written as contracts always were
    content["seal"] = seal_of_contract(content)
    return (json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def seal_of_contract(content: Mapping[str, Any]) -> str:
    """Return the hash of all that a contract says but its own seal, however it is laid out."""
    told = {name: value for name, value in content.items() if name != "seal"}
    canonical = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


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


def sha256_of(content: bytes) -> str:
    """Return the hexadecimal SHA-256 of some bytes."""
    return hashlib.sha256(content).hexdigest()


def _content_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ContractError("SCR201", f"{path} cannot be read ({error.strerror}); export the bundle again") from error
