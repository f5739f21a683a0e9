"""Where the project keeps what is delivered."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FUNCTION = "ScoringFunction"
DOSSIER_FUNCTION = "DossierFunction"
FUNCTIONS = (FUNCTION, DOSSIER_FUNCTION)
ROOM = ROOT / "lambda"
BUNDLE = ROOM / "bundle"
# What a package may have beside its bundle: the lender's rules, and a challenger (see `scoring.settings`).
POLICY = ROOM / "regles.json"
CHALLENGER = ROOM / "challenger"
TEMPLATE = ROOT / "template.yaml"
PACKAGE = ROOT / ".aws-sam" / "build" / FUNCTION
DOSSIER_PACKAGE = ROOT / ".aws-sam" / "build" / DOSSIER_FUNCTION
SAM_PYTHON = ROOT / ".venv-sam" / "bin" / "python"
RUNTIME_CLIENT = ROOT / "build" / "ric"
EVENTS = ROOT / "tests" / "events"
CLIENTS = ROOT / "frontend" / "demo_clients"
