"""The settings that candidates are compared with where searches look for them, family by family."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tqdm import tqdm

from training.candidates.families import candidate_of
from training.selection.search import best_of_grid, best_of_trials

if TYPE_CHECKING:
    from collections.abc import Mapping

    from training.candidates import Settings
    from training.candidates.search_space import SearchSpace
    from training.selection.assessment_store import AssessmentStore
    from training.selection.development import Development
    from training.selection.effort import Breadth, Effort


def search_settings(
    effort: Effort,
    breadth: Breadth,
    development: Development,
    spaces: Mapping[str, SearchSpace],
    *,
    store: AssessmentStore | None = None,
) -> dict[str, Settings]:
    """Return the settings found for each family that has a search space, on part of the development data."""
    part = development.sample(breadth.search_rows, breadth.search_folds)
    folder = None if store is None else store.folder
    n_trials = breadth.n_trials * sum(not space.is_grid for space in spaces.values())
    n_grids = sum(space.is_grid for space in spaces.values())
    found: dict[str, Settings] = {}
    with tqdm(total=n_trials + n_grids, desc="searching", unit="trial", disable=None) as bar:
        for family, space in spaces.items():
            bar.set_postfix_str(family)
            build = partial(candidate_of, family, seed=development.seed)
            if space.is_grid:
                found[family] = best_of_grid(build, space, part, folder=folder)
                bar.update()
            else:
                found[family] = best_of_trials(
                    build,
                    space,
                    part,
                    effort.settings_of(family),
                    n_trials=breadth.n_trials,
                    folder=folder,
                    advance=bar.update,
                )
    return found
