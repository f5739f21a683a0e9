"""When a person should decide: too close to the threshold, too incomplete, too unusual, or incoherent; and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, overload

if TYPE_CHECKING:
    import numpy as np

    from scoring.contract import ReviewPolicy
    from scoring.decision import DecisionRule
    from scoring.wording import Language


class ReviewMotive(StrEnum):
    """Why a case is not one for the machine alone, in the words of the API."""

    CLOSE = "proche_du_seuil"
    INCOMPLETE = "incomplete"
    UNUSUAL = "inhabituelle"
    INCOHERENT = "incoherente"


_SENTENCES: Final = {
    ("fr", ReviewMotive.CLOSE): "La probabilité estimée est trop proche du seuil pour décider sans une personne.",
    ("fr", ReviewMotive.INCOMPLETE): "La demande est trop incomplète pour décider sans une personne.",
    ("fr", ReviewMotive.UNUSUAL): "La demande a trop de valeurs hors des plages habituelles pour décider sans une "
    "personne.",
    ("fr", ReviewMotive.INCOHERENT): "Des données de la demande ne vont pas ensemble : une personne doit les vérifier.",
    ("en", ReviewMotive.CLOSE): "The estimated probability is too close to the threshold to decide without a person.",
    ("en", ReviewMotive.INCOMPLETE): "The application is too incomplete to decide without a person.",
    ("en", ReviewMotive.UNUSUAL): "The application has too many values outside their usual ranges to decide without a "
    "person.",
    ("en", ReviewMotive.INCOHERENT): "Values of the application do not fit together: a person has to check them.",
}


@dataclass(frozen=True, slots=True)
class Reviewer:
    """The contract's policy, at the rule in force."""

    policy: ReviewPolicy
    rule: DecisionRule

    @overload
    def held(
        self, *, default_probability: float, coverage: float, n_unusual: int, n_incoherent: int
    ) -> dict[ReviewMotive, bool]: ...
    @overload
    def held(
        self, *, default_probability: np.ndarray, coverage: np.ndarray, n_unusual: np.ndarray, n_incoherent: np.ndarray
    ) -> dict[ReviewMotive, np.ndarray]: ...
    def held(
        self, *, default_probability: Any, coverage: Any, n_unusual: Any, n_incoherent: Any
    ) -> dict[ReviewMotive, Any]:
        """Say of each reason for a person to decide whether it holds; of one application, or of each of arrays."""
        return {
            ReviewMotive.CLOSE: self.rule.is_close(default_probability),
            ReviewMotive.INCOMPLETE: coverage < self.policy.coverage_below,
            ReviewMotive.UNUSUAL: n_unusual > self.policy.unusual_above,
            ReviewMotive.INCOHERENT: n_incoherent > 0,
        }

    def motives(
        self, *, default_probability: float, coverage: float, n_unusual: int, n_incoherent: int
    ) -> tuple[ReviewMotive, ...]:
        """Return every reason for a person to decide; none means the machine may."""
        held = self.held(
            default_probability=default_probability,
            coverage=coverage,
            n_unusual=n_unusual,
            n_incoherent=n_incoherent,
        )
        return tuple(motive for motive, holds in held.items() if holds)


def say_motive(motive: ReviewMotive, language: Language = "fr") -> str:
    """Return a motive as a sentence."""
    return _SENTENCES[language, motive]
