"""A bundle that was damaged, swapped or left incomplete refuses to start: no request is answered from it."""

from __future__ import annotations

import json
import random
import shutil
from typing import TYPE_CHECKING

import pytest

from scoring.bundle import Bundle
from scoring.contract import CONTRACT_FILE, SEALED_FILES
from scoring.errors import ContractError
from scoring.service import ScoringService

if TYPE_CHECKING:
    from pathlib import Path

FILES = (CONTRACT_FILE, *SEALED_FILES)
FLIPS = 25


@pytest.fixture
def bundle(bundle_dir: Path, tmp_path: Path) -> Path:
    """Return a copy that a test may spoil."""
    copy = tmp_path / "bundle"
    shutil.copytree(bundle_dir, copy)
    return copy


@pytest.fixture(scope="module")
def seal(bundle_dir: Path) -> str:
    """Return the one hash of the sound bundle."""
    return Bundle.open(bundle_dir).seal


@pytest.mark.parametrize("name", FILES)
def test_absent_file_refuses_to_start(bundle: Path, name: str) -> None:
    """A partial bundle is none."""
    (bundle / name).unlink()

    with pytest.raises(ContractError, match=r"^SCR20[1-5]: "):
        ScoringService.of(Bundle.open(bundle))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("share", [0.0, 0.5, 0.999])
def test_truncated_file_refuses_to_start(bundle: Path, name: str, share: float) -> None:
    """What an interrupted copy leaves is not served."""
    content = (bundle / name).read_bytes()
    (bundle / name).write_bytes(content[: int(share * len(content))])

    with pytest.raises(ContractError, match=r"^SCR20[1-5]: "):
        ScoringService.of(Bundle.open(bundle))


@pytest.mark.parametrize("name", FILES)
def test_folder_in_the_place_of_a_file_refuses_to_start(bundle: Path, name: str) -> None:
    """Not even the kind of a file is taken on trust."""
    (bundle / name).unlink()
    (bundle / name).mkdir()

    with pytest.raises(ContractError, match=r"^SCR20[1-5]: "):
        ScoringService.of(Bundle.open(bundle))


def test_an_edited_contract_refuses_to_start(bundle: Path) -> None:
    """A threshold of 0.9, in a contract that is otherwise sound, is nobody's decision; its layout is free."""
    content = json.loads((bundle / CONTRACT_FILE).read_bytes())
    (bundle / CONTRACT_FILE).write_text(json.dumps(content), encoding="utf-8")
    assert Bundle.open(bundle).contract.decision.threshold == content["decision"]["threshold"]

    content["decision"]["threshold"] = 0.9
    (bundle / CONTRACT_FILE).write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ContractError, match=r"^SCR203: .*contract.json is not as it was sealed"):
        Bundle.open(bundle)


def test_a_contract_without_its_seal_refuses_to_start(bundle: Path) -> None:
    """Taking the seal off is no way around it."""
    content = json.loads((bundle / CONTRACT_FILE).read_bytes())
    del content["seal"]
    (bundle / CONTRACT_FILE).write_text(json.dumps(content), encoding="utf-8")

    with pytest.raises(ContractError, match=r"^SCR203: "):
        Bundle.open(bundle)


@pytest.mark.parametrize("name", SEALED_FILES)
def test_any_flipped_bit_of_a_sealed_file_refuses_to_start(bundle: Path, name: str) -> None:
    """Wherever a bit of the model, the tables or the golden applications flips, the seal is broken."""
    generator = random.Random(name)  # noqa: S311  not for secrets
    content = (bundle / name).read_bytes()
    for _ in range(FLIPS):
        spoilt = bytearray(content)
        spoilt[generator.randrange(len(content))] ^= 1 << generator.randrange(8)
        (bundle / name).write_bytes(spoilt)

        with pytest.raises(ContractError, match=r"^SCR203: "):
            ScoringService.of(Bundle.open(bundle))


def test_any_flipped_bit_of_the_contract_refuses_to_start_where_the_hash_is_known(bundle: Path, seal: str) -> None:
    """The contract seals the other files; the hash that a deployment names seals the contract: threshold and all."""
    generator = random.Random(0)  # noqa: S311  not for secrets
    content = (bundle / CONTRACT_FILE).read_bytes()
    for _ in range(FLIPS):
        spoilt = bytearray(content)
        spoilt[generator.randrange(len(content))] ^= 1 << generator.randrange(8)
        (bundle / CONTRACT_FILE).write_bytes(spoilt)

        with pytest.raises(ContractError, match=r"^SCR20[1-6]: "):
            Bundle.open(bundle, expected_seal=seal)


@pytest.mark.parametrize("name", FILES)
def test_file_of_another_bundle_refuses_to_start(bundle: Path, linear_bundle_dir: Path, name: str) -> None:
    """Two sound bundles that are mixed make none: a model is not served with another's threshold or reasons."""
    shutil.copyfile(linear_bundle_dir / name, bundle / name)

    with pytest.raises(ContractError, match=r"^SCR203: "):
        ScoringService.of(Bundle.open(bundle))


def test_another_sound_bundle_refuses_to_start_where_the_hash_is_known(linear_bundle_dir: Path, seal: str) -> None:
    """A whole bundle that was swapped is told by the hash that the deployment names."""
    with pytest.raises(ContractError, match=r"^SCR206: "):
        Bundle.open(linear_bundle_dir, expected_seal=seal)
