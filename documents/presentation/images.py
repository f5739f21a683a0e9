"""Pictures of the page and of MLflow on slides (`make pictures` takes them)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents.pages import DOCS
from documents.presentation.charts import fingerprint

if TYPE_CHECKING:
    from documents.presentation.sheet import Sheet
    from documents.presentation.style import Box

IMAGES = DOCS / "images"


def put_image(sheet: Sheet, name: str, box: Box) -> None:
    """Put a committed picture on a slide, as large as it goes; its name carries a hash of its content."""
    content = (IMAGES / name).read_bytes()
    sheet.picture(IMAGES / name, box, f"{name} ({fingerprint(content.hex())})")
