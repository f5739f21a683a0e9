"""The policy: the rule, and the simulator where there is evidence."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from frontend.applications.pricing import price
from scoring.settings import DEFAULT_POLICY
from tests.unit.frontend.fake_api import ANSWER, PROBLEM
from tests.unit.frontend.page_reader import WORDS, fill_typical, go_to, shown, submit

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from tests.unit.frontend.fake_api import FakeApi


def test_the_policy_can_be_simulated(page: AppTest, fake_api: FakeApi, evidence: dict[str, Any]) -> None:
    """Dearer defaults ask for a lower threshold; the figures follow the slider."""
    fake_api.evidence = evidence
    go_to(page, "policy")
    assert not page.exception
    before = [str(one.value) for one in page.metric]

    page.select_slider[0].set_value(0.2).run()

    assert not page.exception
    assert before != [str(one.value) for one in page.metric]
    page.slider[0].set_value(30).run()
    assert WORDS("policy.curve_interval") not in shown(page)


def test_without_evidence_the_rule_is_still_told(page: AppTest) -> None:
    """An API that has no figures behind its policy is no failure."""
    words = shown(go_to(page, "policy"))

    assert not page.exception
    assert "Un défaut accordé coûte 10" in words
    assert WORDS("page.unavailable") in words


def test_evidence_of_another_shape_is_no_crash(page: AppTest, fake_api: FakeApi) -> None:
    """What cannot be read is said to be so."""
    fake_api.evidence = {"n_applications": 1}

    words = shown(go_to(page, "policy"))

    assert not page.exception
    assert WORDS("error.unexpected") in words


def try_rules(page: AppTest, content: bytes) -> AppTest:
    """Give the page a draft of rules."""
    go_to(page, "policy")
    uploader = next(one for one in page.file_uploader if one.label == WORDS("trial.upload"))
    return uploader.set_value(("regles.json", content, "application/json")).run()


def test_a_draft_of_rules_is_tried_on_what_is_at_hand(page: AppTest, fake_api: FakeApi) -> None:
    """The file goes as it is with the samples; what would change is told by proposal and by rule."""
    content = DEFAULT_POLICY.read_bytes()
    try_rules(page, content)
    (asked,) = fake_api.trials
    n = len(asked["demandes"])
    told = "\n".join(str(one.value) for one in page.table) + shown(page)

    assert not page.exception
    assert asked["politique"] == json.loads(content)
    assert n > 1
    assert WORDS("trial.changed", n=n, changed=n) in told
    assert all(rule["code"] in told for rule in asked["politique"]["rules"])


def test_rules_that_the_api_refuses_are_told_in_its_words(page: AppTest, fake_api: FakeApi) -> None:
    """What is wrong with them is the API's to say; the page stays."""
    problem = {"champ": "politique", "code": "SCR122", "detail": "Deux règles ont le même code : P101."}
    refusal = {**PROBLEM, "problemes": [problem], "problemes_omis": 0}
    go_to(page, "policy")
    fake_api.failures = [httpx.Response(422, json=refusal)]
    try_rules(page, DEFAULT_POLICY.read_bytes())

    assert not page.exception
    (error,) = [str(one.value) for one in page.error]
    assert WORDS("trial.refused") in error
    assert problem["detail"] in error


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff\xfe", b""])
def test_what_is_no_draft_is_said_before_anybody_is_asked(page: AppTest, fake_api: FakeApi, content: bytes) -> None:
    """A file that is no JSON object goes nowhere."""
    try_rules(page, content)

    assert not page.exception
    assert [str(one.value) for one in page.error] == [WORDS("trial.unreadable")]
    assert not fake_api.trials


def test_price_is_that_of_the_application_that_was_scored(page: AppTest, fake_api: FakeApi) -> None:
    """Expected loss and break-even rate follow the two sliders, whose numbers are in the page's language."""
    fake_api.contract["terms"] = {"amount": "AMT_CREDIT", "instalment": "AMT_ANNUITY", "price": "AMT_CREDIT"}
    assert WORDS("pricing.none") in shown(go_to(page, "policy"))
    submit(fill_typical(page))
    go_to(page, "policy")
    loss, funding = (next(one for one in page.select_slider if one.key == key) for key in ("prix_perte", "prix_argent"))
    before = prices(page)
    funding.set_value(0.0).run()
    loss.set_value(0.5).run()
    (exposure,) = [one.value for one in page.metric if one.label == WORDS("pricing.exposure")]
    amount = WORDS.read(str(exposure))
    assert amount is not None
    expected = price(
        ANSWER["probabilite_de_defaut"], exposure=amount, loss_given_default=0.5, funding_rate=0.0, years=1.0
    )

    assert not page.exception
    assert prices(page) != before
    assert prices(page)[0] == WORDS.number(expected.expected_loss)
    assert "3,00\N{NARROW NO-BREAK SPACE}%" in funding.options or "3,00\N{NO-BREAK SPACE}%" in funding.options


def prices(page: AppTest) -> list[str]:
    """Return expected loss and break-even rate, as they are shown."""
    labels = (WORDS("pricing.expected"), WORDS("pricing.rate"))
    return [str(one.value) for label in labels for one in page.metric if one.label == label]
