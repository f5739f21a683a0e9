"""Levers: small, realistic, verified changes, and never age or past."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from scoring.contract import Lever, Rule, Terms, Text
from scoring.decision import Decision, Outcome
from scoring.http.replies import Composer
from scoring.levers import LeverSearch
from scoring.model import Scores
from scoring.service import ScoringService

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.contract import Contract, Input
    from scoring.features import Value

SENTENCE = Text(fr="De {avant} à {apres}.", en="From {avant} to {apres}.")


def a_lever(name: str, target: str, *follows: str, direction: str = "lower", **changes: object) -> Lever:
    """Build a lever of five steps of ten per cent, unless told otherwise."""
    ordinary = {"step": 0.1, "limit": 0.5, "rounding": 10.0, "label": SENTENCE, "sentence": SENTENCE}
    ordinary |= {"contract_types": (), "by": "factor"}
    given = {"name": name, "target": target, "follows": follows, "direction": direction}
    return Lever.model_validate(given | ordinary | changes)


class Burden:
    """A model whose risk is the amount in millions, plus a tenth of the annuity's share of it."""

    def score(self, rows: np.ndarray) -> Scores:
        """Return the amount in millions as the probability."""
        probability = np.clip(rows[:, 0] / 1e6, 0, 1)
        return Scores(probability, probability, rows)


@pytest.fixture
def search(
    a_contract: Callable[..., Contract], an_input: Callable[..., Input], fake_explainer: type
) -> Callable[..., LeverSearch]:
    """Return the search over an amount that alone decides, refused from 0.3 on."""

    def build(*levers: Lever, rules: tuple[Rule, ...] = (), **bounds: float) -> LeverSearch:
        contract = a_contract(
            an_input("AMT_CREDIT", **bounds),
            an_input("AMT_ANNUITY", required=False),
            threshold=0.3,
            levers=levers,
            rules=rules,
        )
        return LeverSearch(ScoringService(contract, Burden(), fake_explainer((0.0, 0.0))))

    return build


APPLICATION: dict[str, Value] = {"AMT_CREDIT": 400_000.0, "AMT_ANNUITY": 20_000.0}


def test_smallest_sufficient_change_is_proposed(search: Callable[..., LeverSearch]) -> None:
    """From 400 000 the first step below 300 000 is 30 % less; what follows keeps its proportion."""
    found = search(a_lever("montant", "AMT_CREDIT", "AMT_ANNUITY")).search(APPLICATION)

    assert [one.candidate.changes for one in found.proposals] == [{"AMT_CREDIT": 280_000.0, "AMT_ANNUITY": 14_000.0}]
    assert (found.scored.decision, found.proposals[0].scored.decision) == (Decision.REFUSE, Decision.ACCEPT)


def test_accepted_application_needs_no_change(search: Callable[..., LeverSearch]) -> None:
    """Nothing is looked for where nothing is needed."""
    found = search(a_lever("montant", "AMT_CREDIT")).search(APPLICATION | {"AMT_CREDIT": 100_000.0})

    assert (found.scored.decision, found.proposals, found.n_candidates) == (Decision.ACCEPT, (), 0)


def test_nothing_within_reach_is_said(search: Callable[..., LeverSearch]) -> None:
    """Half of a million is still refused: every candidate was scored, none is proposed."""
    found = search(a_lever("montant", "AMT_CREDIT")).search(APPLICATION | {"AMT_CREDIT": 900_000.0})

    assert (found.proposals, found.n_candidates) == ((), 5)


@pytest.mark.parametrize("bounds", [{"minimum": 300_000.0}, {"usual_low": 300_000.0, "usual_high": 500_000.0}])
def test_changes_keep_the_bounds_and_usual_ranges(search: Callable[..., LeverSearch], bounds: dict[str, float]) -> None:
    """What nobody asks for is no realistic proposal."""
    found = search(a_lever("montant", "AMT_CREDIT"), **bounds).search(APPLICATION)

    assert (found.proposals, found.n_candidates) == ((), 2)


@pytest.mark.parametrize("severity", ["impossible", "incoherente"])
def test_no_change_breaks_a_rule_that_the_application_keeps(search: Callable[..., LeverSearch], severity: str) -> None:
    """An offer nobody could make, or that a person would have to check, is none."""
    rule = Rule(code="court", severity=severity, broken_when="AMT_CREDIT < 15 * AMT_ANNUITY", sentence=SENTENCE)
    lever = a_lever("montant", "AMT_CREDIT")

    assert search(lever).search(APPLICATION).proposals
    assert search(lever, rules=(rule,)).search(APPLICATION).proposals == ()


def test_unusual_applicant_may_move_towards_the_usual(search: Callable[..., LeverSearch]) -> None:
    """Who asks for more than is usual may ask for less, although that may still be unusual."""
    lever = a_lever("montant", "AMT_CREDIT")
    found = search(lever, usual_low=100_000.0, usual_high=200_000.0).search(APPLICATION)

    assert [one.candidate.changes for one in found.proposals] == [{"AMT_CREDIT": 280_000.0}]


