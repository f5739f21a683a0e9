"""The model as the page shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.unit.frontend.page_reader import WORDS, go_to, shown

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from tests.unit.frontend.fake_api import FakeApi


def test_the_model_tab_shows_the_contract(page: AppTest) -> None:
    """Figures, costs and origin come from the contract, worded in French."""
    go_to(page, "model")

    words = shown(page.run())

    assert not page.exception
    assert "12\u202f675 dossiers de test, mis de côté" in words
    assert words.count(WORDS("page.unavailable")) == 2


def test_the_model_tab_shows_calibration_and_fairness(
    page: AppTest, fake_api: FakeApi, evidence: dict[str, Any]
) -> None:
    """Where the API has the figures behind them."""
    fake_api.evidence = evidence

    words = shown(go_to(page, "model"))

    assert not page.exception
    assert WORDS("model.calibration_caption") in words
    assert "Sexe" in words
    assert WORDS("page.unavailable") not in words
