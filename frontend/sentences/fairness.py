"""What is said of the groups that the fairness audit compares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frontend.wording.words import Words


def say_attribute(attribute: Mapping[str, Any], words: Words) -> str:
    """Return the name of an audited attribute; one that this page has not met keeps that of the audit."""
    return words.known(f"audited.{attribute['attribute']}", str(attribute["label"]))


def say_group(group: Mapping[str, Any], words: Words) -> str:
    """Return the name of an audited group, and whether it is too small to say anything."""
    name = _name(str(group["group"]), str(group["label"]), words)
    return name if group["judged"] else words("model.small", group=name)


def _name(group: str, label: str, words: Words) -> str:
    # The bands of age are the audit's to choose.
    if group[:1].isdigit() or group.startswith("<"):
        return words("audited.years", band=group)
    return words.known(f"audited.{group}", label)
