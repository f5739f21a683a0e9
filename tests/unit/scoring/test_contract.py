"""The contract: its shape is checked when it is read, and so are the seals."""

from __future__ import annotations

import hashlib
import json
import subprocess
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from scoring.bundle import bundle_seal, contract_bytes, load_contract, parse_contract, sha256_of
from scoring.contract import CONTRACT_FILE, EXPLAINER_FILE, SEALED_FILES, CategoryBins, NumericBins, Text
from scoring.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scoring.contract import Contract, Feature, Input


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "category"}, "a category lists its categories"),
        ({"categories": ("a", "b")}, "a category lists its categories"),
        ({"kind": "flag", "categories": ("a",)}, "a category lists its categories"),
        ({"kind": "category", "categories": ("a", "b", "a")}, "AMT_CREDIT: a category is listed twice"),
        ({"minimum": 2.0, "maximum": 1.0}, "AMT_CREDIT: minimum is above maximum"),
        ({"kind": "text"}, "kind"),
        ({"minimum": float("nan")}, "minimum"),
        ({"required": "true"}, "required"),
        ({"note": "more"}, "note"),
    ],
)
def test_input_refuses_what_does_not_hold_together(
    an_input: Callable[..., Input], changes: dict[str, object], message: str
) -> None:
    """An input is complete, consistent, typed and has no field more."""
    with pytest.raises(ValidationError, match=message):
        an_input(**changes)


@pytest.mark.parametrize(("minimum", "maximum"), [(None, 1.0), (1.0, None), (1.0, 1.0)])
def test_input_may_be_bounded_on_one_side_or_to_one_value(
    an_input: Callable[..., Input], minimum: float | None, maximum: float | None
) -> None:
    """Only bounds that exclude everything are refused."""
    bounded = an_input(minimum=minimum, maximum=maximum)

    assert (minimum, maximum) == (bounded.minimum, bounded.maximum)


def test_input_cannot_be_changed(an_input: Callable[..., Input]) -> None:
    """A contract that was read is the contract that is served."""
    with pytest.raises(ValidationError, match="frozen"):
        an_input().name = "AMT_ANNUITY"  # type: ignore[misc]


@pytest.mark.parametrize("shares", [(0.5,), (0.2, 0.3, 0.5)])
def test_numeric_bins_have_one_share_more_than_edges(shares: tuple[float, ...]) -> None:
    """One edge makes two bins, open at both ends."""
    with pytest.raises(ValidationError, match="one share more than edges"):
        NumericBins(kind="number", edges=(0.5,), shares=shares, missing_share=0.0)


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_category_bins_hold_shares(share: float) -> None:
    """A share lies between 0 and 1."""
    with pytest.raises(ValidationError, match="shares"):
        CategoryBins(kind="category", shares={"a": share}, missing_share=0.0)


def test_contract_refuses_an_input_listed_twice(
    a_contract: Callable[..., Contract], an_input: Callable[..., Input]
) -> None:
    """Two columns of one name could not be told apart."""
    with pytest.raises(ValidationError, match="an input is listed twice"):
        a_contract(an_input("A"), an_input("A"))


def test_contract_refuses_features_of_unknown_inputs(
    a_contract: Callable[..., Contract], an_input: Callable[..., Input], a_feature: Callable[..., Feature]
) -> None:
    """A feature comes from inputs the request has; the message names those it has not."""
    features = (a_feature("RATIO", inputs=("A", "C", "B")),)

    with pytest.raises(ValidationError, match="unknown inputs: B, C"):
        a_contract(an_input("A"), features=features)


def test_contract_refuses_a_protected_attribute(
    a_contract: Callable[..., Contract], an_input: Callable[..., Input]
) -> None:
    """What the law protects cannot be asked for."""
    with pytest.raises(ValidationError, match="protected attributes cannot be inputs: CODE_GENDER"):
        a_contract(an_input("A"), an_input("CODE_GENDER", protected=True))


@pytest.mark.parametrize("names", [SEALED_FILES[:-1], (*SEALED_FILES, "notes.txt"), ()])
def test_contract_seals_exactly_the_files_of_a_bundle(
    a_contract: Callable[..., Contract], names: tuple[str, ...]
) -> None:
    """No file of the bundle goes without a seal, and no other file has one."""
    with pytest.raises(ValidationError, match=r"the seals must name exactly model\.onnx, explainer\.npz, parity\.json"):
        a_contract(files=dict.fromkeys(names, "0" * 64))


def test_contract_admits_no_changed_decision(a_contract: Callable[..., Contract]) -> None:
    """A bundle whose graph decides differently from the trained model is not a bundle."""
    parity = a_contract().parity.model_dump() | {"changed_decisions": 1}

    with pytest.raises(ValidationError, match="changed_decisions"):
        a_contract(parity=parity)


@pytest.mark.parametrize(("cost", "allowed"), [("false_negative_cost", 0.0), ("false_positive_cost", -1.0)])
def test_contract_refuses_costs_that_are_not_positive(
    a_contract: Callable[..., Contract], cost: str, allowed: float
) -> None:
    """A wrong decision that costs nothing leaves no threshold to find."""
    decision = a_contract().decision.model_dump() | {cost: allowed}

    with pytest.raises(ValidationError, match=cost):
        a_contract(decision=decision)


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


def test_contract_refuses_categories_without_labels(an_input: Callable[..., Input]) -> None:
    """Every category can be said to a person."""
    with pytest.raises(ValidationError, match="each category has one label"):
        an_input("A", kind="category", categories=("x", "y"), category_labels=(Text(fr="x", en="x"),))


def test_contract_refuses_a_coverage_that_forgets_an_input(a_contract: Callable[..., Contract]) -> None:
    """An input without a weight could be left out for nothing."""
    coverage = a_contract().coverage.model_copy(update={"weights": {}})

    with pytest.raises(ValidationError, match="every input has its weight in the coverage"):
        a_contract(coverage=coverage)
