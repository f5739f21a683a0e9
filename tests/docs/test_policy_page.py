"""The input policy on the page is the one of the committed bundle and of the dictionary."""

from __future__ import annotations

from delivery.paths import BUNDLE, ROOT
from documents.reference.policy import policy_page
from scoring.bundle import Bundle
from training.schema import load_inputs

PAGE = (ROOT / "docs" / "politique-donnees.md").read_text(encoding="utf-8")


def test_page_is_current() -> None:
    """`make pages` would write the same page."""
    assert policy_page(Bundle.open(BUNDLE).contract) == PAGE, "run `make pages`"


def test_served_inputs_have_the_policy_of_the_dictionary() -> None:
    """What the contract says of an input is what was decided of it."""
    policies = {entry.name: entry.policy for entry in load_inputs()}
    for item in Bundle.open(BUNDLE).contract.inputs:
        policy = policies[item.name]
        assert policy.asked
        assert (item.direction, item.known_by, item.ground.fr) == (
            policy.direction,
            policy.known_by,
            policy.ground_fr,
        )
