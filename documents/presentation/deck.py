"""The presentation as a whole: made, saved, and told in words so that two of them can be compared."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pptx import Presentation
from pptx.util import Inches

from commandline.colophon import AUTHOR
from documents.presentation import style
from documents.presentation.slides import SLIDES
from scoring import __version__
from training.files import written_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pptx.presentation import Presentation as Deck

    from documents.facts import Facts

TITLE = "Prêt à dépenser : score de crédit, de la donnée à la décision expliquée"


def build_deck(facts: Facts) -> Deck:
    """Return the presentation of the served version."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(style.WIDTH), Inches(style.HEIGHT)
    deck.core_properties.title, deck.core_properties.author = TITLE, AUTHOR
    deck.core_properties.language, deck.core_properties.version = "fr-FR", __version__
    for slide in SLIDES:
        slide(deck, facts)
    return deck


def save_deck(deck: Deck, path: Path) -> None:
    """Write the presentation, compressed as far as it goes."""
    content = BytesIO()
    deck.save(content)
    with (
        written_file(path) as temporary,
        zipfile.ZipFile(content) as given,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as kept,
    ):
        for item in given.infolist():
            kept.writestr(item.filename, given.read(item.filename))


def tell(deck: Deck) -> list[list[str]]:
    """Return what each slide says: texts, tables, charts, names of pictures, and the notes."""
    return [[text for shape in slide.shapes for text in _told(shape)] + [notes_of(slide)] for slide in deck.slides]


def notes_of(slide: Any) -> str:  # noqa: ANN401  python-pptx's slide
    """Return the notes of a slide; nothing where it has none."""
    return str(slide.notes_slide.notes_text_frame.text) if slide.has_notes_slide else ""


def _told(shape: Any) -> Iterator[str]:  # noqa: ANN401  python-pptx has one class a kind of shape
    if shape.has_text_frame:
        yield shape.text_frame.text
    if shape.has_table:
        yield from (cell.text for row in shape.table.rows for cell in row.cells)
    if shape.has_chart:
        yield from _told_by_chart(shape.chart)
    if hasattr(shape, "image"):
        yield shape.name


def _told_by_chart(chart: Any) -> Iterator[str]:  # noqa: ANN401
    plot = chart.plots[0]
    for name, value, index in zip(plot.categories, plot.series[0].values, range(len(plot.categories)), strict=True):
        yield f"{name}: {value:.9g}: {plot.series[0].points[index].data_label.text_frame.text}"
