"""What boosters of all libraries share: the number of trees beside the parameters, and how far both are searched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.candidates.search_space import Range

if TYPE_CHECKING:
    from training.candidates import Setting, Settings

# The one setting that is an argument of a library's training function, and none of its parameters.
N_TREES = "n_trees"
RANGES = {
    N_TREES: Range(200, 900),
    "learning_rate": Range(0.02, 0.1, log=True),
    "max_depth": Range(2, 4),
}


def parameters_and_trees(settings: Settings, seed: int) -> tuple[dict[str, Setting], int]:
    """Return a library's own parameters, the seed among them, and how many trees are grown.

    >>> parameters_and_trees({"max_depth": 3, "n_trees": 250}, seed=7)
    ({'max_depth': 3, 'seed': 7}, 250)
    """
    parameters = {name: value for name, value in settings.items() if name != N_TREES}
    return parameters | {"seed": seed}, int(settings[N_TREES])
