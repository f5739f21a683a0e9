"""When a person should decide: too close to the threshold, too incomplete, too unusual, or incoherent; and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from scoring.contract import ReviewPolicy
    from scoring.decision import DecisionRule
    from scoring.wording import Language


class ReviewMotive(StrEnum):
    """Why a case is not one for the machine alone, in the words of the API."""

    CLOSE = "proche_du_seuil"
    INCOMPLETE = "incomplete"
    UNUSUAL = "inhabituelle"
    INCOHERENT = "incoherente"
    RARE = "categorie_rare"
    UNKNOWN = "inconnue"


_SENTENCES: Final = {
    ("fr", ReviewMotive.CLOSE): "La probabilité estimée est trop proche du seuil pour décider sans une personne.",
    ("fr", ReviewMotive.INCOMPLETE): "La demande est trop incomplète pour décider sans une personne.",
    ("fr", ReviewMotive.UNUSUAL): "La demande a trop de valeurs hors des plages habituelles pour décider sans une "
    "personne.",
    (
        "fr",
        ReviewMotive.RARE,
    ): "Une catégorie de la demande est trop rare pour que le modèle en sache quelque chose : une personne décide.",
    ("fr", ReviewMotive.UNKNOWN): "La décision dépend de ce que la demande ne dit pas : une personne décide.",
    ("fr", ReviewMotive.INCOHERENT): "Des données de la demande ne vont pas ensemble : une personne doit les vérifier.",
    ("en", ReviewMotive.CLOSE): "The estimated probability is too close to the threshold to decide without a person.",
    ("en", ReviewMotive.INCOMPLETE): "The application is too incomplete to decide without a person.",
    ("en", ReviewMotive.UNUSUAL): "The application has too many values outside their usual ranges to decide without a "
    "person.",
    (
        "en",
        ReviewMotive.RARE,
    ): "A category of the application is too rare for the model to know anything of it: a person decides.",
    ("en", ReviewMotive.UNKNOWN): "The decision hinges on what the application does not say: a person decides.",
    ("en", ReviewMotive.INCOHERENT): "Values of the application do not fit together: a person has to check them.",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reviewer looks at: of one application, or of each of arrays of shape ``(n_applications,)``.

    Attributes
    ----------
    coverage
        Share of the picture that is shown.
    n_unusual
        Values outside their usual range.
    n_incoherent
        Rules that say that values do not fit together.
    has_rare
        Whether it holds a category that next to nobody has.
    hinges
        Whether the decision depends on what was left out.
    """

    default_probability: Any
    coverage: Any
    n_unusual: Any
    n_incoherent: Any
    has_rare: Any
    hinges: Any = False


@dataclass(frozen=True, slots=True)
class Reviewer:
    """The contract's policy, at the rule in force."""

    policy: ReviewPolicy
    rule: DecisionRule

    def held(self, seen: Seen) -> dict[ReviewMotive, Any]:
        """Say of each reason for a person to decide whether it holds; of one application, or of each of arrays."""
        return {
            ReviewMotive.CLOSE: self.rule.is_close(seen.default_probability),
            ReviewMotive.INCOMPLETE: seen.coverage < self.policy.coverage_below,
            ReviewMotive.UNUSUAL: seen.n_unusual > self.policy.unusual_above,
            ReviewMotive.INCOHERENT: seen.n_incoherent > 0,
            ReviewMotive.RARE: seen.has_rare,
            ReviewMotive.UNKNOWN: seen.hinges,
        }

    def motives(self, seen: Seen) -> tuple[ReviewMotive, ...]:
        """Return every reason for a person to decide on one application; none means the machine may."""
        return tuple(motive for motive, holds in self.held(seen).items() if holds)


def say_motive(motive: ReviewMotive, language: Language = "fr") -> str:
    """Return a motive as a sentence."""
    return _SENTENCES[language, motive]
