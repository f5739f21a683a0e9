"""The letter that tells an applicant of a decision, as PDF."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from frontend.wording.numerals import MINUS, NARROW_SPACE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MARGIN_MM: Final = 22
LINE_MM: Final = 5.6
BODY_POINTS: Final = 10.5
SMALL_POINTS: Final = 9
# Letters of names that the fonts inside every PDF reader lack (Ł, ő) are taken from a font of the machine.
BUILT_IN: Final = "Helvetica"
BUILT_IN_ENCODING: Final = "windows-1252"
FONT_FILES: Final = (
    Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
    Path("/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf"),
    Path("/Library/Fonts/Arial Unicode.ttf"),
)
_OWN: Final = "letter"
_PLAIN: Final = str.maketrans({NARROW_SPACE: "\u00a0", MINUS: "-", "≈": "~", "≥": ">=", "≤": "<="})


class LetterFontError(Exception):
    """The letter has characters that no font at hand can write; they are `letters`."""

    def __init__(self, letters: str) -> None:
        super().__init__(letters)
        self.letters = letters


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the letter: a title, paragraphs, points, and a table of names and values, any of them empty."""

    title: str = ""
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    facts: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says, every word of it chosen already.

    Attributes
    ----------
    sender, recipient
        Lines of an address.
    place
        What stands above the text: date and reference.
    footer
        Small print at the end of every page.
    """

    language: str
    subject: str
    sender: tuple[str, ...]
    recipient: tuple[str, ...]
    place: tuple[str, ...]
    greeting: str
    sections: tuple[Section, ...]
    closing: str
    footer: str


class _Sheet(FPDF):
    """A page with the letter's footer, written in a font that has its characters."""

    def __init__(self, letter: Letter, font: Path | None) -> None:
        super().__init__(format="A4")
        self._footer = letter.footer
        self.set_margin(MARGIN_MM)
        self.set_auto_page_break(auto=True, margin=MARGIN_MM)
        self.set_lang(letter.language)
        self.set_title(letter.subject)
        self.set_author(letter.sender[0] if letter.sender else "")
        if font is None:
            self.core_fonts_encoding = BUILT_IN_ENCODING
            self.family = BUILT_IN
        else:
            self.add_font(_OWN, fname=font)
            self.add_font(_OWN, style="B", fname=font)
            self.family = _OWN

    def footer(self) -> None:
        """Write the small print and the page's number."""
        self.set_y(-MARGIN_MM + LINE_MM)
        self.set_font(self.family, size=SMALL_POINTS - 1)
        self.multi_cell(0, LINE_MM - 1.6, f"{_plain(self._footer)} - {self.page_no()}", align="C")

    def lines(self, text: Sequence[str], *, align: str = "L", style: str = "", points: float = BODY_POINTS) -> None:
        """Write lines one below the other."""
        self.set_font(self.family, style=style, size=points)
        for line in text:
            self.multi_cell(0, LINE_MM, _plain(line), align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def section(self, part: Section) -> None:
        """Write one part."""
        self.ln(LINE_MM / 2)
        if part.title:
            self.lines([part.title], style="B")
        self.lines(part.paragraphs)
        self.lines([f"\u2022 {point}" for point in part.points])
        if part.facts:
            self.facts(part.facts)

    def facts(self, facts: Mapping[str, str]) -> None:
        """Write names beside their values."""
        self.set_font(self.family, size=SMALL_POINTS)
        with self.table(col_widths=(62, 38), first_row_as_headings=False, borders_layout="HORIZONTAL_LINES") as table:
            for name, value in facts.items():
                table.row([_plain(name), _plain(value)])


def letter_pdf(letter: Letter) -> bytes:
    """Return a letter as PDF.

    Raises
    ------
    LetterFontError
        When it has characters that no font at hand can write: a name is never written wrong in silence.
    """
    sheet = _Sheet(letter, _font_for(letter))
    sheet.add_page()
    sheet.lines(letter.sender, style="B")
    sheet.ln(LINE_MM)
    sheet.lines(letter.recipient, align="R")
    sheet.ln(LINE_MM)
    sheet.lines(letter.place)
    sheet.ln(LINE_MM / 2)
    sheet.lines([letter.subject], style="B")
    sheet.ln(LINE_MM / 2)
    sheet.lines([letter.greeting])
    for part in letter.sections:
        sheet.section(part)
    sheet.ln(LINE_MM / 2)
    sheet.lines([letter.closing, letter.sender[0] if letter.sender else ""])
    return bytes(sheet.output())


def _font_for(letter: Letter) -> Path | None:
    """Return the font to write a letter in; None where the built-in ones are enough."""
    strange = "".join(sorted({one for text in _texts(letter) for one in _plain(text) if not _is_built_in(one)}))
    if not strange:
        return None
    found = next((path for path in FONT_FILES if path.is_file()), None)
    if found is None:
        raise LetterFontError(strange)
    return found


def _texts(letter: Letter) -> list[str]:
    parts = [text for part in letter.sections for text in (part.title, *part.paragraphs, *part.points)]
    told = [text for part in letter.sections for pair in (part.facts or {}).items() for text in pair]
    whole = [letter.subject, letter.greeting, letter.closing, letter.footer]
    return [*whole, *letter.sender, *letter.recipient, *letter.place, *parts, *told]


def _is_built_in(character: str) -> bool:
    try:
        character.encode(BUILT_IN_ENCODING)
    except UnicodeEncodeError:
        return False
    return True


def _plain(text: str) -> str:
    """Return a text with the spaces and signs that every font has."""
    return text.translate(_PLAIN)
