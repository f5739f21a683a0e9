"""A bundle: its contract has one form in bytes, each of its files one seal."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from scoring.bundle import Bundle, contract_bytes, parse_contract, sha256_of
from scoring.contract import CONTRACT_FILE, EVIDENCE_FILE, PARITY_FILE, SEALED_FILES
from scoring.errors import ContractError
from scoring.evidence import Evidence

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
    with pytest.raises(ContractError, match=r"^SCR202: here\.json is not a contract of version 2\.0 .*export"):
        parse_contract(content, source="here.json")


def test_parse_contract_names_the_place_of_the_fault(a_contract: Callable[..., Contract]) -> None:
    """The reader is told where to look."""
    content = a_contract().model_dump(mode="json")
    content["inputs"][0]["required"] = "yes"

    with pytest.raises(ContractError, match=r"\(inputs\.0\.required: "):
        parse_contract(json.dumps(content).encode())


def test_parse_contract_refuses_another_schema_version(a_contract: Callable[..., Contract]) -> None:
    """A contract of another version is not read as if it were of this one."""
    content = a_contract().model_dump(mode="json") | {"schema_version": "1.1"}

    with pytest.raises(ContractError, match=r"SCR202: .*schema_version"):
        parse_contract(json.dumps(content).encode())


def test_sha256_of_is_the_digest_of_the_content() -> None:
    """The seal is plain SHA-256, which `sha256sum` can check."""
    assert hashlib.sha256(b"content").hexdigest() == sha256_of(b"content")


def test_open_reads_a_whole_bundle(bundle_dir: Path) -> None:
    """A bundle as it was exported is read."""
    expected = parse_contract((bundle_dir / CONTRACT_FILE).read_bytes())

    assert expected == Bundle.open(bundle_dir).contract


@pytest.mark.parametrize("name", [CONTRACT_FILE, *SEALED_FILES])
def test_open_refuses_a_bundle_without_one_file(copied_bundle: Path, name: str) -> None:
    """An absent file is SCR201 and is named."""
    (copied_bundle / name).unlink()

    with pytest.raises(ContractError, match=rf"^SCR201: .*{name}.*export the bundle again$"):
        Bundle.open(copied_bundle)


@pytest.mark.parametrize("name", [CONTRACT_FILE, *SEALED_FILES])
def test_open_refuses_a_folder_in_the_place_of_a_file(copied_bundle: Path, name: str) -> None:
    """Only a file can be read and sealed."""
    (copied_bundle / name).unlink()
    (copied_bundle / name).mkdir()

    with pytest.raises(ContractError, match=rf"^SCR201: .*{name}"):
        Bundle.open(copied_bundle)


def test_open_refuses_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """A wrong BUNDLE_DIR is SCR201 and names the path that was tried."""
    with pytest.raises(ContractError, match=r"^SCR201: .*nowhere/contract\.json cannot be read \(No such file"):
        Bundle.open(tmp_path / "nowhere")


@pytest.mark.parametrize("name", SEALED_FILES)
@pytest.mark.parametrize("spoil", [lambda content: content[:-1], lambda content: content + b"\n", lambda _: b""])
def test_open_refuses_a_broken_seal(copied_bundle: Path, name: str, spoil: Callable[[bytes], bytes]) -> None:
    """A file that is one byte off is SCR203 and is named."""
    path = copied_bundle / name
    path.write_bytes(spoil(path.read_bytes()))

    with pytest.raises(ContractError, match=rf"^SCR203: .*{name} is not the file that contract\.json was sealed with"):
        Bundle.open(copied_bundle)


def test_open_refuses_a_truncated_contract(copied_bundle: Path) -> None:
    """Half a contract is SCR202."""
    path = copied_bundle / CONTRACT_FILE
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    with pytest.raises(ContractError, match=r"^SCR202: .*whole file"):
        Bundle.open(copied_bundle)


def test_seal_is_what_coreutils_print(copied_bundle: Path) -> None:
    """Anybody can compute the one hash of a bundle with ``sha256sum`` alone."""
    names = ["contract.json", "evidence.json", "explainer.npz", "model.onnx", "parity.json"]
    listed = subprocess.run(["sha256sum", *names], cwd=copied_bundle, capture_output=True, check=True).stdout
    done = subprocess.run(["sha256sum"], input=listed, capture_output=True, check=True)

    assert Bundle.open(copied_bundle).seal == done.stdout.decode().split()[0]


@pytest.mark.parametrize("name", [CONTRACT_FILE, *SEALED_FILES])
def test_seal_changes_with_every_file(copied_bundle: Path, seal: Callable[[Path], None], name: str) -> None:
    """No byte of the contract or of a file can change without the hash changing."""
    before = Bundle.open(copied_bundle).seal
    (copied_bundle / name).write_bytes((copied_bundle / name).read_bytes() + b" ")
    if name != CONTRACT_FILE:
        seal(copied_bundle)

    assert Bundle.open(copied_bundle).seal != before


def test_open_refuses_another_bundle_than_is_expected(copied_bundle: Path) -> None:
    """Where a deployment names a bundle, another one is SCR206, however sound."""
    with pytest.raises(ContractError, match=r"^SCR206: .* is another bundle than BUNDLE_SHA256 names"):
        Bundle.open(copied_bundle, expected_seal="0" * 64)


def test_bundle_without_golden_applications_is_refused(copied_bundle: Path, seal: Callable[[Path], None]) -> None:
    """A seal says that nothing changed since; golden applications must still be there when they are asked for."""
    (copied_bundle / PARITY_FILE).write_bytes(b"{}")
    seal(copied_bundle)

    with pytest.raises(ContractError, match=r"^SCR207: .*parity\.json holds no golden applications"):
        _ = Bundle.open(copied_bundle).golden


def test_bundle_gives_its_parts_as_they_were_written(bundle: Bundle, bundle_dir: Path) -> None:
    """Evidence and golden applications are those of the files, and every file can be had as it was written."""
    names = {CONTRACT_FILE, *SEALED_FILES}

    assert bundle.content == {name: (bundle_dir / name).read_bytes() for name in names}
    assert bundle.evidence == Evidence.model_validate_json(bundle.content[EVIDENCE_FILE])
    assert bundle.golden == json.loads(bundle.content[PARITY_FILE])["applications"]


# Counts how often each file of the bundle is opened and how many bytes of it are hashed, from start to first answer.
START = """
import collections, hashlib, json, sys
opened, hashed = collections.Counter(), []
def count(event, arguments):
    if event == "open" and str(arguments[0]).startswith(sys.argv[1]):
        opened[str(arguments[0]).rpartition("/")[2]] += 1
