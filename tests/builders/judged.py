"""The small population as a feature table: the rows a run keeps for its version to be judged on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from training.features.dataset import LabelledDataset
    from training.features.feature_space import FeatureSpace


def as_table(data: LabelledDataset, space: FeatureSpace, **columns: object) -> pa.Table:
    """Return applications with categories in words; `columns` are added, or replace those of the data set."""
    values: dict[str, object] = {"SK_ID_CURR": data.ids, "TARGET": data.default}
    for entry, column in zip(space.inputs, data.columns(space.input_names).T, strict=True):
        values[entry.name] = _in_words(column, entry.categories) if entry.kind == "category" else column
    return pa.table(values | columns)


def _in_words(codes: np.ndarray, categories: tuple[str, ...]) -> list[str | None]:
    return [None if np.isnan(code) else categories[int(code)] for code in codes]
