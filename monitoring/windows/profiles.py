"""The profile of all requests, added up from the lines that the function left: counts over bins, no application."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from metrics.values import Measured, NotApplicable
from scoring.log_lines import SEAL

if TYPE_CHECKING:
    from monitoring.windows.log_lines import Line
    from scoring.bundle import Bundle
    from scoring.contract import Contract

NO_PROFILE = "les journaux donnés ne portent aucun profil des demandes (PROFILE=off, ou trop peu de demandes)"


@dataclass(slots=True)
class RequestProfile:
    """What all requests that were counted had in common.

    Attributes
    ----------
    lines, n_applications
        Lines that were added up, and the applications in them.
    counts
        By input, applications in each bin of the contract's reference, its rare categories as one (`Input.told_cells`),
        those without a value last.
    left_out, unusual, rare
        By input, applications that say nothing of it, lie outside its usual range, have a category that next to nobody
        has.
    probability_counts
        Applications in each bin of the probability of default.
    decisions, proposals, review_motives, broken_rules
        Applications by the word of the line.
    coverage
        Share of the scored applications of the same log that were counted: what an instance had not yet written when it
        ended is lost.
    """

    lines: int = 0
    n_applications: int = 0
    counts: dict[str, np.ndarray] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    unusual: Counter[str] = field(default_factory=Counter)
    rare: Counter[str] = field(default_factory=Counter)
    probability_counts: np.ndarray = field(default_factory=lambda: np.empty(0))
    decisions: Counter[str] = field(default_factory=Counter)
    proposals: Counter[str] = field(default_factory=Counter)
    review_motives: Counter[str] = field(default_factory=Counter)
    broken_rules: Counter[str] = field(default_factory=Counter)
    coverage: Measured = field(default_factory=lambda: NotApplicable("aucune ligne de requête"))

    def missing(self, name: str) -> int:
        """Return the applications without a value of an input."""
        return int(self.counts[name][-1])

    def declared(self, name: str) -> int:
        """Return those of them that declare there is none."""
        return self.missing(name) - self.left_out[name]


class ProfileReader:
    """Adds up the profile lines of one bundle."""

    def __init__(self, bundle: Bundle) -> None:
        self._seal = bundle.seal
        self._sizes = _sizes(bundle.contract)
        self._bins = len(bundle.contract.reference.probability.shares)
        self.found = RequestProfile(probability_counts=np.zeros(self._bins))
        self.found.counts = {name: np.zeros(size) for name, size in self._sizes.items()}

    def take(self, line: Line) -> None:
        """Add a line, unless another bundle left it.

        Raises
        ------
        KeyError, TypeError, ValueError
            When it is not whole: nothing of it is added.
        """
        if line.get(SEAL) != self._seal:
            return
        counts = {name: _counts(line["variables"][name], size) for name, size in self._sizes.items()}
        probability = _counts(line["probabilite"], self._bins)
        named = {key: Counter({str(one): int(n) for one, n in line[key].items()}) for key in _NAMED}
        n_applications = int(line["demandes"])
        if any(count.sum() != n_applications for count in counts.values()):
            raise ValueError
        found = self.found
        found.lines += 1
        found.n_applications += n_applications
        found.probability_counts += probability
        for name, count in counts.items():
            found.counts[name] += count
        for key, attribute in _NAMED.items():
            getattr(found, attribute).update(named[key])

    def profile(self, *, n_scored: int) -> RequestProfile | NotApplicable:
        """Return what was added up.

        Parameters
        ----------
        n_scored
            Applications that the request lines of the same log say were scored by this bundle.
        """
        if not self.found.lines:
            return NotApplicable(NO_PROFILE)
        if n_scored:
            self.found.coverage = min(self.found.n_applications / n_scored, 1.0)
        return self.found


_NAMED = {
    "tues": "left_out",
    "inhabituelles": "unusual",
    "rares": "rare",
    "classes": "decisions",
    "propositions": "proposals",
    "revue_humaine": "review_motives",
    "regles": "broken_rules",
}


def _sizes(contract: Contract) -> dict[str, int]:
    """Return by input its number of bins, that of the missing included."""
    bins = contract.reference.inputs
    return {
        item.name: (item.n_told_cells if item.kind == "category" else len(bins[item.name].shares)) + 1
        for item in contract.inputs
    }


def _counts(told: object, size: int) -> np.ndarray:
    counts = np.array(told, float)
    if counts.shape != (size,) or not np.isfinite(counts).all() or (counts < 0).any():
        raise ValueError
    return counts
