"""What the model reads: some inputs as they are, and the derivations those inputs allow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from scoring.model import INPUT, open_session
from training.compiler.columns import Columns
from training.compiler.derivations import Column, Node, columns_of, parse_expression
from training.compiler.graph import Repair, build_graph
from training.compiler.trends import Inputs, implied_direction, moves_of
from training.features.completion import Completion, typical_features

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from training.schema import DerivedEntry, InputEntry
    from training.schema.policy import Move

# The graph holds several copies of what it is given.
BATCH = 8192


@dataclass(frozen=True)
class FeatureSpace:
    """The columns of a model over a set of inputs.

    Attributes
    ----------
    inputs
        Request inputs, in the order of the input matrix.
    derived
        Derivations whose inputs are all there.
    completion
        How missing values and rare categories are read; ``None`` until it is learned (`learned_from`).
    """

    inputs: tuple[InputEntry, ...]
    derived: tuple[DerivedEntry, ...]
    completion: Completion | None = None

    @classmethod
    def over(cls, inputs: Sequence[InputEntry], derived: Sequence[DerivedEntry]) -> FeatureSpace:
        """Return the space over `inputs`; a derivation that lacks an input is left out."""
        names = {entry.name for entry in inputs}
        allowed = tuple(entry for entry in derived if names.issuperset(columns_of(parse_expression(entry.expression))))
        return cls(tuple(inputs), allowed)

    def restricted_to(self, names: Collection[str]) -> FeatureSpace:
        """Return the space over those of the inputs that `names` lists, in their present order."""
        return self.over([entry for entry in self.inputs if entry.name in names], self.derived)

    def learned_from(self, rows: np.ndarray) -> tuple[FeatureSpace, np.ndarray]:
        """Return the space that reads what is missing as these rows teach it, and what it makes of them.

        Parameters
        ----------
        rows
            Raw values, NaN for missing; shape ``(n_applications, n_inputs)``.

        Returns
        -------
        space
            This space with its completion.
        features
            What `compute` of that space returns for `rows`, shape ``(n_applications, n_features)``.
        """
        completion = Completion.learn(self.inputs, rows)
        features = replace(self, completion=completion).compute(rows)
        without_value = typical_features(features)
        # The last step of the graph, which could not be known before: not worth running all of it again.
        np.copyto(features, without_value, where=np.isnan(features))
        return replace(self, completion=replace(completion, without_value=without_value)), features

    @property
    def input_names(self) -> tuple[str, ...]:
        """Columns of the input matrix."""
        return tuple(entry.name for entry in self.inputs)

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Columns of the feature matrix: inputs first, then derivations, then indicators of what is missing."""
        return self.input_names + tuple(entry.name for entry in self.computed)

    @property
    def computed(self) -> tuple[DerivedEntry, ...]:
        """Every column that is no input: derivations, then indicators."""
        return self.derived + (self.completion.indicators if self.completion else ())

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """How each feature is computed."""
        return (
            *(Column(name) for name in self.input_names),
            *(parse_expression(entry.expression) for entry in self.computed),
        )

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        """The changes of inputs whose direction a lender knows."""
        return moves_of(self.inputs)

    @cached_property
    def columns(self) -> Columns:
        """What a family must know of each column of the feature matrix.

        Raises
        ------
        ModelError
            ``TRN206`` when no direction of a column keeps what is declared of its inputs.
        """
        inputs, n_indicators = Inputs.of(self.inputs), len(self.computed) - len(self.derived)
        counts = [len(entry.categories) if entry.kind == "category" else 0 for entry in self.inputs]
        told = len(self.nodes) - n_indicators
        directions = [
            implied_direction(name, node, self.moves, inputs)
            for name, node in zip(self.feature_names[:told], self.nodes[:told], strict=True)
        ]
        # Saying nothing may only raise the risk.
        return Columns(np.array(counts + [0] * len(self.computed)), np.array(directions + [1] * n_indicators))

    @property
    def repair(self) -> Repair | None:
        """How the graph reads missing values and rare categories."""
        if self.completion is None:
            return None
        n_codes = [len(entry.categories) for entry in self.inputs]
        fill, without_value = np.array(self.completion.fill), np.array(self.completion.without_value)
        return Repair(fill, self.completion.rare, n_codes, without_value if len(without_value) else None)

    def sources_of(self, feature: int) -> tuple[str, ...]:
        """Return the names of the inputs that a feature comes from."""
        return columns_of(self.nodes[feature])

    def compute(self, rows: np.ndarray) -> np.ndarray:
        """Return the features of raw rows with the graph that will serve.

        Returns
        -------
        features
            In Fortran order: learning goes over columns; shape ``(n_applications, n_features)``.
        """
        session = open_session(build_graph(self.input_names, self.nodes, repair=self.repair).SerializeToString())
        features = np.empty((len(rows), len(self.nodes)), order="F")
        for start in range(0, len(rows), BATCH):
            batch = slice(start, start + BATCH)
            (features[batch],) = session.run(["features"], {INPUT: np.ascontiguousarray(rows[batch])})
        return features


def split_among_inputs(
    values: Iterable[float], sources: Iterable[Sequence[str]], names: Iterable[str]
) -> dict[str, float]:
    """Split what belongs to features evenly among the inputs each comes from; inputs that feed nothing have none.

    >>> split_among_inputs([0.6, 0.4], [("A",), ("A", "B")], ["A", "B", "C"])
    {'A': 0.8, 'B': 0.2, 'C': 0.0}
    """
    totals = dict.fromkeys(names, 0.0)
    for value, inputs in zip(values, sources, strict=True):
        for name in inputs:
            totals[name] += value / len(inputs)
    return totals
