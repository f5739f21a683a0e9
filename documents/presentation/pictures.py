"""Pictures of the page and of the registry on the slides; `make pictures` takes them, and build/ alone keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from delivery.paths import ROOT
from documents.presentation import style
from documents.presentation.charts import fingerprint

if TYPE_CHECKING:
    from documents.presentation.sheet import Sheet
    from documents.presentation.style import Box

SLIDE_PICTURES = ROOT / "build" / "slides"
DECISION, REASONS, WHAT_IF, POLICY, REGISTRY = NAMES = (
    "decision.png",
    "reasons.png",
    "what-if.png",
    "policy.png",
    "registry.png",
)


def show(sheet: Sheet, name: str, box: Box) -> None:
    """Show a picture under a name with a hash of its content, or a sentence in its place where it was not taken."""
    path = SLIDE_PICTURES / name
    if path.is_file():
        sheet.picture(path, box, f"{name} ({fingerprint(path.read_bytes().hex())})")
        return
    sheet.panel(box, style.PALE)
    sheet.text([f"Image {name} : à prendre par « make demo pictures »."], box, colour=style.SOFT)


def absent() -> list[str]:
    """Return the names of the pictures that were not taken on this machine."""
    return [name for name in NAMES if not (SLIDE_PICTURES / name).is_file()]