def test_lever_without_its_value_is_left_out(search: Callable[..., LeverSearch]) -> None:
    """An annuity that is not known cannot be moved, and need not follow."""
    levers = a_lever("montant", "AMT_CREDIT", "AMT_ANNUITY"), a_lever("duree", "AMT_ANNUITY")
    found = search(*levers).search({"AMT_CREDIT": 400_000.0, "AMT_ANNUITY": None})

    assert [one.candidate.changes for one in found.proposals] == [{"AMT_CREDIT": 280_000.0}]
    assert search(a_lever("duree", "AMT_ANNUITY")).search({"AMT_CREDIT": 400_000.0}).n_candidates == 0


def test_two_levers_are_proposed_where_each_moves_less(search: Callable[..., LeverSearch]) -> None:
    """A pair that moves one lever as far as it would go alone says nothing new."""
    levers = a_lever("montant", "AMT_CREDIT"), a_lever("bien", "AMT_ANNUITY", "AMT_CREDIT")
    found = search(*levers).search(APPLICATION)

    told = {one.candidate.levers: one.candidate for one in found.proposals}
    assert list(told) == [("montant", "bien"), ("montant",), ("bien",)]
    assert max(move.factor for move in told["montant",].moves) < min(
        move.factor for move in told["montant", "bien"].moves
    )


def test_levers_on_one_input_are_never_pulled_both_ways(search: Callable[..., LeverSearch]) -> None:
    """Longer and shorter at once is no proposal."""
    levers = a_lever("longue", "AMT_ANNUITY"), a_lever("courte", "AMT_ANNUITY", direction="raise")
    pairs = [one.levers for one in search(*levers).candidates(APPLICATION)]

    assert {len(names) for names in pairs} == {1}
    assert (pairs.count(("longue",)), pairs.count(("courte",))) == (5, 5)


class Valley:
    """A model that accepts around one amount, and refuses below it and above it."""

    def score(self, rows: np.ndarray) -> Scores:
        """Return how far the amount is from 280 000, in hundreds of thousands."""
        probability = np.clip(np.abs(rows[:, 0] - 280_000) / 1e5, 0, 1)
        return Scores(probability, probability, rows)


def test_offer_stays_accepted_however_far_it_is_taken(
    a_contract: Callable[..., Contract], an_input: Callable[..., Input], fake_explainer: type
) -> None:
    """An amount that is refused again when it is lowered further is no offer."""
    contract = a_contract(an_input("AMT_CREDIT"), threshold=0.3, levers=(a_lever("montant", "AMT_CREDIT"),))
    valley = LeverSearch(ScoringService(contract, Valley(), fake_explainer((0.0,))))

    assert valley.search({"AMT_CREDIT": 400_000.0}).proposals == ()


@pytest.fixture
def term_search(
    a_contract: Callable[..., Contract], an_input: Callable[..., Input], fake_explainer: type
) -> Callable[..., LeverSearch]:
    """Return the search over amount, instalment and type of contract, under a rule of its own."""

    def build(*levers: Lever, band: tuple[float, float] = (0.0, 1.0)) -> LeverSearch:
        kind = an_input("NAME_CONTRACT_TYPE", kind="category", categories=("Cash loans", "Revolving loans"))
        contract = a_contract(
            an_input("AMT_CREDIT"),
            an_input("AMT_ANNUITY", required=False),
            kind,
            threshold=0.3,
            levers=levers,
            terms=Terms(amount="AMT_CREDIT", instalment="AMT_ANNUITY", price=None, contract_type="NAME_CONTRACT_TYPE"),
        )
        decision = contract.decision.model_copy(update={"review_band": band})
        return LeverSearch(
            ScoringService(
                contract.model_copy(update={"decision": decision}), Burden(), fake_explainer((0.0, 0.0, 0.0))
            )
        )

    return build


CASH: dict[str, Value] = {**APPLICATION, "NAME_CONTRACT_TYPE": "Cash loans"}


def test_terms_move_by_whole_months(term_search: Callable[..., LeverSearch]) -> None:
    """400 000 at 20 000 is twenty months: the next terms are 21, 22 … and 19, 18 … months, up to the limit."""
    months = a_lever("longue", "AMT_ANNUITY", by="month", limit=0.1, rounding=0.5)
    shorter = a_lever("courte", "AMT_ANNUITY", by="month", direction="raise", limit=0.2, rounding=0.5)

    def terms(lever: Lever) -> list[float]:
        return [round(400_000 / one.changes["AMT_ANNUITY"], 2) for one in term_search(lever).candidates(CASH)]

    assert (terms(months), terms(shorter)) == ([21, 22], [19, 18, 17])


def test_levers_are_for_the_contracts_they_make_sense_for(term_search: Callable[..., LeverSearch]) -> None:
    """A revolving credit has no term to move."""
    search = term_search(a_lever("longue", "AMT_ANNUITY", by="month", contract_types=("Cash loans",)))

    assert list(search.candidates(CASH))
    assert not list(search.candidates(CASH | {"NAME_CONTRACT_TYPE": "Revolving loans"}))


