"""Batches: rows answered as single calls are, and wrong ones that sink no others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from fastapi import FastAPI

    from scoring.features import Value

    type Ask = Callable[..., httpx.Response]
    type Line = dict[str, Any]


def test_batch_answers_as_single_calls_do(
    post: Callable[..., Line], app: FastAPI, golden: list[dict[str, Any]]
) -> None:
    """Alone or among others, an application gets the same answer, bit for bit, reasons included."""
    applications = [one["application"] for one in golden]
    rows = post(app, "/v1/score/batch?raisons=3", {"demandes": applications})["resultats"]
    alone = [post(app, "/v1/score?raisons=3", one) for one in applications]

    left_out = {"index", "statut", "seuil", "meta"}
    assert [{k: v for k, v in row.items() if k not in left_out} for row in rows] == [
        {k: v for k, v in one.items() if k not in left_out} for one in alone
    ]


def test_bad_row_does_not_sink_the_others(
    post: Callable[..., Line], app: FastAPI, request_of: Callable[..., dict[str, Value]]
) -> None:
    """Each application is answered in its place: scored, not conforming, or too incomplete."""
    bare = request_of(EXT_SOURCE_1=..., EXT_SOURCE_2=..., EXT_SOURCE_3=..., OCCUPATION_TYPE=...)
    reply = post(
        app, "/v1/score/batch", {"demandes": [request_of(), request_of(AMT_CREDIT="1"), bare, 7, request_of()]}
    )

    assert [(one["index"], one["statut"]) for one in reply["resultats"]] == [
        (0, "evaluee"),
        (1, "non_evaluee"),
        (2, "non_evaluee"),
        (3, "non_evaluee"),
        (4, "evaluee"),
    ]
    assert (reply["compte"]["evaluees"], reply["compte"]["non_evaluees"], reply["compte"]["demandes"]) == (2, 3, 5)
    assert [one["problemes"][-1]["code"] for one in reply["resultats"][1:4]] == ["SCR102", "SCR120", "SCR102"]


def test_batch_of_nothing_but_bad_rows_is_answered(post: Callable[..., Line], app: FastAPI) -> None:
    """Where nothing can be scored, everything is told."""
    reply = post(app, "/v1/score/batch", {"demandes": [{}, []]})

    assert (reply["compte"]["evaluees"], [one["statut"] for one in reply["resultats"]]) == (0, ["non_evaluee"] * 2)


def test_batch_of_bad_rows_stays_small(
    ask: Ask, serve: Callable[..., FastAPI], request_of: Callable[..., dict[str, Value]]
) -> None:
    """Hundreds of rows with dozens of problems each fit into a reply of Lambda."""
    wrong = dict.fromkeys(request_of(), "x" * 100) | {f"k{number}": 1 for number in range(60)}
    reply = ask(serve(), "POST", "/v1/score/batch", json.dumps({"demandes": [wrong] * 400}))
    rows = reply.json()["resultats"]

    assert (reply.status_code, len(reply.content) < 3_000_000) == (200, True)
    assert sum(len(one["problemes"]) for one in rows) == 1_000
    assert {len(one["problemes"]) + one["problemes_omis"] for one in rows} == {75}


@pytest.mark.parametrize(
    ("content", "field", "code"),
    [
        ([], "demandes", "SCR102"),
        ({}, "demandes", "SCR102"),
        ({"demandes": {}}, "demandes", "SCR102"),
        ({"demandes": []}, "demandes", "SCR111"),
        ({"demandes": [{}] * 6}, "demandes", "SCR111"),
        ({"demandes": [{}], "more": 1}, "more", "SCR105"),
        ({"demandes": [{}], "identifiants": []}, "identifiants", "SCR102"),
        ({"demandes": [{}], "identifiants": [1]}, "identifiants", "SCR102"),
        ({"demandes": [{}], "identifiants": ["x" * 201]}, "identifiants", "SCR102"),
        ({"demandes": [{}], "identifiants": "x"}, "identifiants", "SCR102"),
    ],
)
def test_batch_that_is_none_is_refused(
    post: Callable[..., Line], serve: Callable[..., FastAPI], content: object, field: str, code: str
) -> None:
    """The envelope has its own rules, and each is named."""
    app = serve(max_batch=5)
    (problem,) = post(app, "/v1/score/batch", content, status=422)["problemes"]

    assert (problem["champ"], problem["code"]) == (field, code)


def test_identifier_that_is_too_long_is_refused(
    post: Callable[..., Line], serve: Callable[..., FastAPI], request_of: Callable[..., dict[str, Value]]
) -> None:
    """Cut short, two applicants would be one; the longest that is admitted is kept whole."""
    app = serve()
    post(app, "/v1/score", request_of(), **{"x-identifiant-demandeur": "x" * 200})
    (problem,) = post(app, "/v1/score", request_of(), status=422, **{"x-identifiant-demandeur": "x" * 201})["problemes"]

    assert (problem["champ"], problem["code"], problem["recu"]) == ("x-identifiant-demandeur", "SCR102", 201)


def test_batch_with_a_word_that_is_no_json_names_its_row(
    ask: Ask, app: FastAPI, request_of: Callable[..., dict[str, Value]]
) -> None:
    """NaN in one application sinks that one; where no application holds it, the body is refused."""
    rows = json.dumps({"demandes": [request_of(), request_of(AMT_CREDIT=-987)]}).replace("-987", "NaN")
    statuses = [one["statut"] for one in ask(app, "POST", "/v1/score/batch", rows).json()["resultats"]]

    assert statuses == ["evaluee", "non_evaluee"]
    assert ask(app, "POST", "/v1/score/batch", '{"demandes": [[[NaN]]]}').status_code == 400
