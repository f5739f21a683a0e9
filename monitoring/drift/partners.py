"""What each partner declares to be absent: beside the other partners, and beside what it declared before.

A null says that there is none, and a declaration can be wrong or made up. Who declares absences that others do not, or
all at once, is told; a partner may have applicants of its own, so that standing out is watched, and a jump is an alarm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics.significance import shares_p_value
from metrics.values import NotApplicable, Pair

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitoring.windows.declarations import Declarations

# Fewer applications of a partner say nothing of its habits.
FEWEST = 30
SHOWN_DIGITS = 8


@dataclass(frozen=True, slots=True)
class DeclarationMove:
    """Where the share of declared absences of a partner differs most from what it is compared with.

    Attributes
    ----------
    share
        Compared with, and now.
    p_value
        Chance of as much at any of the inputs without any difference (Bonferroni).
    """

    name: str
    share: Pair
    p_value: float


@dataclass(frozen=True, slots=True)
class PartnerDeclarations:
    """One partner, by the first digits of its keyed hash.

    Attributes
    ----------
    n_effective
        Applications of the window, by weight.
    mean_declared
        Declared absences per application.
    beside_others, beside_before
        Largest excess over all other partners, and largest rise since the period before; not applicable where there is
        too little to compare with.
    """

    partner: str
    n_effective: float
    mean_declared: float
    beside_others: DeclarationMove | NotApplicable
    beside_before: DeclarationMove | NotApplicable


def measure_partners(
    now: Mapping[str, Declarations], before: Mapping[str, Declarations], *, n_inputs: int
) -> tuple[PartnerDeclarations, ...]:
    """Return every partner with enough applications, the one that stands out most first.

    Parameters
    ----------
    now, before
        By partner, in the window and in the period before it.
    n_inputs
        Inputs that may be declared absent.
    """
    found = []
    for partner, own in now.items():
        if own.n_effective < FEWEST:
            continue
        others = [one for other, one in now.items() if other != partner]
        found.append(
            PartnerDeclarations(
                partner=partner[:SHOWN_DIGITS],
                n_effective=own.n_effective,
                mean_declared=sum(own.absences.values()) / own.n_effective,
                beside_others=_move(own, others, n_inputs, "aucun autre partenaire n’a assez de demandes"),
                beside_before=_move(
                    own,
                    [before[partner]] if partner in before else [],
                    n_inputs,
                    "trop peu de demandes avant la période",
                ),
            )
        )
    return tuple(sorted(found, key=lambda one: -_size(one.beside_others)))


def _size(move: DeclarationMove | NotApplicable) -> float:
    return 0.0 if isinstance(move, NotApplicable) else move.share.change


def _move(own: Declarations, others: list[Declarations], n_inputs: int, reason: str) -> DeclarationMove | NotApplicable:
    size = sum(one.n_effective for one in others)
    if size < FEWEST:
        return NotApplicable(reason)
    shares = {
        name: Pair(sum(one.absences.get(name, 0.0) for one in others) / size, absences / own.n_effective)
        for name, absences in own.absences.items()
    }
    if not shares:
        return NotApplicable("rien n’est déclaré absent")
    name = max(shares, key=lambda one: shares[one].change)
    chance = shares_p_value(shares[name], n_reference=size, n_current=own.n_effective)
    return DeclarationMove(name, shares[name], min(1.0, chance * n_inputs))
