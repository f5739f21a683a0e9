"""The attacks of the bench: they are made, counted and told, on a bundle of a few applications."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.learning.soundness import measure_attacks
from delivery.paths import BUNDLE
from documents.results.soundness import soundness_section
from scoring.bundle import Bundle

if TYPE_CHECKING:
    from scoring.features import Value


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    """Return the committed bundle."""
    return Bundle.open(BUNDLE)


@pytest.fixture(scope="module")
def applications(bundle: Bundle) -> list[dict[str, Value]]:
    """Return its golden applications, gaps declared, as the measure sends them."""
    names = [item.name for item in bundle.contract.inputs]
    return [{name: one["application"].get(name) for name in names} for one in bundle.golden]


def test_no_attack_brings_an_acceptance_that_nobody_sees(bundle: Bundle, applications: list[dict[str, Value]]) -> None:
    """Whatever is left out of a refusal, and however much: no acceptance without a person."""
    figures = measure_attacks(bundle, applications)

    assert figures["refusals"] > 0
    assert {one["granted"] for one in figures["left_out"].values()} == {0.0}
    assert figures["rare_category"]["granted"] == 0.0
    assert max(figures["worse"].values()) == 0.0


def test_attacks_are_told_with_their_number(bundle: Bundle, applications: list[dict[str, Value]]) -> None:
    """The section names the refusals that were attacked; without figures there is none."""
    figures = measure_attacks(bundle, applications)
    section = soundness_section({"attacks": figures})

    assert f"{figures['refusals']} refusals among {figures['applications']} fresh applications" in section
    assert soundness_section({}) == ""
