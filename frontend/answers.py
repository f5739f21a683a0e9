"""The answer to one application, as this page reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from frontend.errors import UnexpectedReplyError

if TYPE_CHECKING:
    from collections.abc import Mapping

REFUSED = "refuse"


@dataclass(frozen=True, slots=True)
class Reason:
    """One principal reason.

    Attributes
    ----------
    contribution
        Log-odds; positive raises the risk.
    """

    label: str
    contribution: float
    sentence: str

    @property
    def raises_risk(self) -> bool:
        """Whether the risk is higher because of it."""
        return self.contribution > 0


@dataclass(frozen=True, slots=True)
class Answer:
    """Probability of default, decision and reasons.

    Attributes
    ----------
    computing_ms
        Time spent inside the function, as the API reports it.
    """

    default_probability: float
    threshold: float
    refused: bool
    reasons: tuple[Reason, ...]
    version: str
    answered_at: str
    computing_ms: float
    request_id: str


def read_answer(content: Mapping[str, Any]) -> Answer:
    """Read the body of ``POST /v1/score``.

    Raises
    ------
    UnexpectedReplyError
        When a part of it is absent or of another kind.
    """
    try:
        meta = content["meta"]
        return Answer(
            default_probability=float(content["probabilite_de_defaut"]),
            threshold=float(content["seuil"]),
            refused=content["classe"] == REFUSED,
            reasons=tuple(
                Reason(str(one["libelle"]), float(one["contribution"]), str(one["texte"]))
                for one in content["explications_locales"]
            ),
            version=str(meta["version_modele"]),
            answered_at=str(meta["horodatage"]),
            computing_ms=float(meta["latence_ms"]),
            request_id=str(meta["id_requete"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UnexpectedReplyError(f"the answer has no usable {error}") from error
