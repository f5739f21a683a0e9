"""A bundle: its contract has one form in bytes, each of its files one seal."""

from __future__ import annotations

import hashlib
import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from scoring.bundle import bundle_seal, contract_bytes, load_contract, parse_contract, sha256_of
from scoring.contract import CONTRACT_FILE, EXPLAINER_FILE, SEALED_FILES
from scoring.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scoring.contract import Contract


def test_contract_bytes_survive_reading_and_writing(bundle_dir: Path) -> None:
    """Write, read, write gives the same bytes, so that a contract can be sealed and compared."""
    written = (bundle_dir / CONTRACT_FILE).read_bytes()

    assert written == contract_bytes(parse_contract(written))


def test_contract_bytes_can_be_read_by_a_person(a_contract: Callable[..., Contract]) -> None:
    """Accents are written as they are, and the file ends with a line end."""
    content = contract_bytes(a_contract())

    assert ("Libellé" in content.decode(), b"}\n") == (True, content[-2:])


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff", b'{"schema_version": "1.0"}'])
def test_parse_contract_refuses_what_is_no_contract(content: bytes) -> None:
    """Anything else than a contract is SCR202, with the file's name and what to do."""
    with pytest.raises(ContractError, match=r"^SCR202: here\.json is not a contract of version 1\.1 .*export"):
        parse_contract(content, source="here.json")


def test_parse_contract_names_the_place_of_the_fault(a_contract: Callable[..., Contract]) -> None:
    """The reader is told where to look."""
    content = a_contract().model_dump(mode="json")
    content["inputs"][0]["required"] = "yes"

    with pytest.raises(ContractError, match=r"\(inputs\.0\.required: "):
        parse_contract(json.dumps(content).encode())


def test_parse_contract_refuses_another_schema_version(a_contract: Callable[..., Contract]) -> None:
    """A contract of another version is not read as if it were of this one."""
    content = a_contract().model_dump(mode="json") | {"schema_version": "2.0"}

    with pytest.raises(ContractError, match=r"SCR202: .*schema_version"):
        parse_contract(json.dumps(content).encode())


def test_sha256_of_is_the_digest_of_the_content(tmp_path: Path) -> None:
    """The seal is plain SHA-256, which `sha256sum` can check."""
    (tmp_path / "file").write_bytes(b"content")

    assert hashlib.sha256(b"content").hexdigest() == sha256_of(tmp_path / "file")


def test_load_contract_reads_a_whole_bundle(bundle_dir: Path) -> None:
    """A bundle as it was exported is read."""
    expected = parse_contract((bundle_dir / CONTRACT_FILE).read_bytes())

    assert expected == load_contract(bundle_dir)


@pytest.mark.parametrize("name", [CONTRACT_FILE, *SEALED_FILES])
def test_load_contract_refuses_a_bundle_without_one_file(copied_bundle: Path, name: str) -> None:
    """An absent file is SCR201 and is named."""
    (copied_bundle / name).unlink()

    with pytest.raises(ContractError, match=rf"^SCR201: .*{name}.*export the bundle again$"):
        load_contract(copied_bundle)


@pytest.mark.parametrize("name", [CONTRACT_FILE, *SEALED_FILES])
def test_load_contract_refuses_a_folder_in_the_place_of_a_file(copied_bundle: Path, name: str) -> None:
    """Only a file can be read and sealed."""
    (copied_bundle / name).unlink()
    (copied_bundle / name).mkdir()

    with pytest.raises(ContractError, match=rf"^SCR201: .*{name}"):
        load_contract(copied_bundle)


def test_load_contract_refuses_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """A wrong BUNDLE_DIR is SCR201 and names the path that was tried."""
    with pytest.raises(ContractError, match=r"^SCR201: .*nowhere/contract\.json cannot be read \(No such file"):
        load_contract(tmp_path / "nowhere")


@pytest.mark.parametrize("name", SEALED_FILES)
@pytest.mark.parametrize("spoil", [lambda content: content[:-1], lambda content: content + b"\n", lambda _: b""])
def test_load_contract_refuses_a_broken_seal(copied_bundle: Path, name: str, spoil: Callable[[bytes], bytes]) -> None:
    """A file that is one byte off is SCR203 and is named."""
    path = copied_bundle / name
    path.write_bytes(spoil(path.read_bytes()))

    with pytest.raises(ContractError, match=rf"^SCR203: .*{name} is not the file that contract\.json was sealed with"):
        load_contract(copied_bundle)


def test_load_contract_refuses_a_truncated_contract(copied_bundle: Path) -> None:
    """Half a contract is SCR202."""
    path = copied_bundle / CONTRACT_FILE
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    with pytest.raises(ContractError, match=r"^SCR202: .*whole file"):
        load_contract(copied_bundle)


def test_bundle_seal_is_what_coreutils_print(copied_bundle: Path) -> None:
    """Anybody can compute the one hash of a bundle with ``sha256sum`` alone."""
    names = ["contract.json", "evidence.json", "explainer.npz", "model.onnx", "parity.json"]
    listed = subprocess.run(["sha256sum", *names], cwd=copied_bundle, capture_output=True, check=True).stdout
    done = subprocess.run(["sha256sum"], input=listed, capture_output=True, check=True)

    assert bundle_seal(copied_bundle) == done.stdout.decode().split()[0]


@pytest.mark.parametrize("name", [CONTRACT_FILE, *SEALED_FILES])
def test_bundle_seal_changes_with_every_file(copied_bundle: Path, name: str) -> None:
    """No byte of the contract or of a file can change without the hash changing."""
    before = bundle_seal(copied_bundle)
    (copied_bundle / name).write_bytes((copied_bundle / name).read_bytes() + b" ")

    assert bundle_seal(copied_bundle) != before


def test_bundle_seal_needs_every_file(copied_bundle: Path) -> None:
    """A partial bundle has no hash."""
    (copied_bundle / EXPLAINER_FILE).unlink()

    with pytest.raises(ContractError, match=r"SCR201: .*explainer\.npz is absent"):
        bundle_seal(copied_bundle)
