"""Programs in the environment that has Spark: one session, many questions, answers as JSON."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

from delivery.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def run_on_spark(python: str, arguments: list[str], settings: Path, **more: Any) -> subprocess.CompletedProcess[str]:  # noqa: ANN401
    """Run a program under settings of Spark; what it prints is kept."""
    return subprocess.run(
        [python, *arguments],
        env=environment_of(settings),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
        **more,
    )


def environment_of(settings: Path) -> dict[str, str]:
    """Return the environment of a program under settings of Spark."""
    return os.environ | {"SPARK_CONF_DIR": str(settings), "COLUMNS": "200"}


def ask_spark(python: str, program: str, question: object, settings: Path) -> Any:  # noqa: ANN401
    """Run a program that reads a question from stdin and writes its answer to the file it is given, both JSON."""
    answer = settings / "answer.json"
    done = run_on_spark(python, ["-c", program, str(answer)], settings, input=json.dumps(question))
    assert done.returncode == 0, done.stderr
    return json.loads(answer.read_text(encoding="utf-8"))
