"""The notebooks run from first to last cell on a small sample, and are committed with their outputs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbclient import NotebookClient

if TYPE_CHECKING:
    from nbformat import NotebookNode

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "training" / "notebooks").glob("*.ipynb"))
# Enough defaults to set a threshold, and no more.
APPLICATIONS = "2500"
MOST_LINES_A_CELL = 12


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return one workshop for all notebooks, so that one model is trained."""
    return tmp_path_factory.mktemp("workshop")


def code_of(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the code cells of a notebook."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
# The client of the kernels closes its sockets later than the interpreter likes.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning:zmq", "ignore::DeprecationWarning:jupyter_client")
def test_notebook_runs(path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every cell runs on made-up applicants; a cell that fails fails the test with its traceback."""
    monkeypatch.setenv("NOTEBOOK_HOME", str(home))
    monkeypatch.setenv("NOTEBOOK_APPLICATIONS", APPLICATIONS)
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=600, kernel_name="python3").execute(cwd=str(ROOT))

    assert all(cell.execution_count for cell in code_of(notebook))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_committed_with_outputs(path: Path) -> None:
    """Who reads it on the web sees results, no errors, and nobody's folders."""
    notebook = nbformat.read(path, as_version=4)
    outputs = [output for cell in code_of(notebook) for output in cell.outputs]

    assert all(cell.execution_count for cell in code_of(notebook))
    assert outputs
    assert [one for one in outputs if one.output_type == "error"] == []
    assert str(Path.home()) not in path.read_text("utf-8")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_thin(path: Path) -> None:
    """What a notebook does, the package does: no cell holds a program, and none defines a function."""
    cells = code_of(nbformat.read(path, as_version=4))

    assert [cell.source for cell in cells if len(cell.source.splitlines()) > MOST_LINES_A_CELL] == []
    assert [cell.source for cell in cells if "def " in cell.source or "class " in cell.source] == []


def test_there_are_four_notebooks() -> None:
    """Environment, data, score and comparison each have theirs."""
    assert len(NOTEBOOKS) == 4
