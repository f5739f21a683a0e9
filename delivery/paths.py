"""Where the project keeps what is delivered."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FUNCTION = "ScoringFunction"
ROOM = ROOT / "lambda"
BUNDLE = ROOM / "bundle"
TEMPLATE = ROOT / "template.yaml"
PACKAGE = ROOT / ".aws-sam" / "build" / FUNCTION
SAM_PYTHON = ROOT / ".venv-sam" / "bin" / "python"
RUNTIME_CLIENT = ROOT / "build" / "ric"
EVENTS = ROOT / "tests" / "events"
