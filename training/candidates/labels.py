"""What French pages call the models of a comparison."""

from __future__ import annotations

from training.candidates.families import FAMILIES
from training.candidates.gradient_boosting import LIGHTGBM, SHORT_NAME
from training.wording import TRIVIAL_POLICIES


def french_labels() -> dict[str, str]:
    """Return the labels of families, of the short booster and of the policies that need no model, by name."""
    labels = {family.name: family.label.fr for family in FAMILIES.values()}
    return labels | {SHORT_NAME: f"{LIGHTGBM.label.fr} court"} | TRIVIAL_POLICIES
