"""What officers decided against the model: how often, why, and who turned out right.

The page exports its decisions (``python -m frontend.desk.export``), outcomes come later, by request. A credit that an
officer granted against the model shows who was right; one that was refused has no outcome and shows nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics.intervals import counted_share
from monitoring.errors import MonitoringError
from scoring.decision import Decision

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from scoring.contract import Estimate

GRANT, REFUSE = "accord", "refus"


@dataclass(frozen=True, slots=True)
class OfficerDecision:
    """One decision that stands, beside the model's own.

    Attributes
    ----------
    request
        Of the scoring request, by which outcomes are matched.
    reason
        Stable code of the desk.
    """

    request: str
    default_probability: float
    model: Decision
    verdict: str
    reason: str
    countersigned: bool

    @property
    def is_override(self) -> bool:
        """Whether the officer decided otherwise than the model."""
        return (self.verdict == REFUSE) != (self.model is Decision.REFUSE)


@dataclass(frozen=True, slots=True)
class GrantedAgainst:
    """Credits that officers granted against the model and whose outcome is known.

    Attributes
    ----------
    default_rate
        Of these credits: where officers know better, it lies below what the model expected.
    expected
        Mean probability of default that the model gave them.
    """

    n: int
    officer_right: int
    default_rate: Estimate
    expected: float


@dataclass(frozen=True, slots=True)
class DecisionReport:
    """What the decisions of a period come to.

    Attributes
    ----------
    override_rate
        Share of the decisions that are not the model's.
    granted, refused
        Overrides by what the officer decided.
    reasons
        Overrides by the officer's reason.
    known
        None until an outcome of a credit granted against the model is known.
    """

    n: int
    override_rate: Estimate
    granted: int
    refused: int
    countersigned: int
    reasons: Mapping[str, int]
    known: GrantedAgainst | None


def read_decisions(path: Path) -> list[OfficerDecision]:
    """Return the decisions of an export.

    Raises
    ------
    MonitoringError
        ``MON902`` no file, ``MON926`` a line that is no decision, or a request decided twice.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise MonitoringError(
            "MON902", f"{path} cannot be read; make it with `python -m frontend.desk.export`"
        ) from error
    decisions = [_read(line, place) for place, line in enumerate(lines, start=1) if line.strip()]
    twice = [request for request, times in Counter(one.request for one in decisions).items() if times > 1]
    if twice:
        raise MonitoringError(
            "MON926", f"request {twice[0]} is decided twice in {path.name}; export the decisions anew"
        )
    if not decisions:
        raise MonitoringError("MON926", f"{path.name} holds no decision")
    return decisions


def report_decisions(decisions: Sequence[OfficerDecision], outcomes: Mapping[str, float]) -> DecisionReport:
    """Return what some decisions come to.

    Parameters
    ----------
    outcomes
        1 for a default, 0 for none, by request; those that are not known yet are not in it.
    """
    overrides = [one for one in decisions if one.is_override]
    granted = [one for one in overrides if one.verdict == GRANT]
    return DecisionReport(
        n=len(decisions),
        override_rate=counted_share(len(overrides), len(decisions)),
        granted=len(granted),
        refused=len(overrides) - len(granted),
        countersigned=sum(one.countersigned for one in overrides),
        reasons=dict(Counter(one.reason for one in overrides).most_common()),
        known=_known(granted, outcomes),
    )


def _known(granted: Iterable[OfficerDecision], outcomes: Mapping[str, float]) -> GrantedAgainst | None:
    known = [(one, outcomes[one.request]) for one in granted if one.request in outcomes]
    if not known:
        return None
    defaults = sum(outcome == 1 for _, outcome in known)
    return GrantedAgainst(
        n=len(known),
        officer_right=len(known) - defaults,
        default_rate=counted_share(defaults, len(known)),
        expected=sum(one.default_probability for one, _ in known) / len(known),
    )


def _read(line: str, place: int) -> OfficerDecision:
    try:
        content: dict[str, Any] = json.loads(line)
        verdict = content["decision"]
        if verdict not in {GRANT, REFUSE}:
            raise ValueError(verdict)  # noqa: TRY301  told below, with the others
        return OfficerDecision(
            request=str(content["id_requete"]),
            default_probability=float(content["probabilite_de_defaut"]),
            model=Decision(content["classe"]),
            verdict=verdict,
            reason=str(content["motif"]),
            countersigned=bool(content["contresigne"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise MonitoringError(
            "MON926", f"line {place} is no decision of the page; export the decisions anew"
        ) from error
