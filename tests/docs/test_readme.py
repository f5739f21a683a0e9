"""What the README shows is what the committed bundle does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks.report import read_figures
from delivery.paths import BUNDLE
from documents.architecture import room_folders, say_imports
from documents.reference.api import asker
from documents.results.readme import ROUTE, figures_table, request_example, shortened_reply
from scoring.bundle import Bundle

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
    dossier, reply = json_blocks(region("request"))
    answer = shortened_reply(asker(BUNDLE)(f"{ROUTE}?raisons=2", dossier))

    assert answer.pop("probabilite_de_defaut") == pytest.approx(reply.pop("probabilite_de_defaut"), abs=1e-9)
    assert answer == reply


def test_readme_request_can_be_read_by_a_person() -> None:
    """One applicant, two credits elsewhere, one loan with instalments, and few enough columns to follow."""
    dossier, _ = json_blocks(region("request"))

    assert (len(dossier["bureau"]), len(dossier["previous_application"])) == (2, 1)
    assert 1 < len(dossier["installments_payments"]) <= 6
    assert {one["SK_ID_PREV"] for one in dossier["installments_payments"]} == {
        dossier["previous_application"][0]["SK_ID_PREV"]
    }
    assert len(dossier["application"]) <= 20


def test_readme_request_is_the_one_that_is_generated() -> None:
    """`make pages` would write the same request and reply."""
    assert region("request").strip() == request_example(Bundle.open(BUNDLE))


def test_readme_figures_are_those_of_bundle_and_measures() -> None:
    """`make pages` would write the same table."""
    assert region("figures").strip() == figures_table(read_figures(), Bundle.open(BUNDLE).contract)


def test_readme_names_only_verbs_that_exist() -> None:
    """Each `make` verb of the README exists, those in comments of its command blocks included."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    verbs = set(re.findall(r"make ([a-z-]+)", README))

    assert verbs - targets == {"makes"} & verbs


def test_readme_says_what_each_room_may_import() -> None:
    """The table has every room from the ground up, and import-linter lets through what it says, no more and no less."""
    said = dict(re.findall(r"^\| `([\w/]+/)` \| [^|]+ \| ([^|]+) \|$", README, re.MULTILINE))

    assert list(said) == list(room_folders().values())
    assert said == {
        folder: say_imports(room, none="no other room", all_above="every room above")
        for room, folder in room_folders().items()
    }
