"""What a request leaves behind: one line in the log with its metrics, and records for the sample of the audit."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx
    from fastapi import FastAPI

    from scoring.features import Value
    from scoring.service import ScoringService

    type Ask = Callable[..., httpx.Response]
    type Line = dict[str, Any]


KEY = "a key of the tests"


@pytest.fixture
def records(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Line]]:
    """Collect the audit records; the key is where the configuration has it."""
    lines: list[Line] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(json.loads(record.getMessage()))

    monkeypatch.setenv("AUDIT_HASH_KEY", KEY)
    logger = logging.getLogger("scoring.records")
    before = logger.handlers, logger.propagate, logger.level
    logger.handlers, logger.propagate = [Collector()], False
    logger.setLevel(logging.INFO)
    yield lines
    logger.handlers, logger.propagate = before[:2]
    logger.setLevel(before[2])


def test_batch_leaves_one_line_with_counts(
    post: Callable[..., Line],
    app: FastAPI,
    request_of: Callable[..., dict[str, Value]],
    logged: list[Line],
) -> None:
    """A batch is one request: one line, with how many were scored and by which rules others were not."""
    reply = post(app, "/v1/score/batch", {"demandes": [request_of(AMT_CREDIT=451_237.25), {}]})
    (line,) = logged

    assert (line["evenement"], line["id_requete"]) == ("lot", reply["meta"]["id_requete"])
    assert (line["demandes"], line["evaluees"], line["codes"]) == (2, 1, ["SCR101"])
    assert line["valeurs_manquantes"] == len(reply["resultats"][0]["valeurs_manquantes"])
    assert line["valeurs_inhabituelles"] == len(reply["resultats"][0]["signalements"])
    assert 0 < line["modele_ms"] + line["explication_ms"] < line["latence_ms"]
    assert "451237" not in json.dumps(line)


def test_levers_leave_one_line_with_the_decision(
    post: Callable[..., Line], app: FastAPI, request_of: Callable[..., dict[str, Value]], logged: list[Line]
) -> None:
    """What was decided, on how much and how long each part took, as of any decision; no value of the application."""
    reply = post(app, "/v1/leviers", request_of(AMT_CREDIT=451_237.25, EXT_SOURCE_1=None))
    (line,) = logged

    assert (line["evenement"], line["id_requete"]) == ("leviers", reply["meta"]["id_requete"])
    assert (line["classe"], line["resultat"]) == (reply["classe"], reply["resultat"])
    assert line["probabilite_de_defaut"] == round(reply["probabilite_de_defaut"], 6)
    assert line["valeurs_manquantes"] == 1
    assert 0 < line["lecture_ms"] + line["recherche_ms"] < line["latence_ms"]
    assert "451237" not in json.dumps(line)


def test_metrics_of_a_decision_are_in_its_line(
    post: Callable[..., Line],
    serve: Callable[..., FastAPI],
    request_of: Callable[..., dict[str, Value]],
    logged: list[Line],
) -> None:
    """Requests, refusals, latency and the probability for a histogram are counted from the line."""
    reply = post(serve(metrics="on"), "/v1/score", request_of())
    line = logged[-1]

    assert (line["Requetes"], line["Demandes"], line["Refus"]) == (1, 1, int(reply["classe"] == "refuse"))
    assert line["ProbabiliteDeDefaut"] == [round(reply["probabilite_de_defaut"], 6)]


def test_audit_is_silent_unless_it_is_asked_for(
    post: Callable[..., Line], app: FastAPI, request_of: Callable[..., dict[str, Value]], records: list[Line]
) -> None:
    """Nobody's values are written by default."""
    post(app, "/v1/score", request_of())

    assert records == []


def test_audit_keeps_inputs_and_answer(
    post: Callable[..., Line],
    serve: Callable[..., FastAPI],
    request_of: Callable[..., dict[str, Value]],
    records: list[Line],
) -> None:
    """A record has the application as it was scored, the answer and under which bundle and rule it was given."""
    app = serve(audit="on", audit_share=1.0)
    reply = post(app, "/v1/score", request_of(FLAG_PHONE=...), **{"x-identifiant-demandeur": "100001"})
    (record,) = records

    assert record["demande"] == request_of(FLAG_PHONE=...)
    assert len(record["demandeur"]) == 64
    assert [record[name] for name in ("probabilite_de_defaut", "marge", "classe", "seuil", "couverture")] == [
        reply[name] for name in ("probabilite_de_defaut", "marge", "classe", "seuil", "couverture")
    ]
    assert {record[name] for name in ("id_requete", "empreinte")} == {
        reply["meta"][name] for name in ("id_requete", "empreinte")
    }


def test_audit_of_a_batch_has_a_record_a_row(
    post: Callable[..., Line],
    serve: Callable[..., FastAPI],
    request_of: Callable[..., dict[str, Value]],
    records: list[Line],
) -> None:
    """Each scored row has its own identifier and applicant; rows that were not scored have no record."""
    app = serve(audit="on", audit_share=1.0)
    content = {"demandes": [{}, request_of(), request_of()], "identifiants": [None, "100001", None]}
    reply = post(app, "/v1/score/batch", content)

    assert [one["id_requete"] for one in records] == [f"{reply['meta']['id_requete']}/{index}" for index in (1, 2)]
    assert [one["demandeur"] is None for one in records] == [False, True]


@pytest.mark.parametrize(("shift", "expected"), [(0.0, ["zone_grise"]), (0.5, [])])
def test_audit_keeps_every_case_near_the_threshold(
    post: Callable[..., Line],
    service: ScoringService,
    serve: Callable[..., FastAPI],
    request_of: Callable[..., dict[str, Value]],
    records: list[Line],
    shift: float,
    expected: list[str],
) -> None:
    """With a share of zero, only the grey zone leaves records."""
    probability = service.score(request_of()).default_probability
    near = serve(decision_threshold=probability + shift, audit="on", audit_share=0.0)
    post(near, "/v1/score", request_of())

    assert expected == [one["motif"] for one in records]


def test_every_route_knows_an_applicant_by_one_rule(
    post: Callable[..., Line],
    serve: Callable[..., FastAPI],
    request_of: Callable[..., dict[str, Value]],
    records: list[Line],
) -> None:
    """In the header of any route or in a lot, composed or not, with blanks or without: one person, one hash."""
    app = serve(audit="on", audit_share=1.0)
    sent, named = request_of(), {"x-identifiant-demandeur": "Zo\u00e9-1".encode()}
    post(app, "/v1/score", sent, **named)
    post(app, "/v1/leviers", sent, **named)
    post(app, "/v1/score/batch", {"demandes": [sent]}, **named)
    post(app, "/v1/score/batch", {"demandes": [sent], "identifiants": [" Zoe\u0301-1 "]})

    assert [record["route"] for record in records] == ["score", "leviers", "lot", "lot"]
    assert len({record["demandeur"] for record in records}) == 1
