"""Small builders and fakes for the scoring room's tests."""

from __future__ import annotations

import json
import logging
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from scoring.bundle import contract_bytes, sha256_of
from scoring.contract import (
    CONTRACT_FILE,
    SCHEMA_VERSION,
    SEALED_FILES,
    Contract,
    CoveragePolicy,
    Feature,
    Input,
    NumericBins,
    Reference,
    ReviewPolicy,
    Text,
)
from scoring.model import INPUT, OUTPUTS, Scores
from tests.builders.contracts import CATALOGUE, CONVENTIONS, a_parity, a_policy, a_quality, an_identity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from onnx import NodeProto

SAME = Text(fr="texte", en="text")
REVIEW = ReviewPolicy(coverage_below=0.0, unusual_above=99, shares={}, method="given")
BINS = NumericBins(kind="number", edges=(0.5,), shares=(0.5, 0.5), missing_share=0.0)


@pytest.fixture(scope="session")
def an_input() -> Callable[..., Input]:
    """Build a required number without bounds, unless told otherwise."""

    def build(name: str = "AMT_CREDIT", **changes: object) -> Input:
        ordinary = {
            "table": "application",
            "kind": "number",
            "unit": "monnaie",
            "required": True,
            "missing": Text(fr="non communiqué", en="not given"),
            "fill": 0.0,
            "minimum": None,
            "maximum": None,
            "usual_low": None,
            "usual_high": None,
            "categories": (),
            "category_labels": tuple(Text(fr=f"« {one} »", en=f"“{one}”") for one in changes.get("categories", ())),
            "rare": (),
            "direction": 0,
            "known_by": "applicant",
            "ground": Text(fr="Objet de la demande.", en="What is applied for."),
            "protected": False,
            "label": Text(fr="Montant", en="Amount"),
        }
        return Input.model_validate({"name": name} | ordinary | changes)

    return build


@pytest.fixture(scope="session")
def a_feature() -> Callable[..., Feature]:
    """Build a feature that is the input of the same name, unless told otherwise."""

    def build(name: str = "AMT_CREDIT", **changes: object) -> Feature:
        ordinary = {
            "inputs": (name,),
            "expression": None,
            "unit": "monnaie",
            "label": Text(fr=f"Libellé {name}", en=f"Label {name}"),
            "motive": "R101",
            "direction": 0,
            "importance": 0.5,
        }
        return Feature.model_validate({"name": name} | ordinary | changes)

    return build


@pytest.fixture(scope="session")
def a_contract(an_input: Callable[..., Input], a_feature: Callable[..., Feature]) -> Callable[..., Contract]:
    """Build a contract over some inputs, each its own feature; ``threshold=`` sets where it refuses."""

    def build(*inputs: Input, threshold: float = 0.1, **changes: object) -> Contract:
        asked = inputs or (an_input(),)
        ordinary = {
            "schema_version": SCHEMA_VERSION,
            "identity": an_identity(),
            "conventions": CONVENTIONS,
            "inputs": asked,
            "rules": (),
            "features": tuple(a_feature(item.name, unit=item.unit) for item in asked),
            "moves": (),
            "decision": a_policy(threshold, band=(0.0, 1.0)),
            "coverage": _coverage([item.name for item in asked]),
            "review": REVIEW,
            "terms": None,
            "levers": (),
            "quality": a_quality(),
            "reference": Reference(n_applications=2, inputs={item.name: BINS for item in asked}, probability=BINS),
            "parity": a_parity(),
            "files": dict.fromkeys(SEALED_FILES, "0" * 64),
        } | CATALOGUE
        return Contract.model_validate(ordinary | changes)

    return build


def _coverage(names: list[str]) -> CoveragePolicy:
    return CoveragePolicy(
        weights=dict.fromkeys(names, 1 / len(names)), floor=0.0, tail=0.001, median=1.0, method="given"
    )


