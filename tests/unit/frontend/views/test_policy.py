"""The policy: the rule, and the simulator where there is evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.unit.frontend.page_reader import WORDS, go_to, shown

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
