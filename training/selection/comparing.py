"""The contest over the chosen inputs: settings searched, every candidate judged on the same folds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from tqdm import tqdm

from training.candidates.families import candidate_of
from training.selection.rules import assess
from training.selection.search import Ground, best_of_grid, best_of_trials

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from training.candidates import Candidate
    from training.features.feature_space import FeatureSpace
    from training.selection.assessment_store import AssessmentStore
    from training.selection.effort import Breadth, Effort, Settings
    from training.selection.rules import Assessment
    from training.selection.search_space import SearchSpace, Setting


@dataclass(frozen=True, slots=True)
class Arena:
    """The rows and folds that all candidates share.

    Attributes
    ----------
    rows
        Raw values of the inputs of `space`, shape ``(n_applications, n_inputs)``.
    store
        Where finished work is kept; ``None`` keeps nothing.
    """

    space: FeatureSpace
    rows: np.ndarray
    default: np.ndarray
    fold: np.ndarray
    seed: int
    store: AssessmentStore | None

    def restricted_to(self, space: FeatureSpace) -> Arena:
        """Return the same applications with the columns of a smaller space."""
        place = {name: index for index, name in enumerate(self.space.input_names)}
        columns = [place[name] for name in space.input_names]
        return replace(self, space=space, rows=np.ascontiguousarray(self.rows[:, columns]))


def hold_contest(
    effort: Effort, arena: Arena, already: Assessment, spaces: Mapping[str, SearchSpace]
) -> list[Assessment]:
    """Judge every candidate of an effort; `already` is the one that has been judged on the way.

    Parameters
    ----------
    spaces
        By family, what a wide comparison searches.
    """
    if effort.breadth is None:
        rivals = effort.candidates(seed=arena.seed)
    else:
        found = search_settings(effort, effort.breadth, arena, spaces)
        rivals = effort.wide_candidates(found, seed=arena.seed)
    others = [one for one in rivals if one.name != already.candidate.name]
    return [*_assess_all(others, arena), already]


def _assess_all(rivals: Sequence[Candidate], arena: Arena) -> list[Assessment]:
    n_folds = len(np.unique(arena.fold))
    assessed = []
    with tqdm(total=n_folds * len(rivals), desc="comparing", unit="fit", disable=None) as bar:
        for one in rivals:
            bar.set_postfix_str(one.name)
            assessed.append(
                assess(
                    one,
                    arena.space,
                    arena.rows,
                    arena.default,
                    arena.fold,
                    seed=arena.seed,
                    attributed_rows=0,
                    store=arena.store,
                    advance=bar.update,
                )
            )
    return assessed


def search_settings(
    effort: Effort, breadth: Breadth, arena: Arena, spaces: Mapping[str, SearchSpace]
) -> dict[str, Settings]:
    """Return the settings found for each family that has a search space."""
    whole = Ground(arena.space.compute(arena.rows), arena.default, arena.fold, arena.space.n_codes, arena.seed)
    ground = whole.sample(breadth.search_rows, breadth.search_folds)
    starts = {"lightgbm": effort.boosting, **effort.families}
    n_trials = breadth.n_trials * sum(not space.is_grid for space in spaces.values())
    n_grids = sum(space.is_grid for space in spaces.values())
    found: dict[str, Settings] = {}
    with tqdm(total=n_trials + n_grids, desc="searching", unit="trial", disable=None) as bar:
        for family, space in spaces.items():
            bar.set_postfix_str(family)

            def build(settings: Mapping[str, Setting], family: str = family) -> Candidate:
                return candidate_of(family, settings, seed=arena.seed)

            if space.is_grid:
                found[family] = best_of_grid(build, space, ground, folder=_folder(arena.store))
                bar.update()
            else:
                found[family] = best_of_trials(
                    build,
                    space,
                    ground,
                    starts[family],
                    n_trials=breadth.n_trials,
                    folder=_folder(arena.store),
                    advance=bar.update,
                )
    return found


def _folder(store: AssessmentStore | None) -> Path | None:
    return None if store is None else store.folder
