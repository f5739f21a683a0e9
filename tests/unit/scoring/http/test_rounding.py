"""What is told with fewer decimals: never another decision, and the record stays exact."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.bundle import Bundle
from scoring.decision import refuses
from scoring.http.app import create_app
from scoring.http.rounding import Rounding
from scoring.service import ScoringService
from scoring.settings import DEFAULT_BUNDLE, Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    type Ask = Callable[..., httpx.Response]

DECIMALS = 2


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    """Return the committed bundle."""
    return Bundle.open(DEFAULT_BUNDLE)


@given(st.floats(0, 1), st.floats(0.001, 0.999), st.integers(2, 6))
def test_a_told_probability_is_on_the_side_that_was_decided(exact: float, threshold: float, decimals: int) -> None:
    """Whoever compares it with the threshold comes to the decision that is told, and it is near the exact one."""
    told = Rounding(decimals, threshold).probability(exact)

    assert refuses(told, threshold=threshold) == refuses(exact, threshold=threshold)
    assert abs(told - exact) <= 10.0**-decimals
    assert 0 <= told <= 1


@given(st.floats(-9, 9), st.floats(0.001, 0.999), st.integers(2, 6))
def test_a_told_margin_is_on_the_side_that_was_decided(exact: float, threshold: float, decimals: int) -> None:
    """Log-odds say the decision that is told, and are near the exact ones."""
    cut = math.log(threshold / (1 - threshold))
    told = Rounding(decimals, threshold).margin(exact, refused=exact >= cut)

    assert (told >= cut) == (exact >= cut)
    assert abs(told - exact) <= 1.001 * 10.0 ** (1 - decimals)


@given(st.floats(0, 1), st.floats(0, 1), st.integers(2, 6))
def test_a_told_range_holds_the_exact_one(one: float, other: float, decimals: int) -> None:
    """It is widened, never narrowed."""
    low, high = min(one, other), max(one, other)
    told = Rounding(decimals, 0.1).probability_range((low, high))

    assert told[0] <= low
    assert high <= told[1]


def numbers_of(reply: dict[str, Any]) -> list[tuple[float, int]]:
    """Return each number of an assessment that is rounded, with its decimals."""
    probabilities = [reply["probabilite_de_defaut"], *(reply["fourchette"] or {}).values()]
    reasons = [*reply["explications_locales"], *reply["elements_favorables"]]
    log_odds = [reply["marge"], reply["valeur_de_base"], reply["autres_contributions"]]
    log_odds += [*reply["contributions_par_theme"].values(), *(one["contribution"] for one in reasons)]
    return [(one, DECIMALS) for one in probabilities] + [(one, DECIMALS - 1) for one in log_odds]


def test_replies_are_rounded_and_records_are_not(
    bundle: Bundle, ask: Ask, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every number of a golden application: the same decision, few decimals in the reply, all of them in the record."""
    from scoring.records import configure_audit  # noqa: PLC0415  it takes the standard output of its moment

    monkeypatch.setenv("AUDIT_HASH_KEY", "sixteen characters")
    configure_audit()
    settings = Settings(reply_decimals=DECIMALS, audit="on", audit_share=1.0)
    app = create_app(ScoringService.of(bundle), bundle, settings)
    for golden in bundle.golden[:5]:
        reply = ask(app, "POST", "/v1/score", json.dumps(golden["application"])).json()
        (record,) = (json.loads(line) for line in capsys.readouterr().out.splitlines() if '"audit"' in line)

        assert all(round(number, decimals) == number for number, decimals in numbers_of(reply))
        assert reply["classe"] == record["classe"] == golden["decision"]
        assert record["probabilite_de_defaut"] == pytest.approx(golden["default_probability"], abs=1e-9)
        assert record["probabilite_de_defaut"] != round(record["probabilite_de_defaut"], DECIMALS)
    assert ask(app, "GET", "/v1/model", "").json()["limites"]["decimales"] == DECIMALS