sys.addaudithook(count)
plain = hashlib.sha256
hashlib.sha256 = lambda content=b"", **options: (hashed.append(len(content)), plain(content, **options))[1]
import scoring.handler
print(json.dumps({"opened": opened, "hashed": sorted(hashed)}))
"""


def test_start_reads_and_hashes_each_file_once(bundle_dir: Path) -> None:
    """From the settings to the served application no file is opened twice, and none hashed twice.

    The contract's own seal is over what it says, not over its bytes.
    """
    start = subprocess.run(
        [sys.executable, "-c", START, str(bundle_dir)],
        env=os.environ | {"BUNDLE_DIR": str(bundle_dir), "LOG_LEVEL": "ERROR"},
        capture_output=True,
        check=True,
    )
    told = json.loads(start.stdout.splitlines()[-1])
    files = {name: (bundle_dir / name).stat().st_size for name in (CONTRACT_FILE, *SEALED_FILES)}
    content = json.loads((bundle_dir / CONTRACT_FILE).read_bytes())
    del content["seal"]
    said = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    of_the_seal = sum(len(f"{'0' * 64}  {name}\n") for name in files)

    assert told["opened"] == dict.fromkeys(files, 1)
    assert told["hashed"] == sorted([*files.values(), of_the_seal, len(said)])


def test_contract_and_seal_need_no_model(bundle_dir: Path) -> None:
    """Monitoring opens a bundle without the library that runs its graph, and without the one that reads its tables."""
    program = (
        "import pathlib, sys; from scoring.bundle import Bundle; print(Bundle.open(pathlib.Path(sys.argv[1])).seal)"
    )
    program += "; sys.exit(bool({'onnxruntime', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program, str(bundle_dir)], capture_output=True, check=False)

    assert (done.returncode, len(done.stdout.split()[0])) == (0, 64)
