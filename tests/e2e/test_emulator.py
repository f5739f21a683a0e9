"""The built package under the Lambda emulator, with only what is in the package on its path."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from delivery.emulator import Emulator
from delivery.events import FORMATS, HttpRequest, golden_applications
from delivery.paths import BUNDLE, EVENTS, PACKAGE
from scoring.bundle import parse_contract
from scoring.contract import CONTRACT_FILE, PARITY_FILE, SEALED_FILES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e

CONTRACT = parse_contract((BUNDLE / CONTRACT_FILE).read_bytes())


def event(name: str, form: str) -> dict[str, Any]:
    """Return a committed event file."""
    return dict(json.loads((EVENTS / f"{name}_{form}.json").read_text(encoding="utf-8")))


def content_of(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON body of an answer."""
    return dict(json.loads(answer["body"]))


@pytest.mark.parametrize("form", FORMATS)
def test_score_gives_the_trainers_answer(emulator: Emulator, form: str) -> None:
    """Every golden application gets the probability and the class that the trained model gave it."""
    tolerance = json.loads((BUNDLE / PARITY_FILE).read_text(encoding="utf-8"))["tolerance"]
    golden = golden_applications(BUNDLE)
    replies = [
        content_of(emulator.invoke(FORMATS[form](HttpRequest.post("/v1/score", one["application"])))) for one in golden
    ]

    assert golden
    assert [one["decision"] for one in golden] == [reply["classe"] for reply in replies]
    for one, reply in zip(golden, replies, strict=True):
        assert reply["probabilite_de_defaut"] == pytest.approx(one["default_probability"], abs=tolerance, rel=0)


@pytest.mark.parametrize("form", FORMATS)
def test_score_says_why_and_from_what(emulator: Emulator, form: str) -> None:
    """A reply carries its threshold, its reasons, and the identifier that API Gateway gave the request."""
    sent = event("score", form)
    answer = emulator.invoke(sent)
    reply = content_of(answer)

    assert answer["statusCode"] == 200
    assert {"seuil", "explications_locales", "meta"} <= reply.keys()
    assert reply["explications_locales"]
    assert sent["requestContext"]["requestId"] == reply["meta"]["id_requete"]


@pytest.mark.parametrize("form", FORMATS)
def test_invalid_application_is_told_every_problem(emulator: Emulator, form: str) -> None:
    """A request with several faults gets one 422 that names them all."""
    valid, sent = (json.loads(event(name, form)["body"]) for name in ("score", "score_invalid"))
    faulty = {name for name in valid.keys() | sent.keys() if valid.get(name) != sent.get(name)}
    answer = emulator.invoke(event("score_invalid", form))

    assert answer["statusCode"] == 422
    assert faulty == {problem["champ"] for problem in content_of(answer)["problemes"]}


@pytest.mark.parametrize("form", FORMATS)
def test_contract_is_served_as_sealed(emulator: Emulator, form: str) -> None:
    """Clients read the very contract that the function decides by."""
    answer = emulator.invoke(event("contract", form))

    assert answer["statusCode"] == 200
    assert parse_contract(answer["body"].encode()) == CONTRACT


@pytest.mark.parametrize("form", FORMATS)
def test_health_names_the_version(emulator: Emulator, form: str) -> None:
    """Monitoring learns that the function answers, and from which version."""
    answer = emulator.invoke(event("health", form))

    assert answer["statusCode"] == 200
    assert CONTRACT.identity.model_name in content_of(answer)["version_modele"]


@pytest.mark.parametrize("form", FORMATS)
def test_unknown_route_is_an_error_of_the_api(emulator: Emulator, form: str) -> None:
    """An address that does not exist gets the API's own 404, not the gateway's."""
    answer = emulator.invoke(FORMATS[form](HttpRequest("GET", "/v1/inconnu")))

    assert answer["statusCode"] == 404
    assert content_of(answer)["status"] == 404


@pytest.fixture
def package_copy(tmp_path: Path) -> Iterator[Path]:
    """Return a copy of the package that a test may spoil; its libraries are links."""
    copy = tmp_path / "package"
    copy.mkdir()
    for part in PACKAGE.iterdir():
        if part.name in {"bundle", "scoring"}:
            shutil.copytree(part, copy / part.name)
        else:
            (copy / part.name).symlink_to(part)
    yield copy
    shutil.rmtree(copy)


@pytest.mark.parametrize("name", SEALED_FILES)
def test_corrupted_bundle_refuses_to_start(package_copy: Path, name: str) -> None:
    """One flipped bit in a sealed file, and the function answers nothing but what is wrong."""
    path = package_copy / "bundle" / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with Emulator(package_copy) as spoilt:
        answer = spoilt.invoke(event("health", "rest"))

    assert answer["errorType"] == "ContractError"
    assert "SCR203" in answer["errorMessage"]
    assert name in answer["errorMessage"]


def test_absent_bundle_file_refuses_to_start(package_copy: Path) -> None:
    """A partial bundle is not served either."""
    (package_copy / "bundle" / CONTRACT_FILE).unlink()
    with Emulator(package_copy) as partial:
        answer = partial.invoke(event("health", "rest"))

    assert answer["errorType"] == "ContractError"
    assert "SCR201" in answer["errorMessage"]


def test_function_leaves_its_package_alone(emulator: Emulator) -> None:
    """The function writes nothing beside its code: on Lambda it could not."""
    before = {path: path.stat().st_mtime_ns for path in PACKAGE.rglob("*")}
    emulator.invoke(event("score", "rest"))

    assert before == {path: path.stat().st_mtime_ns for path in PACKAGE.rglob("*")}
