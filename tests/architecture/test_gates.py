"""What import-linter cannot say: one gate for each library, and what no room may do at all."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from delivery.paths import BUNDLE, ROOT
from documents.imports import ROOMS
from scoring.bundle import parse_contract
from scoring.contract import CONTRACT_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

# Library, room, and the files (or folders) of the room that may import it when they run.
GATES = [
    ("onnxruntime", "scoring", ["model.py"]),
    ("fastapi", "scoring", ["http/app.py"]),
    (
        "starlette",
        "scoring",
        [
            "http/app.py",
            "http/headers.py",
            "http/problems.py",
            "http/routes.py",
            "http/retries.py",
            "dossier/routes.py",
        ],
    ),
    ("mangum", "scoring", ["entry.py"]),
    ("boto3", "scoring", ["aws.py"]),
    ("mlflow", "training", ["registry"]),
    ("lightgbm", "training", ["candidates/gradient_boosting.py", "population"]),
    ("xgboost", "training", ["candidates/xgboosting.py"]),
    ("imblearn", "training", ["candidates/imbalance.py"]),
    ("optuna", "training", ["selection/search.py"]),
    ("onnx", "training", ["bundle/card.py", "compiler/directions.py", "compiler/graph.py"]),
    ("matplotlib", "training", ["explanations/plots.py", "explanations/figures.py", "eda/charts.py"]),
    ("shap", "training", ["candidates/shapley.py", "explanations/figures.py"]),
    ("lime", "training", ["explanations/lime_check.py"]),
    ("jinja2", "training", ["explanations/report.py"]),
    ("onnxruntime", "training", []),
    ("duckdb", "features", ["engine.py"]),
    ("duckdb", "training", ["sources", "features/build.py"]),
    ("duckdb", "monitoring", ["windows/parquet.py", "report/make.py"]),
    ("evidently", "monitoring", ["report/evidently.py"]),
    ("sklearn", "monitoring", ["drift/domain_classifier.py"]),
    ("pyarrow", "monitoring", ["windows/decision_files.py", "windows/from_audit.py"]),
    ("onnxruntime", "monitoring", []),
    ("streamlit", "frontend", ["app.py", "views"]),
    ("httpx", "frontend", ["api/client.py", "api/connection.py", "api/in_process.py"]),
    ("sqlalchemy", "frontend", ["desk/store.py"]),
    ("fpdf", "frontend", ["letters/letter.py"]),
    ("openpyxl", "frontend", ["applications/workbooks.py"]),
    ("scoring", "frontend", ["api/in_process.py"]),
    ("pptx", "documents", ["presentation"]),
    ("matplotlib", "documents", ["presentation/charts.py", "presentation/fit.py"]),
    ("jinja2", "documents", ["model_pages/pages.py", "guides/pages.py"]),
]
UNPICKLERS = {"pickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"}
QUANTILES_OF_95_PERCENT = {1.96, 1.959964, 0.975}
# A handful of names may be worded in a text; more of them side by side are a list of features.
FEW = 3


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


def modules_of(room: str) -> list[Path]:
    """Return the modules of a room."""
    return sorted(ROOMS[room].rglob("*.py"))


def run_time_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Walk a tree, but not into ``if TYPE_CHECKING:``."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        yield node
        yield from run_time_nodes(node)


def imported_by(path: Path) -> set[str]:
    """Return the top-level packages that a module imports when it runs."""
    names: set[str] = set()
    for node in run_time_nodes(tree_of(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize(("library", "room", "gates"), GATES, ids=lambda value: value if isinstance(value, str) else "")
def test_library_has_one_gate_a_room(library: str, room: str, gates: list[str]) -> None:
    """A heavy library is imported where its room keeps it, so that it can be replaced there."""
    importers = [path.relative_to(ROOMS[room]) for path in modules_of(room) if library in imported_by(path)]
    outside = [str(path) for path in importers if not any(path.is_relative_to(gate) for gate in gates)]

    assert outside == []


def test_import_rules_hold() -> None:
    """The contracts of .importlinter are kept; a new module of scoring finds its layer there."""
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_scoring_imports_what_its_requirements_name() -> None:
    """The function does not lean on a library that another one happens to bring."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    required = {line.partition("=")[0].replace("-", "_") for line in groups["lambda"]}
    imported = {name for path in modules_of("scoring") for name in imported_by(path)}

    # `theirs` are part of the interface of FastAPI and of pydantic, or of Lambda's runtime; features is in the package
    # of the dossiers.
    theirs, own = {"starlette", "pydantic_core", "boto3", "botocore"}, {"scoring", "features"}
    assert imported <= required | theirs | own | sys.stdlib_module_names


def test_scoring_never_unpickles() -> None:
    """A bundle is data: nothing that could run code is read from it."""
    assert set() == {name for path in modules_of("scoring") for name in imported_by(path)} & UNPICKLERS


def test_scoring_reads_the_environment_in_one_place() -> None:
    """Facts of the environment enter through settings; model.py only silences onnxruntime before its import."""
    readers = {
        path.name
        for path in modules_of("scoring")
        for node in run_time_nodes(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }

    assert readers <= {"settings.py", "model.py"}


def test_intervals_of_95_percent_have_one_home() -> None:
    """The quantiles of an interval are typed in metrics/intervals.py alone: two formulas for one value would differ."""
    home = ROOMS["metrics"] / "intervals.py"
    typed = [
        f"{path.name}:{node.lineno}"
        for room in ROOMS
        for path in modules_of(room)
        for node in ast.walk(tree_of(path))
        if path != home and isinstance(node, ast.Constant) and node.value in QUANTILES_OF_95_PERCENT
    ]

    assert typed == []


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_asserts(room: str) -> None:
    """Input is refused by errors: an assert vanishes under ``python -O``."""
    found = [
        f"{path.name}:{node.lineno}"
        for path in modules_of(room)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Assert)
    ]

    assert found == []


def test_french_numbers_have_one_home_and_the_page_its_own() -> None:
    """A point becomes a comma in one module of scoring, and in the page's (decision record 0017).

    The other way round, a probability that an officer's file has with a comma is read where such files are.
    """
    found = {
        f"{room}/{path.relative_to(ROOMS[room])}"
        for room in ROOMS
        for path in modules_of(room)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"replace", "translate", "maketrans"}
        and {".", ","} <= {child.value for child in ast.walk(node) if isinstance(child, ast.Constant)}
    }

    reading = "monitoring/windows/decision_files.py"

    assert found == {"scoring/numerals.py", "frontend/wording/numerals.py", reading}


@pytest.mark.parametrize("room", ["scoring", "monitoring", "frontend"])
def test_inputs_are_listed_in_the_contract_alone(room: str) -> None:
    """No list, set or mapping of these rooms names the model's inputs: they follow the contract they are given."""
    contract = parse_contract((BUNDLE / CONTRACT_FILE).read_bytes())
    names = {item.name for item in contract.inputs} | {feature.name for feature in contract.features}
    lists = [
        f"{path.name}:{node.lineno}"
        for path in modules_of(room)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.List | ast.Tuple | ast.Set | ast.Dict) and len(names_in(node) & names) > FEW
    ]

    assert lists == []


def names_in(literal: ast.AST) -> set[str]:
    """Return the texts written directly in a list, set, tuple or mapping."""
    return {
        child.value
        for child in ast.iter_child_nodes(literal)
        if isinstance(child, ast.Constant) and isinstance(child.value, str)
    }
