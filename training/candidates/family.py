"""What the house knows of a family of models, in one record: adding a family is writing one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from training.candidates import Candidate

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.contract import Text
    from training.candidates import Fit, Settings
    from training.candidates.search_space import SearchSpace


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of model: how it learns, what it is compared with, and what people call it.

    How it is exported is for its trained models to say (`FittedModel.neutral_form`).

    Attributes
    ----------
    name
        As in tables, in files of search spaces and in the contract.
    label
        What people call it.
    complexity
        Rank by which the simpler model wins inside the noise; lower is simpler.
    learn
        How candidates learn, from settings in the library's own names and a seed.
    settings
        What the family is compared with where nothing has been searched.
    searchable
        Parameters that a file of search spaces may name.
    space
        What a full run searches; ``None`` for nothing.
    draws
        Whether chance has a part in it: its seed is then one of the parameters that are recorded.
    boosted
        Whether it grows tree by tree: settings that a search finds then compete beside its own, and do not replace
        them.
    rebalanced
        Whether dealing with rare defaults can change what it learns.
    exportable
        Whether a candidate of some settings may be served.
    """

    name: str
    label: Text
    complexity: int
    learn: Callable[[Settings, int], Fit]
    settings: Settings
    searchable: frozenset[str] = frozenset()
    space: SearchSpace | None = None
    draws: bool = True
    boosted: bool = False
    rebalanced: bool = True
    exportable: Callable[[Settings], bool] = lambda _: True

    def candidate(self, settings: Settings | None = None, *, seed: int, name: str | None = None) -> Candidate:
        """Return a member of the family.

        Parameters
        ----------
        settings
            In its library's own names; the family's own by default.
        name
            Where another member of a run has the name of the family.
        """
        chosen = self.settings if settings is None else settings
        return Candidate(
            name or self.name,
            self.name,
            self.complexity,
            self.learn(chosen, seed),
            {**chosen, "seed": seed} if self.draws else dict(chosen),
            exportable=self.exportable(chosen),
        )
