"""A batch: uploaded, scored, resumed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from tests.unit.frontend.fake_api import ANSWER, an_assessment
from tests.unit.frontend.page_reader import WORDS, button, go_to, shown

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from tests.unit.frontend.fake_api import FakeApi


def a_batch(*amounts: object) -> bytes:
    """Return a file with an application for each amount."""
    lines = [f"{amount},Working,-15000,0.5" for amount in amounts]
    return "\n".join(["AMT_CREDIT,NAME_JOB,DAYS_BIRTH,EXT_SOURCE_1", *lines]).encode()


def upload(page: AppTest, content: bytes) -> AppTest:
    """Give a file to the batch."""
    go_to(page, "batch")
    uploader = next(one for one in page.file_uploader if one.label == WORDS("batch.upload"))
    return uploader.set_value(("lot.csv", content, "text/csv")).run()


def test_a_batch_is_scored_and_its_errors_are_told(page: AppTest) -> None:
    """Rates, rows and problems; one wrong row spoils no other."""
    upload(page, a_batch(100_000, 10_000_000, "beaucoup"))

    button(page, WORDS("batch.run")).click().run()

    assert not page.exception
    figures = {one.label: str(one.value).replace("\u202f", " ") for one in page.metric}
    assert figures[WORDS("batch.scored")] == "2"
    assert figures[WORDS("batch.failed")] == "1"
    assert figures[WORDS("batch.refusal_rate")] == "100,0 %"
    assert WORDS("problem.number") in page.table[-1].value.to_numpy().tolist()[0]


def test_a_batch_that_stops_half_way_is_resumed(page: AppTest, fake_api: FakeApi) -> None:
    """Rows that were answered are kept, and only the others are asked for again."""
    fake_api.model["limites"]["demandes_par_lot"] = 2
    upload(page, a_batch(1, 2, 3, 4, 5))
    asked = len(fake_api.batches)
    fake_api.failures = [httpx.Response(200, json=batch_reply(1, 2)), httpx.Response(429)]

    words = shown(button(page, WORDS("batch.run")).click().run())
    assert "quota" in words
    assert WORDS("batch.partial", done=2) in words
    button(page, WORDS("batch.resume")).click().run()

    assert [len(one) for one in fake_api.batches[asked:]] == [2, 2, 2, 1]
    assert next(one for one in page.metric if one.label == WORDS("batch.scored")).value == "5"


def batch_reply(*amounts: float) -> dict[str, Any]:
    """Return the fake API's answers to applications with these amounts."""
    rows = [an_assessment({"AMT_CREDIT": amount, "EXT_SOURCE_1": 0.5}) for amount in amounts]
    told = [{"index": 0, "statut": "evaluee", **row} for row in rows]
    return {"resultats": told, "seuil": 0.09, "meta": ANSWER["meta"]}


def test_a_file_without_required_columns_is_not_sent(page: AppTest, fake_api: FakeApi) -> None:
    """The reader learns at once what no row could do without."""
    page.run()
    asked = len(fake_api.batches)

    words = shown(upload(page, b"AMT_CREDIT\n1\n"))

    assert "NAME_JOB" in words
    assert asked == len(fake_api.batches)


def test_a_file_that_is_none_says_why(page: AppTest) -> None:
    """And nothing else happens."""
    words = shown(upload(page, b"a,b\n1,2\n"))

    assert WORDS("batch.no_header") in words