def test_offers_aim_below_the_band_of_review(term_search: Callable[..., LeverSearch]) -> None:
    """30 % less is accepted and near the threshold: what is offered goes on to where no person has to look."""
    found = term_search(a_lever("montant", "AMT_CREDIT", "AMT_ANNUITY"), band=(0.25, 0.35)).search(CASH)

    assert [one.candidate.changes["AMT_CREDIT"] for one in found.proposals] == [240_000.0]
    assert found.proposals[0].scored.proposal is Outcome.GRANT


def test_offer_inside_the_band_says_that_a_person_looks(term_search: Callable[..., LeverSearch]) -> None:
    """Where nothing reaches below the band, what is accepted within it is offered as an examination."""
    search = term_search(a_lever("montant", "AMT_CREDIT", "AMT_ANNUITY"), band=(0.1, 0.35))
    found = search.search(CASH)
    reply = Composer(search._service).levers(found, CASH, "fr", threshold=0.3)  # noqa: SLF001  the service the search was made with

    assert [one.scored.proposal for one in found.proposals] == [Outcome.REVIEW]
    assert "à l'examen d'une personne" in reply["texte"]
    assert reply["propositions"][0]["offre"] == {
        "montant": 280_000.0,
        "apport": None,
        "duree_mois": 20.0,
        "echeance": 14_000.0,
        "prix": None,
    }


def test_offers_never_contradict_one_another(
    a_contract: Callable[..., Contract], an_input: Callable[..., Input], fake_explainer: type
) -> None:
    """Where longer and shorter would both do, the smaller effort alone is told."""

    class Ends:
        """A model that refuses only an instalment of 20 000."""

        def score(self, rows: np.ndarray) -> Scores:
            """Return whether the instalment is near 20 000."""
            probability = (np.abs(rows[:, 1] - 20_000) < 2_500).astype(float)
            return Scores(probability, probability, rows)

    levers = (
        a_lever("longue", "AMT_ANNUITY"),
        a_lever("courte", "AMT_ANNUITY", direction="raise"),
    )
    contract = a_contract(an_input("AMT_CREDIT"), an_input("AMT_ANNUITY"), threshold=0.3, levers=levers)
    found = LeverSearch(ScoringService(contract, Ends(), fake_explainer((0.0, 0.0)))).search(APPLICATION)

    assert [one.candidate.levers for one in found.proposals] == [("courte",)]


def test_rounding_that_undoes_a_change_is_no_candidate(search: Callable[..., LeverSearch]) -> None:
    """A step that rounds back to the same amount changes nothing."""
    coarse = a_lever("montant", "AMT_CREDIT", rounding=400_000.0, limit=0.4)

    assert list(search(coarse).candidates(APPLICATION)) == []


def test_candidate_the_model_takes_back_is_not_proposed(
    search: Callable[..., LeverSearch], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What counts is the answer to the changed application itself."""
    found = search(a_lever("montant", "AMT_CREDIT"))
    monkeypatch.setattr(
        type(found._service),  # noqa: SLF001  the batch answer is what is falsified
        "probabilities",
        lambda _, applications: np.zeros(len(applications)),
    )

    assert found.search(APPLICATION | {"AMT_CREDIT": 900_000.0}).proposals == ()


def test_proposals_of_the_trees_are_accepted_by_the_trees(
    service: ScoringService, golden: list[dict[str, Any]]
) -> None:
    """Every proposal, sent as an application, is accepted, and changes only what a lever may move."""
    levers = LeverSearch(service)
    movable = {name for lever in service.contract.levers for name in (lever.target, *lever.follows)}
    found = [(one["application"], levers.search(one["application"])) for one in golden]
    proposals = [(application, proposal) for application, search in found for proposal in search.proposals]

    assert proposals
    for application, proposal in proposals:
        again = service.score(application | proposal.candidate.changes)
        assert (again.decision, again.default_probability) == (
            Decision.ACCEPT,
            proposal.scored.default_probability,
        )
        assert set(proposal.candidate.changes) <= movable


def test_no_lever_moves_age_or_past(service: ScoringService) -> None:
    """What an applicant cannot change is never proposed: only columns of the credit asked for."""
    moved = {name for lever in service.contract.levers for name in (lever.target, *lever.follows)}

    assert moved <= {"AMT_CREDIT", "AMT_ANNUITY", "AMT_GOODS_PRICE"}


def test_proposal_is_worded_in_both_languages(search: Callable[..., LeverSearch]) -> None:
    """The sentence of the lever says the value before and after in its unit."""
    levers = search(a_lever("montant", "AMT_CREDIT"))
    found = levers.search(APPLICATION)
    composer = Composer(levers._service)  # noqa: SLF001  the service the search was made with
    french, english = (composer.levers(found, APPLICATION, language, threshold=0.3) for language in ("fr", "en"))

    assert (
        french["propositions"][0]["texte"]
        == "De 400\u202f000\u202f€ à 280\u202f000\u202f€. La demande passerait à l'examen d'une personne."
    )
    assert (
        english["propositions"][0]["texte"]
        == "From 400,000\u202f€ to 280,000\u202f€. The application would go to a person to look at."
    )
    assert (french["resultat"], english["texte"].startswith("With one of")) == ("trouve", True)
