"""The shadow over HTTP: the answer is the same with it, whatever becomes of it, and the log has its word."""

from __future__ import annotations

import json
import shutil
import time
from typing import TYPE_CHECKING, Any

import pytest

from scoring.http.app import create_app
from scoring.log_lines import Event
from scoring.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx
    from fastapi import FastAPI

    from scoring.bundle import Bundle
    from scoring.features import Value
    from scoring.service import ScoringService
    from scoring.shadow import Shadow

    type Ask = Callable[..., httpx.Response]

ANSWERS = 40


@pytest.fixture
def shadowed(service: ScoringService, bundle: Bundle, linear_bundle_dir: Path) -> Callable[..., FastAPI]:
    """Serve the trees with the regression in their shadow: ``shadowed(shadow_share=0.5)``."""

    def build(**settings: object) -> FastAPI:
        ordinary = {"shadow_bundle_dir": linear_bundle_dir, "shadow_share": 1.0}
        return create_app(service, bundle, Settings.model_validate(ordinary | settings))

    return build


def answer(ask: Ask, app: FastAPI, application: object) -> tuple[str, dict[str, Any]]:
    """Return the identifier of a request, and what it is answered without what no two replies share."""
    reply = ask(app, "POST", "/v1/score", json.dumps(application))
    assert reply.status_code == 200, reply.text
    told: dict[str, Any] = reply.json()
    return str(told.pop("meta")["id_requete"]), told


def at_any_time(app: FastAPI) -> Shadow:
    """Let the challenger of an application be asked however long it takes: the machine may be busy."""
    shadow: Shadow = app.state.shadow
    shadow.budget = float("inf")
    return shadow


def of_shadow(logged: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the lines of the log that the challenger has its word in."""
    return [line for line in logged if line["evenement"] == Event.SHADOW]


def test_answers_are_the_same_and_the_log_has_its_word(
    ask: Ask,
    app: FastAPI,
    shadowed: Callable[..., FastAPI],
    golden: list[dict[str, Any]],
    logged: list[dict[str, Any]],
    linear_service: ScoringService,
) -> None:
    """Application by application nothing in a reply moves; a line tells both decisions and no value."""
    beside, asked_by = shadowed(), {}
    at_any_time(beside)
    for one in golden[:ANSWERS]:
        request, told = answer(ask, beside, one["application"])
        asked_by[request] = one["application"]
        assert told == answer(ask, app, one["application"])[1]
    lines = of_shadow(logged)

    assert [line["id_requete"] for line in lines] == list(asked_by)
    for line in lines:
        asked = asked_by[line["id_requete"]]
        alone = linear_service.probabilities([asked])[0]
        assert line["classe_ombre"] == ("refuse" if alone >= linear_service.rule.threshold else "accepte")
        assert {"version_ombre", "empreinte_ombre", "accord", "ombre_ms", "reponse_ms", "laissees"} <= line.keys()
        assert not line.keys() & asked.keys()


def test_cold_start_tells_who_is_in_the_shadow(
    shadowed: Callable[..., FastAPI], logged: list[dict[str, Any]], linear_bundle_dir: Path
) -> None:
    """Share, budget and the hash of the challenger stand in the line of the start."""
    shadow = shadowed(shadow_share=0.25, shadow_budget=0.1).state.shadow
    (line,) = logged

    assert (line["part_ombre"], line["budget_ombre"]) == (0.25, 0.1)
    assert line["empreinte_ombre"] == shadow.identity["empreinte_ombre"]
    assert (shadow.share, shadow.budget) == (0.25, 0.1)


def test_without_a_share_no_challenger_is_opened(
    shadowed: Callable[..., FastAPI], logged: list[dict[str, Any]], tmp_path: Path
) -> None:
    """Off is off: nothing is read, nothing is said."""
    app = shadowed(shadow_share=0.0, shadow_bundle_dir=tmp_path / "nowhere")

    assert app.state.shadow is None
    assert "part_ombre" not in logged[0]


@pytest.mark.parametrize("spoil", ["absent", "cut", "edited"])
def test_challenger_that_cannot_be_opened_is_a_word_of_the_start(
    ask: Ask,
    shadowed: Callable[..., FastAPI],
    golden: list[dict[str, Any]],
    logged: list[dict[str, Any]],
    linear_bundle_dir: Path,
    tmp_path: Path,
    spoil: str,
) -> None:
    """Broken seals are met at the start; the function answers, and no failure is counted that would end a canary."""
    folder = tmp_path / "challenger"
    if spoil != "absent":
        shutil.copytree(linear_bundle_dir, folder)
        name, old, new = ("model.onnx", b"", b"") if spoil == "cut" else ("contract.json", b"0.", b"1.")
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[:-10] if spoil == "cut" else content.replace(old, new, 1))
    app = shadowed(shadow_bundle_dir=folder)
    answer(ask, app, golden[0]["application"])

    assert logged[0]["erreur_ombre"] == ("SCR201" if spoil == "absent" else "SCR203")
    assert not of_shadow(logged)
    assert not [line for line in logged if line["evenement"] == Event.FAILED]


def test_challenger_that_fails_changes_no_answer(
    ask: Ask,
    app: FastAPI,
    shadowed: Callable[..., FastAPI],
    golden: list[dict[str, Any]],
    logged: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An error of the challenger is the name of its type in the log: no status, no failure, no message."""
    beside = shadowed()
    shadow = at_any_time(beside)

    def fail(*_: object) -> None:
        raise RuntimeError("450000.0 is what was asked for")

    monkeypatch.setattr(shadow.service, "probabilities", fail)
    application = golden[0]["application"]

    assert answer(ask, beside, application)[1] == answer(ask, app, application)[1]
    (line,) = of_shadow(logged)
    assert line["erreur"] == "RuntimeError"
    assert "450000" not in json.dumps(line)
    assert not [one for one in logged if one["evenement"] == Event.FAILED]


def test_slow_challenger_is_asked_next_to_never(
    ask: Ask,
    shadowed: Callable[..., FastAPI],
    request_of: Callable[..., dict[str, Value]],
    logged: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One that takes a hundred times an answer delays one answer, and is then left out of all of these."""
    beside = shadowed(shadow_budget=0.15)
    shadow = beside.state.shadow
    shadow.estimate_ms = 0.0
    monkeypatch.setattr(shadow.service, "probabilities", slowly(shadow.service.probabilities))
    for _ in range(ANSWERS):
        answer(ask, beside, request_of())

    assert [line["ombre_ms"] > 200 for line in of_shadow(logged)] == [True]
    assert shadow.left_out == ANSWERS - 1


def slowly(asked: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that thinks for a quarter of a second first."""

    def think(*given: object) -> object:
        time.sleep(0.25)
        return asked(*given)

    return think
