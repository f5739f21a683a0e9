"""The feature dictionary is the one that the code and the committed bundle give."""

from __future__ import annotations

from pathlib import Path

from delivery.paths import BUNDLE
from documents.reference.dictionary import dictionary_page
from scoring.bundle import Bundle
from training.schema import load_derived, load_inputs

PAGE = Path(__file__).parents[2] / "docs" / "features.md"


def test_page_is_current() -> None:
    """`make pages` would write the same page: a new feature or a new bundle shows in docs/features.md."""
    assert PAGE.read_text(encoding="utf-8") == dictionary_page(Bundle.open(BUNDLE).contract), "run `make pages`"


def test_every_feature_has_a_line() -> None:
    """Every input and derivation stands on the page once, with all its cells filled but for a unit."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    for entry in (*load_inputs(), *load_derived()):
        (line,) = (line for line in lines if line.startswith(f"| `{entry.name}` |"))
        cells = [cell.strip() for cell in line.replace("\\|", "").strip("|").split("|")]

        assert entry.label_fr in cells
        assert cells.count("") <= (not entry.unit), entry.name


def test_weights_of_the_page_add_up() -> None:
    """The weights of all features of the committed model come to one."""
    weights = [line.split("|")[-2].strip() for line in PAGE.read_text(encoding="utf-8").splitlines() if "%" in line]
    shares = [float(weight.rstrip("%")) for weight in weights if weight.endswith("%")]

    assert len(shares) == len(Bundle.open(BUNDLE).contract.features)
    assert abs(sum(shares) - 100) < 0.01 * len(shares)
