"""Several models as one: the same family from several seeds, or several families, merged into one set of trees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from training.candidates import Candidate
from training.compiler.ensembles import TreeEnsemble, mean_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.candidates import FittedModel
    from training.compiler.columns import Columns


@dataclass(frozen=True, slots=True)
class MeanOfModels:
    """Trained models whose scores are averaged; all are trees with a score in log-odds."""

    members: Sequence[FittedModel]

    def score(self, features: np.ndarray) -> np.ndarray:
        """Return the mean of the members' scores."""
        return np.asarray(np.mean([member.score(features) for member in self.members], axis=0))

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """Return the mean of the members' attributions: attributions of a sum are sums."""
        return np.asarray(np.mean([member.contributions(features) for member in self.members], axis=0))

    def neutral_form(self) -> TreeEnsemble:
        """Return all members' trees, each counting for its share."""
        forms = [member.neutral_form() for member in self.members]
        return mean_of([form for form in forms if isinstance(form, TreeEnsemble)])


def blend(name: str, members: Sequence[Candidate], *, family: str) -> Candidate:
    """Return the mean of tree candidates; it is more complex than any of them."""

    def fit(
        features: np.ndarray, default: np.ndarray, columns: Columns, weight: np.ndarray | None = None, /
    ) -> MeanOfModels:
        return MeanOfModels([member.fit(features, default, columns, weight) for member in members])

    parameters = {
        f"{number}.{member.name}.{key}": value
        for number, member in enumerate(members)
        for key, value in member.parameters.items()
    }
    return Candidate(name, family, 1 + max(member.complexity for member in members), fit, parameters)
