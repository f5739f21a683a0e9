"""From scored applications to replies: plain values in the shape that `scoring.http.reply_schemas` describes.

They are plain because building and checking models again costs more than scoring does; a test holds every reply
against its model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scoring.decision import Decision, Outcome
from scoring.errors import InvalidApplicationError
from scoring.http.problem_words import PROBLEMS
from scoring.http.rounding import Rounding
from scoring.policy import told_outcome
from scoring.review import ReviewMotive, say_motive
from scoring.wording import Language, say_rule, say_text, say_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scoring.contract import Contract, Input
    from scoring.errors import FieldProblem
    from scoring.features import Value
    from scoring.http.requests import Application
    from scoring.levers import Candidate, Move, Proposal, Search
    from scoring.policy import PolicyOutcome
    from scoring.reasons import Account, Reason
    from scoring.service import ScoredApplication, ScoringService

MOST_SIGNALS: Final = 50
MOST_PROBLEMS: Final = 50
MOST_PROBLEMS_A_ROW: Final = 10
MOST_PROBLEMS_A_BATCH: Final = 1000
_SIGNAL_CHARACTERS: Final = 80

_UNUSUAL: Final = {
    "fr": "Valeur hors de la plage habituelle, de {} à {}.",
    "en": "Value outside the usual range, from {} to {}.",
}
_RARE: Final = {
    "fr": "Catégorie trop rare pour que le modèle en sache quelque chose : lue comme une donnée absente.",
    "en": "Category too rare for the model to know anything of it: read as if it were not given.",
}
_UNKNOWN: Final = {
    "fr": "Champ inconnu du contrat : il n'a pas été pris en compte.",
    "en": "Field unknown to the contract: it was not taken into account.",
}
_RETIRED: Final = {
    "fr": "Valeur que seul le modèle précédent demandait : acceptée jusqu'au {}, lue comme inconnue.",
    "en": "Value that only the model before asked for: accepted until {}, read as unknown.",
}
_ACCEPTED: Final = {
    "fr": "La demande est acceptée telle quelle : rien n'est à changer.",
    "en": "The application is accepted as it is: nothing has to change.",
}
_ACCEPTED_FOR_REVIEW: Final = {
    "fr": "Le modèle accepte la demande telle quelle ; une personne l'examine avant la décision.",
    "en": "The model accepts the application as it is; a person looks at it before the decision.",
}
_FOUND: Final = {
    "fr": "Avec l'une de ces offres, vérifiée par le modèle, l'accord serait proposé.",
    "en": "With one of these offers, verified by the model, granting the credit would be proposed.",
}
_FOUND_FOR_REVIEW: Final = {
    "fr": "Avec l'une de ces offres, vérifiée par le modèle, la demande passerait à l'examen d'une personne.",
    "en": "With one of these offers, verified by the model, the application would go to a person to look at.",
}
_TOGETHER: Final = {"fr": "Changer à la fois : {}", "en": "Change at once: {}"}
_INSTEAD: Final = {"fr": "{} : {} au lieu de {}", "en": "{}: {} instead of {}"}
_STOP: Final = {"fr": " ; ", "en": "; "}
_TERM: Final = {"fr": "Durée du crédit", "en": "Term of the credit"}
_REVIEWED: Final = {
    "fr": "La demande passerait à l'examen d'une personne.",
    "en": "The application would go to a person to look at.",
}
_NONE: Final = {
    "fr": "Aucun changement réaliste du montant, de la durée ou de l'apport ne suffit à faire accepter la demande.",
    "en": "No realistic change of amount, term or down payment suffices for the application to be accepted.",
}


class Composer:
    """Words what was scored, by the contract; `decimals` is how many of a probability are told, None for all."""

    def __init__(self, service: ScoringService, *, decimals: int | None = None) -> None:
        self._rounding = Rounding(decimals, service.rule.threshold)
        self._contract: Contract = service.contract
        self._narrator = service.narrator
        self._inputs = {item.name: item for item in service.contract.inputs}

    def assessment(self, scored: ScoredApplication, read: Application, language: Language) -> dict[str, Any]:
        """Return what `scoring.http.reply_schemas.Assessment` describes."""
        margin = self._rounding.margin(scored.margin, refused=scored.decision is Decision.REFUSE)
        return {
            "probabilite_de_defaut": self._rounding.probability(scored.default_probability),
            "classe": scored.decision.value,
            "proposition": scored.proposal.value,
            "couverture": scored.coverage,
            "fourchette": None
            if scored.probability_range is None
            else dict(zip(("basse", "haute"), self._rounding.probability_range(scored.probability_range), strict=True)),
            "valeurs_manquantes": scored.missing,
            "valeurs_inconnues": scored.left_out,
            "signalements": self._signals(scored, read, language),
            "revue_humaine": human_review(scored.review, language),
            "valeur_de_base": self._rounding.log_odds(scored.base_value),
            "marge": margin,
            "points": None if self._contract.points is None else round(self._contract.points.of(margin)),
            "politique": None if scored.policy is None else _policy(scored.policy, language),
        } | _account(scored.account, self._rounding)

    def _signals(self, scored: ScoredApplication, read: Application, language: Language) -> list[dict[str, str]]:
        strange = [
            {"champ": name, "code": "valeur_inhabituelle", "detail": self._usual_range(self._inputs[name], language)}
            for name in scored.unusual
        ]
        strange += [{"champ": name, "code": "categorie_rare", "detail": _RARE[language]} for name in scored.rare]
        incoherent = [
            {"champ": name, "code": "incoherente", "detail": say_rule(rule, language)}
            for rule in scored.incoherent
            for name in rule.fields
        ]
        extra = [
            {"champ": name[:_SIGNAL_CHARACTERS], "code": "champ_inconnu", "detail": _UNKNOWN[language]}
            for name in read.unknown[:MOST_SIGNALS]
        ]
        return strange + incoherent + extra + self._retired(read.retired, language)

    def _retired(self, names: Sequence[str], language: Language) -> list[dict[str, str]]:
        before = self._contract.predecessor
        if before is None:
            return []
        detail = _RETIRED[language].format(before.accepted_until.isoformat())
        return [{"champ": name, "code": "champ_retire", "detail": detail} for name in names]

    def _usual_range(self, item: Input, language: Language) -> str:
        ends = (self._narrator.say_input(item, end, language) for end in (item.usual_low, item.usual_high))
        return _UNUSUAL[language].format(*ends)

    def levers(
        self, search: Search, application: Mapping[str, Value], language: Language, *, threshold: float
    ) -> dict[str, Any]:
        """Return what `scoring.http.reply_schemas.LeversReply` describes, without its meta."""
        accepted = search.scored.is_accepted
        outcome = "deja_acceptee" if accepted else "trouve" if search.proposals else "aucun_a_portee"
        granted = any(one.scored.proposal is Outcome.GRANT for one in search.proposals)
        found = _FOUND if granted else _FOUND_FOR_REVIEW
        accepted_as = _ACCEPTED_FOR_REVIEW if search.scored.proposal is Outcome.REVIEW else _ACCEPTED
        texts = {"deja_acceptee": accepted_as, "trouve": found, "aucun_a_portee": _NONE}
        return {
            "probabilite_de_defaut": self._rounding.probability(search.scored.default_probability),
            "classe": search.scored.decision.value,
            "seuil": threshold,
            "resultat": outcome,
            "texte": texts[outcome][language],
            "propositions": [self._proposal(one, application, language) for one in search.proposals],
            "candidats_evalues": search.n_candidates,
        }

    def _proposal(self, proposal: Proposal, application: Mapping[str, Value], language: Language) -> dict[str, Any]:
        changes = proposal.candidate.changes
        sentences = [self._offer(proposal.candidate, application, language)]
        if proposal.scored.proposal is Outcome.REVIEW:
            sentences.append(_REVIEWED[language])
        return {
            "leviers": proposal.candidate.levers,
            "texte": " ".join(sentences),
            "offre": self._terms_of({**application, **changes}),
            "changements": [
                {
                    "champ": name,
                    "libelle": say_text(self._inputs[name].label, language),
                    "avant": application[name],
                    "apres": value,
                }
                for name, value in changes.items()
            ],
            "probabilite_de_defaut": self._rounding.probability(proposal.scored.default_probability),
            "classe": proposal.scored.decision.value,
            "proposition": proposal.scored.proposal.value,
            "revue_humaine": human_review(proposal.scored.review, language),
        }

    def _terms_of(self, application: Mapping[str, Value]) -> dict[str, float | None]:
        """Return what is offered as a whole: amount, down payment, term, instalment and price fit one another."""
        terms = self._contract.terms

        def value_of(name: str | None) -> float | None:
            value = application.get(name) if name else None
            return float(value) if isinstance(value, int | float) else None

        if terms is None:
            return dict.fromkeys(("montant", "apport", "duree_mois", "echeance", "prix"))
        amount, instalment, price = map(value_of, (terms.amount, terms.instalment, terms.price))
        return {
            "montant": amount,
            "apport": max(price - amount, 0.0) if price is not None and amount is not None else None,
            "duree_mois": round(amount / instalment, 1) if amount and instalment else None,
            "echeance": instalment,
            "prix": price,
        }

    def _offer(self, candidate: Candidate, application: Mapping[str, Value], language: Language) -> str:
        """Say one lever in its own sentence; several by what is asked for in the end.

        A lever's sentence tells what it leaves as it is (the term), which another may change.
        """
        changes = candidate.changes
        if len(candidate.moves) == 1:
            return self._sentence(candidate.moves[0], application, changes, language)
        instead = _INSTEAD[language].format
        parts = [
            instead(
                say_text(self._inputs[name].label, language),
                *(
                    self._narrator.say_input(self._inputs[name], value, language)
                    for value in (after, application[name])
                ),
            )
            for name, after in changes.items()
        ]
        after, before = (self._terms_of(terms)["duree_mois"] for terms in ({**application, **changes}, application))
        if after != before:
            said = (say_value(months, "mois", self._contract.conventions, language) for months in (after, before))
            parts.append(instead(_TERM[language], *said))
        told = _TOGETHER[language].format(_STOP[language].join(parts))
        return told if told.endswith(".") else f"{told}."  # a currency may end in one

    def _sentence(
        self, move: Move, application: Mapping[str, Value], changes: Mapping[str, float], language: Language
    ) -> str:
        target = self._inputs[move.lever.target]
        before, after = (
            self._narrator.say_input(target, value, language)
            for value in (application[target.name], changes[target.name])
        )
        return say_text(move.lever.sentence, language).format(avant=before, apres=after)


def human_review(motives: Sequence[ReviewMotive], language: Language) -> dict[str, Any]:
    """Return what `scoring.http.reply_schemas.HumanReview` describes."""
    return {
        "requise": bool(motives),
        "motifs": [{"code": motive.value, "texte": say_motive(motive, language)} for motive in motives],
    }


def _policy(outcome: PolicyOutcome, language: Language) -> dict[str, Any]:
    """Return what `scoring.http.reply_schemas.PolicyReply` describes."""
    told = told_outcome(outcome)
    for rule, found in zip(told["regles"], outcome.findings, strict=True):
        rule["texte"] = say_text(found.sentence, language)
    return told


def _account(account: Account | None, rounding: Rounding) -> dict[str, Any]:
    """Return the part of an assessment that tells why; empty where nobody asked."""
    if account is None:
        return {
            "contributions_par_theme": {},
            "explications_locales": (),
            "elements_favorables": (),
            "autres_contributions": None,
        }
    return {
        "contributions_par_theme": rounding.each(account.by_theme),
        "explications_locales": [_explanation(reason, rounding) for reason in account.reasons],
        "elements_favorables": [_explanation(reason, rounding) for reason in account.favourable],
        "autres_contributions": rounding.log_odds(account.others),
    }


def _explanation(reason: Reason, rounding: Rounding) -> dict[str, Any]:
    return {
        "code": reason.code,
        "theme": reason.theme,
        "libelle": reason.label,
        "contribution": rounding.log_odds(reason.contribution),
        "sens": "augmente" if reason.contribution > 0 else "diminue",
        "texte": reason.sentence,
        "mieux": reason.better,
        "variable": reason.feature,
        "valeur": reason.value,
    }


def problem_replies(problems: Sequence[FieldProblem], language: Language, *, most: int) -> dict[str, Any]:
    """Return the first problems and how many more there are: a reply stays small whatever was sent."""
    told = [
        {"champ": one.champ, "code": one.code, "detail": _detail(one, language), "recu": one.recu}
        for one in problems[:most]
    ]
    return {"problemes": told, "problemes_omis": len(problems) - len(told)}


def _detail(problem: FieldProblem, language: Language) -> str:
    return problem.detail if language == "fr" else PROBLEMS.get(problem.code, problem.detail)


def batch_rows(
    composer: Composer,
    read: Sequence[Application | InvalidApplicationError],
    scored: Sequence[ScoredApplication | InvalidApplicationError],
    language: Language,
) -> list[dict[str, Any]]:
    """Return one entry an application, in their order; `scored` answers those of `read` that could be read."""
    rows: list[dict[str, Any]] = []
    answers = iter(scored)
    room = MOST_PROBLEMS_A_BATCH
    for index, one in enumerate(read):
        answer = one if isinstance(one, InvalidApplicationError) else next(answers)
        if isinstance(answer, InvalidApplicationError):
            told = problem_replies(answer.problems, language, most=min(MOST_PROBLEMS_A_ROW, room))
            room -= len(told["problemes"])
            rows.append({"index": index, "statut": "non_evaluee"} | told)
        elif not isinstance(one, InvalidApplicationError):
            rows.append({"index": index, "statut": "evaluee"} | composer.assessment(answer, one, language))
    return rows
