"""What the README shows is what the committed bundle does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks.report import read_figures
from delivery.paths import BUNDLE
from documents.results.readme import figures_table, request_example
from scoring.bundle import load_contract
from scoring.service import ScoringService
from training.commands import COMMANDS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def region(name: str) -> str:
    """Return what stands between two markers of the README."""
    found = re.search(rf"<!-- {name}:[^>]*-->(.*?)<!-- /{name} -->", README, re.DOTALL)
    return found[1] if found else ""


def json_blocks(text: str) -> list[dict[str, Any]]:
    """Return the JSON blocks of a text."""
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL)]


def test_readme_request_gets_the_reply_it_shows() -> None:
    """The request of the README, sent to the committed bundle, gives the probability, class and reasons shown."""
    application, reply = json_blocks(region("request"))
    service = ScoringService.load(BUNDLE)
    scored = service.score(application, n_reasons=2)

    assert scored.default_probability == pytest.approx(reply["probabilite_de_defaut"], abs=1e-9)
    assert (scored.decision.value, service.contract.decision.threshold) == (reply["classe"], reply["seuil"])
    assert [one.sentence for one in scored.reasons] == [one["texte"] for one in reply["explications_locales"]]


def test_readme_request_is_the_one_that_is_generated() -> None:
    """`make pages` would write the same request and reply."""
    assert region("request").strip() == request_example(BUNDLE)


def test_readme_figures_are_those_of_bundle_and_measures() -> None:
    """`make pages` would write the same table."""
    assert region("figures").strip() == figures_table(read_figures(), load_contract(BUNDLE))


def test_readme_names_only_verbs_that_exist() -> None:
    """Each `make` verb and each command of the README exists."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    verbs = set(re.findall(r"make ([a-z-]+)", README))
    commands = set(re.findall(r"python -m training ([a-z]+)", README))

    assert verbs - targets == {"makes"} & verbs
    assert commands <= set(COMMANDS)


def test_readme_links_lead_somewhere() -> None:
    """Every relative link of the README names a file or folder of the repository."""
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)

    assert [target for target in targets if not (ROOT / target).exists()] == []