@dataclass
class FakeModel:
    """Answers every application with the same probability, or raises; keeps the rows it was given."""

    default_probability: float = 0.25
    features: tuple[float, ...] = (1.0,)
    error: Exception | None = None
    rows: list[np.ndarray] = field(default_factory=list)

    def score(self, rows: np.ndarray) -> Scores:
        """Return the same answer for each row."""
        self.rows.append(rows)
        if self.error:
            raise self.error
        p = self.default_probability
        return Scores(np.array([p]), np.array([np.log(p / (1 - p))]), np.array([self.features]))


@dataclass
class FakeExplainer:
    """Gives the contributions it was made with."""

    values: tuple[float, ...] = (0.5,)
    base_value: float = 0.0

    @property
    def n_features(self) -> int:
        """Return how many contributions there are."""
        return len(self.values)

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """Return the same contributions for every row."""
        del features  # a fake does not look
        return np.array(self.values)

    def margin_range(self, features: np.ndarray, unknown: np.ndarray) -> tuple[float, float]:
        """Return one margin to each side where anything is unknown."""
        del features
        width = float(unknown.any())
        return self.base_value - width, self.base_value + width


@pytest.fixture
def fake_model() -> type[FakeModel]:
    """Return the class of models that give one fixed answer."""
    return FakeModel


@pytest.fixture
def fake_explainer() -> type[FakeExplainer]:
    """Return the class of explainers that give fixed contributions."""
    return FakeExplainer


@pytest.fixture
def copied_bundle(bundle_dir: Path, tmp_path: Path) -> Path:
    """Return a copy of the trees' bundle that a test may spoil."""
    for path in bundle_dir.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


@pytest.fixture
def seal() -> Callable[[Path], None]:
    """Make a contract name the files as they are now, as an export would."""

    def seal_again(bundle: Path) -> None:
        content = json.loads((bundle / CONTRACT_FILE).read_text("utf-8"))
        content["files"] = {name: sha256_of((bundle / name).read_bytes()) for name in SEALED_FILES}
        contract = Contract.model_validate_json(json.dumps(content))
        (bundle / CONTRACT_FILE).write_bytes(contract_bytes(contract))

    return seal_again


@pytest.fixture
def logged() -> Iterator[list[dict[str, object]]]:
    """Collect what the room logs, one decoded line each."""
    lines: list[dict[str, object]] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append({"niveau": record.levelname} | json.loads(self.format(record)))

    with _handled_by("scoring", Collector()):
        yield lines


@pytest.fixture
def untouched_loggers() -> Iterator[None]:
    """Put the loggers back as they were after a test that configures them."""
    mangum = logging.getLogger("mangum.http")
    level = mangum.level
    with _handled_by("scoring"):
        logging.getLogger("scoring").propagate = True  # as it is before it is configured
        yield
    mangum.setLevel(level)


@contextmanager
def _handled_by(name: str, *handlers: logging.Handler) -> Iterator[None]:
    """Give a logger other handlers, and all levels, for a while."""
    logger = logging.getLogger(name)
    before = logger.handlers, logger.level, logger.propagate
    logger.handlers, logger.propagate = list(handlers), False
    logger.setLevel(logging.DEBUG)
    yield
    logger.handlers, level, logger.propagate = before
    logger.setLevel(level)


@pytest.fixture
def graph_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a graph whose probability is its first input, as it is, so that a test decides what comes out."""

    def write(n_inputs: int = 2, *, outputs: tuple[str, ...] = OUTPUTS, number: int = TensorProto.DOUBLE) -> Path:
        first = numpy_helper.from_array(np.array(0), "first")
        nodes = [_node_of(name) for name in outputs]
        shape_of = {"features": [None, n_inputs]}
        graph = helper.make_graph(
            nodes,
            "passes_on",
            [helper.make_tensor_value_info(INPUT, number, [None, n_inputs])],
            [helper.make_tensor_value_info(name, number, shape_of.get(name, [None])) for name in outputs],
            [first],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)], ir_version=10)
        path = tmp_path / "graph.onnx"
        path.write_bytes(model.SerializeToString())
        return path

    return write


def _node_of(output: str) -> NodeProto:
    if output == "features":
        return helper.make_node("Identity", [INPUT], [output])
    return helper.make_node("Gather", [INPUT, "first"], [output], axis=1)
