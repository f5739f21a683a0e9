"""Score one raw dossier through the Lambda handler and print the answer for a human."""

from __future__ import annotations

import contextlib
import io
import json
import os
from http import HTTPStatus
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scoring.decision import Decision
from scoring.errors import ScoringError
from scoring.numerals import FRENCH_IN_MESSAGES
from scoring.wording import say_number
from training.bundle.opening import open_bundle
from training.bundle.readable_dossier import readable_dossier, written
from training.errors import DataError

if TYPE_CHECKING:
    import argparse

    from scoring.contract import DecisionPolicy
    from training.sources.dossiers import Dossier

BAR_WIDTH = 40
_ROUTE = "/v1/dossier"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--bundle", type=Path, required=True, help="folder of a sealed bundle")


def run(args: argparse.Namespace) -> int:
    """Load the handler as Lambda does, send it one API Gateway event and say what it answers."""
    bundle = open_bundle(args.bundle)
    dossier = readable_dossier(bundle)
    reply = _call_handler(args.bundle, dossier)
    print(_say_dossier(dossier))
    print(_say_reply(reply, cost_ratio=_cost_ratio(bundle.contract.decision)))
    print(_say_next(args.bundle))
    return 0


def _say_dossier(dossier: Dossier) -> str:
    return f"\nUn dossier brut, envoyé à POST {_ROUTE} :\n{written(dossier)}"


def _call_handler(bundle: Path, dossier: Dossier) -> dict[str, Any]:
    os.environ["BUNDLE_DIR"] = str(bundle)  # the handler reads its settings when it is imported, as on Lambda
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # its log lines are for CloudWatch
            answer = import_module("scoring.dossier_handler").handler(_event(dossier), None)
    except ScoringError as error:
        raise DataError("TRN171", f"the bundle cannot be served: {error}") from error
    reply = dict(json.loads(answer["body"]))
    if answer["statusCode"] != HTTPStatus.OK:
        raise DataError(
            "TRN172", f"the handler answered {answer['statusCode']} ({reply.get('code')}); see docs/errors.md"
        )
    return reply


def _event(dossier: Dossier) -> dict[str, Any]:
    """Return the event that an HTTP API sends for a dossier."""
    return {
        "version": "2.0",
        "routeKey": f"POST {_ROUTE}",
        "rawPath": _ROUTE,
        "rawQueryString": "",
        "headers": {"content-type": "application/json", "host": "demo"},
        "requestContext": {
            "requestId": "demo",
            "http": {"method": "POST", "path": _ROUTE, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"},
        },
        "body": json.dumps(dossier),
        "isBase64Encoded": False,
    }


def _say_reply(reply: dict[str, Any], *, cost_ratio: str) -> str:
    probability, threshold = reply["probabilite_de_defaut"], reply["seuil"]
    verdict = "REFUSÉE" if reply["classe"] == Decision.REFUSE else "ACCEPTÉE"
    read = sum(one["lignes_lues"] for one in reply["historiques"])
    lines = [
        "",
        f"Demande {verdict}  (modèle {reply['meta']['version_modele']}, {read} lignes d'historique lues)",
        f"  probabilité de défaut  {_percent(probability)}   {_bar(probability, threshold)}",
        f"  seuil de refus         {_percent(threshold)}   (un défaut coûte {cost_ratio} bons dossiers refusés)",
        "  raisons principales :",
    ]
    for reason in (*reply["explications_locales"], *reply["elements_favorables"]):
        arrow = "▲" if reason["sens"] == "augmente" else "▼"
        lines.append(f"    {arrow} {_signed(reason['contribution'])}  {reason['texte']}")
    lines.append(f"  répondu en {say_number(reply['meta']['latence_ms'])} ms par le handler Lambda")
    return "\n".join(lines)


def _percent(share: float) -> str:
    return FRENCH_IN_MESSAGES.percent(share).rjust(7)


def _cost_ratio(policy: DecisionPolicy) -> str:
    """Say how many good applicants a default costs, by the contract."""
    return say_number(policy.false_negative_cost / policy.false_positive_cost)


def _signed(contribution: float) -> str:
    return FRENCH_IN_MESSAGES.say(contribution, "+.2f")


def _bar(probability: float, threshold: float) -> str:
    """Draw the probability against the threshold on a scale of four thresholds."""
    scale = BAR_WIDTH / (4 * threshold)
    filled, mark = min(int(probability * scale), BAR_WIDTH), int(threshold * scale)
    cells = ["█" if cell < filled else "·" for cell in range(BAR_WIDTH)]
    cells[mark] = "|"
    return "".join(cells)


def _say_next(bundle: Path) -> str:
    return (
        "\nÀ essayer ensuite, sur ce modèle :\n"
        f"  BUNDLE_DIR={bundle} make ui     la page, http://localhost:8501 (sans BUNDLE_DIR : le modèle du dépôt)\n"
        f"  BUNDLE_DIR={bundle} make api    l’API, http://localhost:8000/docs\n"
        "  make mlflow    les essais et le registre        make explain report    explications, dérive\n"
    )
