"""What a model is learned from: the tables of a folder, read, turned into features, and encoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from training.features.build import build_features
from training.features.dataset import read_labelled_dataset
from training.features.feature_space import FeatureSpace
from training.schema import load_derived, load_inputs
from training.sources import load_sources
from training.sources.database import DEFAULT_MEMORY_LIMIT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from training.features.build import FeatureTable
    from training.features.dataset import LabelledDataset
    from training.schema import InputEntry
    from training.sources import Sources
    from training.sources.spreadsheet import Dialect


@dataclass(frozen=True, slots=True)
class LearningData:
    """Labelled applications and everything that a model may read of them.

    Attributes
    ----------
    sources
        The checked tables.
    table
        The features of all their applications, protected attributes included.
    applications
        Those whose outcome is known, with the inputs of `space`.
    space
        Every input a model may have, and the derivations that these allow.
    """

    sources: Sources
    table: FeatureTable
    applications: LabelledDataset
    space: FeatureSpace


def read_learning_data(
    folder: Path,
    cache: Path,
    *,
    tables: Sequence[str] | None = None,
    dialect: Dialect = "plain",
    protected: bool = False,
    memory_limit: str = DEFAULT_MEMORY_LIMIT,
    progress: bool = False,
) -> LearningData:
    """Read the labelled applications of a folder of tables.

    Parameters
    ----------
    folder, tables, dialect, memory_limit
        As `training.sources.load_sources` takes them.
    cache
        Folder that keeps feature tables.
    protected
        Whether protected attributes are among the inputs: to measure what leaving them out costs, and for nothing else.
    progress
        Show progress bars over the tables.

    Raises
    ------
    DataError
        When the tables cannot be used or the features cannot be written.
    """
    sources = load_sources(folder, tables=tables, dialect=dialect, memory_limit=memory_limit, progress=progress)
    table = build_features(sources, cache, progress=progress)
    inputs = stored_inputs(table) if protected else usable_inputs(table)
    applications = read_labelled_dataset(table.path, inputs)
    return LearningData(sources, table, applications, FeatureSpace.over(inputs, load_derived()))


def usable_inputs(table: FeatureTable) -> list[InputEntry]:
    """Return the inputs a model may have: in the table, not protected, and allowed to be asked for."""
    return [entry for entry in stored_inputs(table) if entry.policy.asked and not entry.protected]


def stored_inputs(table: FeatureTable) -> list[InputEntry]:
    """Return the inputs that a feature table holds, protected ones too."""
    columns = set(table.columns)
    return [entry for entry in load_inputs() if entry.name in columns]
