"""The client, and each way the API may fail it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from frontend.api.answers import Assessment
from frontend.api.batches import RowProblems
from frontend.api.client import PAUSES_SECONDS, http_client
from frontend.api.errors import (
    ApiAsleepError,
    ApiFailedError,
    ApiUnreachableError,
    FrontendError,
    InvalidApplicationError,
    KeyRefusedError,
    QuotaReachedError,
    RouteAbsentError,
    TooLargeError,
    UnexpectedReplyError,
)
from frontend.api.levers import Change
from frontend.api.problems import FieldProblem
from frontend.settings import Settings
from tests.unit.frontend.fake_api import ANSWER

if TYPE_CHECKING:
    from tests.unit.frontend.fake_api import FakeApi

APPLICATION = {"AMT_CREDIT": 1.0}


def test_an_answer_is_read_whole(fake_api: FakeApi) -> None:
    """Probability, decision, reasons and origin arrive as the API sent them."""
    answer = fake_api.client().score(APPLICATION)

    assert (answer.default_probability, answer.threshold, answer.refused) == (0.123, 0.09, True)
    assert [(one.code, one.contribution, one.better) for one in answer.reasons] == [
        ("R101", 0.4, "Un score plus élevé.")
    ]
    assert [(one.code, one.contribution, one.better) for one in answer.favourable] == [("R701", -0.1, None)]
    assert (answer.coverage, answer.missing, answer.review) == (0.9, ("BUREAU_COUNT",), ())
    assert (answer.origin.version, answer.origin.request_id) == ("modele:3", "r-42")
    assert fake_api.applications == [APPLICATION]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (httpx.Response(401), KeyRefusedError),
        (httpx.Response(403, json={"message": "Forbidden"}), KeyRefusedError),
        (httpx.Response(429, json={"message": "Limit Exceeded"}), QuotaReachedError),
        (httpx.Response(500, json={"id_requete": "r-9"}), ApiFailedError),
        (httpx.Response(404, content=b"<html>"), RouteAbsentError),
        (httpx.Response(413, content=b"<html>"), TooLargeError),
        (httpx.Response(418, content=b"<html>"), ApiFailedError),
        (httpx.Response(200, content=b"<html>"), UnexpectedReplyError),
        (httpx.Response(200, json={"probabilite_de_defaut": 0.1}), UnexpectedReplyError),
        (httpx.Response(200, json=[1]), UnexpectedReplyError),
        (httpx.ConnectError("refused"), ApiUnreachableError),
    ],
)
def test_each_failure_has_its_own_error(
    fake_api: FakeApi, reply: httpx.Response | Exception, expected: type[FrontendError]
) -> None:
    """One class per thing the reader can do about it, after one attempt."""
    fake_api.will(reply)

    with pytest.raises(FrontendError) as caught:
        fake_api.client().score(APPLICATION)

    assert expected is type(caught.value)
    assert len(fake_api.applications) == 1


def test_problems_of_fields_are_told_by_field(fake_api: FakeApi) -> None:
    """An invalid application has every field named, and its rule."""
    fake_api.will_find({"champ": "AMT_CREDIT", "code": "SCR103", "detail": "Valeur trop petite."})

    with pytest.raises(InvalidApplicationError) as caught:
        fake_api.client().score(APPLICATION)

    assert caught.value.problems == (FieldProblem("AMT_CREDIT", "SCR103", "Valeur trop petite."),)


def test_a_sleeping_api_is_asked_again(fake_api: FakeApi, answer_body: dict[str, Any]) -> None:
    """A timeout or a 503 while the function wakes up is not shown to the reader."""
    fake_api.will(httpx.ReadTimeout("slow"), httpx.Response(503), httpx.Response(200, json=answer_body))

    assert fake_api.client().score(APPLICATION).refused
    assert fake_api.pauses == list(PAUSES_SECONDS)


def test_an_api_that_stays_asleep_is_given_up(fake_api: FakeApi) -> None:
    """Attempts are counted: the page does not hang."""
    fake_api.will(httpx.Response(504))

    with pytest.raises(ApiAsleepError, match="3 attempts"):
        fake_api.client().score(APPLICATION)


@pytest.mark.parametrize(("header", "seconds"), [("30", 30), ("soon", None), (None, None)])
def test_the_wait_for_quota_is_told_when_known(fake_api: FakeApi, header: str | None, seconds: int | None) -> None:
    """``Retry-After`` is read when it is a number of seconds."""
    fake_api.will(httpx.Response(429, headers={"retry-after": header} if header else {}))

    with pytest.raises(QuotaReachedError) as caught:
        fake_api.client().score(APPLICATION)

    assert seconds == caught.value.retry_after


def test_the_key_goes_in_its_header(fake_api: FakeApi) -> None:
    """A key is sent where API Gateway reads it, and nothing is sent without one."""
    for key in ("secret", ""):
        settings = Settings(api_url="https://api.example", api_key=key)
        http_client(settings, httpx.MockTransport(fake_api.handle)).get("/v1/contract")

    assert fake_api.keys == ["secret", None]


def test_the_stage_of_an_address_is_kept() -> None:
    """Routes are added to an address such as ``…/prod``, not put in its place."""
    client = http_client(Settings(api_url="https://api.example/prod"))

    assert client.build_request("GET", "/v1/contract").url == "https://api.example/prod/v1/contract"


def test_a_connection_that_was_closed_meanwhile_is_opened_again(fake_api: FakeApi, answer_body: dict[str, Any]) -> None:
    """An API that was restarted between two questions is no error worth telling."""
    fake_api.will(httpx.RemoteProtocolError("disconnected"), httpx.Response(200, json=answer_body))

    assert fake_api.client().score(APPLICATION).refused


def test_texts_are_asked_for_in_the_language_of_the_reader(fake_api: FakeApi) -> None:
    """The API words its sentences; French unless said otherwise."""
    fake_api.client().score(APPLICATION)
    fake_api.client().speaking("en").score(APPLICATION)

    assert [request.headers["accept-language"] for request in fake_api.requests] == ["fr", "en"]


def test_review_reasons_are_read_where_a_person_must_decide(fake_api: FakeApi, answer_body: dict[str, Any]) -> None:
    """The reasons come as sentences."""
    review = {"requise": True, "motifs": [{"code": "proche_du_seuil", "texte": "Trop proche du seuil."}]}
    fake_api.will(httpx.Response(200, json=answer_body | {"revue_humaine": review}))

    assert fake_api.client().score(APPLICATION).review == ("Trop proche du seuil.",)


def test_a_batch_keeps_its_order_and_its_bad_rows(fake_api: FakeApi) -> None:
    """One wrong row spoils no other."""
    answer = fake_api.client().score_batch([{"AMT_CREDIT": 1.0}, {"AMT_CREDIT": "beaucoup"}])

    scored, refused = answer.rows
    assert isinstance(scored, Assessment)
    assert isinstance(refused, RowProblems)
    assert refused.problems == (FieldProblem("AMT_CREDIT", "SCR102", "Type incorrect."),)


def test_a_batch_of_another_length_is_not_believed(fake_api: FakeApi) -> None:
    """Answers are matched to rows by their place: a missing one would shift them all."""
    fake_api.failures.append(httpx.Response(200, json={"resultats": [], "seuil": 0.09, "meta": ANSWER["meta"]}))

    with pytest.raises(UnexpectedReplyError, match="number of rows"):
        fake_api.client().score_batch([APPLICATION])


def test_levers_are_read_with_what_they_change(fake_api: FakeApi) -> None:
    """A proposal has its sentence, its changes and its probability."""
    answer = fake_api.client().levers(APPLICATION)

    assert answer.sentence.startswith("Avec l'un de ces changements")
    assert answer.proposals[0].changes == (Change("AMT_CREDIT", 300_000.0, 200_000.0),)


def test_evidence_the_api_does_not_have_is_told_apart(fake_api: FakeApi) -> None:
    """An API without evidence is not a failing one."""
    with pytest.raises(RouteAbsentError):
        fake_api.client().evidence()
