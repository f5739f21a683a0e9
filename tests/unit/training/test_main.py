"""The command line: bad input is one clear line and status 2, and leaves nothing half-written."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from delivery.paths import BUNDLE
from scoring.reasons import PRINCIPAL_REASONS
from tests.builders.home_credit import small_tables, write_tables
from training.__main__ import main
from training.commands import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[3]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a person does."""
    return subprocess.run(
        [sys.executable, "-m", "training", *arguments], capture_output=True, text=True, check=False, cwd=ROOT
    )


def test_main_lists_every_command_with_its_summary() -> None:
    """``--help`` names each command and what it does."""
    listed = run("--help").stdout

    assert re.findall(r"^    (\w+)(?:$|  )", listed, re.MULTILINE) == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_command_has_help_for_every_option(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each command explains itself and each of its options."""
    with pytest.raises(SystemExit, match="0"):
        main([name, "--help"])
    options = capsys.readouterr().out.partition("options:")[2].strip().splitlines()

    assert [line for line in options if line.strip().startswith("--") and len(line.split()) == 1] == []


def test_command_modules_are_registered() -> None:
    """A command that nobody can call would be dead code; beside the commands stand the arguments they share."""
    modules = {path.stem for path in (ROOT / "training" / "commands").glob("[a-z]*.py")}

    assert modules == {*COMMANDS, "arguments"}


@pytest.mark.parametrize("name", ["dictionary", "document"])
def test_a_command_that_moved_says_where_it_is(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Who types the old spelling learns the new one."""
    assert main([name]) == 2
    assert capsys.readouterr().err == f"error `python -m training {name}` is `python -m documents {name}` now\n"


def test_train_on_a_missing_folder_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The line names the folder and what to give; no traceback."""
    assert main(["train", "--data", str(tmp_path / "nowhere")]) == 2
    assert capsys.readouterr().err.startswith("error TRN101: there is no data folder")


@pytest.mark.parametrize("command", ["train", "eda", "features", "score"])
def test_memory_limit_can_be_raised_wherever_tables_are_read(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The advice where memory does not suffice holds for each command that gives it; a size that is none is told."""
    folder = write_tables(tmp_path / "data", small_tables())
    given = {
        "features": ["--out", str(tmp_path / "f.parquet")],
        "score": ["--out", str(tmp_path / "s.parquet"), "--bundle", str(ROOT / "lambda" / "bundle")],
    }.get(command, [])

    assert main([command, "--data", str(folder), *given, "--memory-limit", "much"]) == 2
    assert "error TRN117: memory limit 'much' is not a size" in capsys.readouterr().err


@pytest.mark.parametrize("library", ["mlflow", "sklearn", "lightgbm", "matplotlib"])
def test_scoring_does_not_load_what_trains(library: str) -> None:
    """A batch is scored without the libraries of training, whose import takes longer than a small batch."""
    code = (
        f"import sys; sys.path.insert(0, 'lambda'); import training.commands.score; print({library!r} in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

    assert found.stdout.strip() == "False"


def test_search_space_with_a_typo_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Before any table is read, the place and the nearest name are said."""
    spaces = tmp_path / "spaces.toml"
    spaces.write_text("[lightgbm]\nlearning_rat = [0.1]\n", encoding="utf-8")
    status = main(["train", "--data", str(tmp_path), "--search-space", str(spaces)])

    assert status == 2
    assert "TRN204" in (told := capsys.readouterr().err)
    assert "did you mean learning_rate?" in told


@pytest.mark.parametrize("trials", ["0", "-1", "many"])
def test_search_budget_is_a_whole_number_above_zero(trials: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A search of nothing finds nothing."""
    with pytest.raises(SystemExit, match="2"):
        main(["train", "--data", "anywhere", "--search-trials", trials])

    assert "--search-trials" in capsys.readouterr().err


def test_traceback_is_shown_when_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``--traceback`` adds the traceback above the line."""
    main(["train", "--data", str(tmp_path / "nowhere"), "--traceback"])
    printed = capsys.readouterr().err

    assert printed.startswith("Traceback")
    assert printed.splitlines()[-1].startswith("error TRN101")


def test_demo_prints_a_decision_through_the_handler() -> None:
    """The demo prints probability, threshold, reasons and what to try next, in French."""
    printed = run("demo", "--bundle", str(BUNDLE)).stdout

    assert "Demande REFUSÉE" in printed
    assert "seuil de refus" in printed
    assert 1 <= printed.count("▲") <= PRINCIPAL_REASONS
    assert f"BUNDLE_DIR={BUNDLE} make ui" in printed.partition("À essayer ensuite")[2]


def test_demo_of_a_corrupted_bundle_is_one_line(bundle_dir: Path, tmp_path: Path) -> None:
    """A flipped byte in the graph: the demo says which file and what to do."""
    folder = tmp_path / "bundle"
    folder.mkdir()
    for path in bundle_dir.iterdir():
        (folder / path.name).write_bytes(path.read_bytes()[:-1] + b"?" if path.suffix == ".onnx" else path.read_bytes())
    done = run("demo", "--bundle", str(folder))

    assert done.returncode == 2
    assert done.stderr.startswith("error TRN171: the bundle cannot be used: SCR203")
    assert "Traceback" not in done.stderr


def test_demo_without_a_bundle_is_one_line(tmp_path: Path) -> None:
    """An empty folder is not a bundle."""
    done = run("demo", "--bundle", str(tmp_path))

    assert done.returncode == 2
    assert done.stderr.startswith("error TRN171: the bundle cannot be used: SCR201")


@pytest.mark.parametrize("command", ["train", "features", "score"])
def test_commands_leave_nothing_behind_when_the_data_is_bad(
    command: str, tmp_path: Path, bundle_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A truncated table stops every command before it writes anything."""
    data, out = tmp_path / "data", tmp_path / "out"
    data.mkdir()
    (data / "application_train.parquet").write_bytes(b"PAR1 cut short")
    arguments: dict[str, list[str]] = {
        "train": ["--cache", str(out)],
        "features": ["--out", str(out / "f.parquet")],
        "score": ["--bundle", str(bundle_dir), "--out", str(out / "s.parquet"), "--cache", str(out)],
    }

    assert main([command, "--data", str(data), *arguments[command]]) == 2
    assert capsys.readouterr().err.startswith("error TRN1")
    assert not out.exists() or list(out.iterdir()) == []


@pytest.fixture
def interrupt(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Make the features command stop as if Ctrl-C had been typed."""

    def arrange() -> None:
        def stop(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("training.commands.features.load_sources", stop)

    return arrange


def test_interrupt_is_said_without_a_traceback(
    interrupt: Callable[[], None], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Ctrl-C ends with the usual status and one line."""
    import training.commands.features  # noqa: F401, PLC0415  so that it can be patched

    interrupt()

    assert main(["features", "--data", str(tmp_path), "--out", str(tmp_path / "f.parquet")]) == 130
    assert capsys.readouterr().err == (
        "interrupted; nothing half-written was kept, the same command goes on from what is finished\n"
    )


def test_golden_applications_are_json_numbers(bundle_dir: Path) -> None:
    """What the demo sends is plain JSON: no NaN ever enters a bundle."""
    content = (bundle_dir / "parity.json").read_text("utf-8")

    assert "NaN" not in content
    assert json.loads(content)["applications"]
