"""Reasons: sums by theme, which of them are told, and words that do not contradict them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.contract import Text
from scoring.decision import Decision
from scoring.reasons import PRINCIPAL_REASONS, Account, Narrator
from tests.builders.contracts import a_catalogue, a_motive

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.contract import Contract, Feature, Input

# Seven themes in four groups, as the catalogue of the project has them.
GROUPS = {
    "dehors": ("scores", "ailleurs"),
    "capacite": ("credit", "revenu"),
    "nous": ("passe",),
    "soi": ("toit", "age"),
}
THEMES = tuple(theme for members in GROUPS.values() for theme in members)
CONTRIBUTIONS = st.lists(
    st.floats(-3, 3).map(lambda value: round(value, 3)), min_size=2 * len(THEMES), max_size=2 * len(THEMES)
)


@pytest.fixture(scope="module")
def seven_themes(
    a_contract: Callable[..., Contract], an_input: Callable[..., Input], a_feature: Callable[..., Feature]
) -> Contract:
    """Return a contract with two features in each of seven themes."""
    names = [f"{theme.upper()}_{n}" for theme in THEMES for n in (1, 2)]
    return a_contract(
        *(an_input(name, unit="nombre") for name in names),
        features=tuple(
            a_feature(name, unit="nombre", motive=f"R{place // 2 + 1}01") for place, name in enumerate(names)
        ),
        **a_catalogue(GROUPS),
    )


def told(contract: Contract, contributions: list[float], decision: Decision = Decision.REFUSE, n: int = 4) -> Account:
    """Return what is said of contributions, every value being 1."""
    values = np.array(contributions)
    application = {item.name: 1.0 for item in contract.inputs}
    return Narrator(contract).account(values, application, np.ones(len(values)), decision, n_reasons=n)


def of_themes(*sums: float) -> list[float]:
    """Return contributions that give each theme its sum."""
    return [half for one in sums for half in (2 * one, -one)]


@pytest.mark.parametrize("decision", list(Decision))
@given(contributions=CONTRIBUTIONS, n=st.integers(1, 10))
def test_base_reasons_and_the_rest_make_the_margin(
    seven_themes: Contract, decision: Decision, contributions: list[float], n: int
) -> None:
    """Nothing is lost: sums of all themes, and what is told with what is not, are the sum of all contributions."""
    account = told(seven_themes, contributions, decision, n)
    listed = sum(one.contribution for one in (*account.reasons, *account.favourable))

    assert sum(account.by_theme.values()) == pytest.approx(sum(contributions), abs=1e-9)
    assert listed + account.others == pytest.approx(sum(contributions), abs=1e-9)
    assert list(account.by_theme) == list(THEMES)


@given(contributions=CONTRIBUTIONS, n=st.integers(1, 10))
def test_refusal_is_told_by_adverse_reasons_alone(seven_themes: Contract, contributions: list[float], n: int) -> None:
    """No reason of a refusal lowers the risk; each has what would be better, strongest first, four at most."""
    account = told(seven_themes, contributions, n=n)
    sizes = [one.contribution for one in account.reasons]

    assert all(size > 0 for size in sizes)
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) <= min(n, PRINCIPAL_REASONS)
    assert all(one.better for one in account.reasons)
    assert all(one.contribution < 0 and one.better is None for one in account.favourable)


@pytest.mark.parametrize("decision", list(Decision))
@given(contributions=CONTRIBUTIONS, n=st.integers(3, 10))
def test_what_is_left_out_never_outweighs_the_strongest_reason(
    seven_themes: Contract, decision: Decision, contributions: list[float], n: int
) -> None:
    """From three reasons on, the rest is no larger than the largest reason that is shown."""
    account = told(seven_themes, contributions, decision, n)
    largest = max((abs(one.contribution) for one in account.reasons), default=0.0)

    assert 0 <= account.others <= largest


def test_even_themes_are_merged_into_their_groups(seven_themes: Contract) -> None:
    """Seven themes that weigh alike would leave three untold: four groups leave none."""
    account = told(seven_themes, of_themes(*[1.0] * 7))

    assert [one.theme for one in account.reasons] == ["dehors", "capacite", "soi", "nous"]
    assert account.reasons[0].label == "Groupe dehors"
    assert account.others == 0


def test_themes_are_told_apart_where_they_say_most(seven_themes: Contract) -> None:
    """One theme that outweighs what is left out needs no merging; what is left out is summed."""
    account = told(seven_themes, of_themes(3, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5))

    assert [one.theme for one in account.reasons] == ["scores", "ailleurs", "credit", "revenu"]
    assert account.others == pytest.approx(1.5)


def test_ties_stay_in_the_order_of_the_contract(seven_themes: Contract) -> None:
    """The same request gives the same order of reasons, always."""
    account = told(seven_themes, of_themes(1, 0, 1, 0, 0, 0, 1))

    assert [one.theme for one in account.reasons] == ["scores", "credit", "age"]


def test_a_refusal_that_nothing_speaks_against_has_no_reason(seven_themes: Contract) -> None:
    """Under a threshold that an operator set far down, the average applicant is refused: nothing is invented."""
    account = told(seven_themes, of_themes(*[-1.0] * 7))

    assert (account.reasons, account.others, len(account.favourable)) == ((), 0.0, 7)


def test_reason_names_what_weighs_most_in_its_direction(seven_themes: Contract) -> None:
    """A feature that pulls the other way, however strongly, does not speak for its theme."""
    account = told(seven_themes, [0.3, 0.9] + [-0.9, 0.3] + [0.0] * 10)
    (adverse,), (favourable,) = account.reasons, account.favourable

    assert (adverse.feature, adverse.code) == ("SCORES_2", "R101")
    assert (favourable.feature, favourable.code) == ("AILLEURS_1", "R201")


@pytest.fixture(scope="module")
def delays(
    a_contract: Callable[..., Contract], an_input: Callable[..., Input], a_feature: Callable[..., Feature]
) -> Contract:
    """Return a contract of two delays, of which none is never adverse, and a ratio of them."""
    catalogue = a_catalogue({"nous": ("passe",)})
    harmless = a_motive("R101", "passe", harmless=0.0)
    ratio = a_motive("R102", "passe", adverse=Text(fr="Ensemble ({donnees}).", en="Together ({donnees})."))
    return a_contract(
        an_input("LATE_MEAN", unit="jours"),
        an_input("LATE_MAX", unit="jours", required=False, missing=Text(fr="aucune échéance", en="no instalment")),
        features=(
            a_feature("LATE_MEAN", unit="jours"),
            a_feature("LATE_MAX", unit="jours"),
            a_feature("RATIO", inputs=("LATE_MEAN", "LATE_MAX"), expression="LATE_MEAN / LATE_MAX", motive="R102"),
            a_feature("LATE_MAX_MISSING", inputs=("LATE_MAX",), expression="missing(LATE_MAX)"),
        ),
        **catalogue | {"motives": (catalogue["motives"][0], harmless, ratio)},
    )


def sentence(
    contract: Contract, contributions: list[float], application: dict[str, float | None], row: list[float]
) -> str:
    """Return the one reason of a refusal."""
    values, columns = np.array(contributions), np.array(row, dtype=float)
    (reason,) = Narrator(contract).account(values, application, columns, Decision.REFUSE).reasons
    return reason.sentence


def test_no_delay_is_never_told_as_adverse(delays: Contract) -> None:
    """The strongest feature is passed over where its words would contradict its sign."""
    assert (
        sentence(delays, [0.5, 0.2, 0.0, 0.0], {"LATE_MEAN": 0, "LATE_MAX": 3}, [0, 3, 0, 0])
        == "Libellé LATE_MAX 3 jours contre."
    )


def test_theme_speaks_as_a_whole_where_every_word_would_contradict(delays: Contract) -> None:
    """No value is told rather than a wrong one."""
    assert (
        sentence(delays, [0.5, 0.2, 0.0, 0.0], {"LATE_MEAN": 0, "LATE_MAX": 0}, [0, 0, 0, 0])
        == "Le thème passe contre."
    )


def test_ratio_is_told_by_what_a_person_knows(delays: Contract) -> None:
    """Each input with its own value; what is absent as what its absence means."""
    assert (
        sentence(delays, [0.0, 0.0, 0.5, 0.0], {"LATE_MEAN": 2, "LATE_MAX": None}, [2, np.nan, np.nan, 1])
        == "Ensemble (Montant : 2 jours ; Montant : aucune échéance)."
    )


def test_indicator_is_told_as_its_input(delays: Contract) -> None:
    """Nobody is told that a column of ones and zeros is one."""
    assert (
        sentence(delays, [0.0, 0.0, 0.0, 0.5], {"LATE_MEAN": 2}, [2, np.nan, np.nan, 1])
        == "Montant aucune échéance contre."
    )


def test_what_is_there_is_not_told_as_absent(delays: Contract) -> None:
    """An indicator that speaks for an application says what is known."""
    values, row = np.array([0.0, 0.0, 0.0, -0.5]), np.array([2.0, 5.0, 0.4, 0.0])
    account = Narrator(delays).account(values, {"LATE_MEAN": 2.0, "LATE_MAX": 5.0}, row, Decision.ACCEPT)

    assert [one.sentence for one in (*account.reasons, *account.favourable)] == ["Montant 5 jours pour."]
