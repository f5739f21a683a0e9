"""What page, API, model card and letters say of one thing is said in the same words and figures."""

from __future__ import annotations

import json
import re

import pytest

from delivery.paths import BUNDLE, ROOT
from frontend.views.session import TABS
from frontend.wording.words import words_of
from scoring.bundle import Bundle
from scoring.dossier.app import open_dossier_app
from scoring.settings import Settings


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    """Return the committed bundle."""
    return Bundle.open(BUNDLE)


def test_a_refusal_is_a_person_s_everywhere() -> None:
    """The same sentence stands on the page, in the API's own description, in its documentation and on the card."""
    promise = words_of("fr")("decision.who")
    described = open_dossier_app(Settings(bundle_dir=BUNDLE)).openapi()["info"]["description"]
    texts = [described, *((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("api.md", "model-card.md"))]

    assert [text[:40] for text in texts if promise not in text] == []


def test_tabs_of_the_page_are_those_of_its_documentation() -> None:
    """The table in page.md has a row for each tab, by its name and in its place."""
    words = words_of("fr")
    rows = re.findall(r"^\| ([^|]+?) \|", (ROOT / "docs" / "page.md").read_text(encoding="utf-8"), re.MULTILINE)
    tabs = [words(f"tab.{name}") for name in TABS]

    assert rows[: len(tabs) + 1] == ["tab", *tabs]


def test_a_synthetic_model_is_told_everywhere(bundle: Bundle) -> None:
    """Where the contract says so, so does the record, and the card that is handed out with it."""
    record = json.loads((ROOT / "docs" / "version.json").read_text(encoding="utf-8"))

    assert bundle.contract.identity.synthetic is record["synthetic"] is True
    assert "population synthétique" in (ROOT / "docs" / "model-card.md").read_text(encoding="utf-8")


def shown_after(label: str, text: str) -> list[str]:
    """Return the first number after each place where a label begins a row of a table."""
    rows = re.findall(rf"^\| {label} \|\s*([^|]+)\|", text, re.MULTILINE)
    return [found[0] for row in rows if (found := re.findall(r"\d+[,.]\d+", row))]


@pytest.mark.parametrize(("label", "measure"), [("coût par dossier", "cost"), ("AUC", "auc")])
def test_a_figure_of_the_card_is_the_contract_s(bundle: Bundle, label: str, measure: str) -> None:
    """The page shows the contract's quality; the model card says the same to all its decimals."""
    value = getattr(bundle.contract.quality, measure).value
    told = shown_after(label, (ROOT / "docs" / "model-card.md").read_text(encoding="utf-8"))

    assert told
    assert [one for one in told if f"{value:.{len(one.split(',')[1])}f}" != one.replace(",", ".")] == []


def test_the_threshold_is_one(bundle: Bundle) -> None:
    """Where the note gives the rule in a sentence and the API answers with it, both are the contract's."""
    threshold = bundle.contract.decision.threshold
    note = (ROOT / "docs" / "note-de-decision.md").read_text(encoding="utf-8")
    api = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    written = re.findall(r"probabilité de défaut atteint \*\*(\d+),(\d+)", note)
    answered = {float(one) for one in re.findall(r'"seuil": (0\.\d+)', api)}

    assert [f"{whole}.{decimals}" for whole, decimals in written] == [f"{100 * threshold:.2f}"]
    assert answered == {threshold}
