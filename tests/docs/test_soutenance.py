"""The presentation: made anew it is short, noted, true, and nothing overflows; the committed one is a release's."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from pptx import Presentation
from pptx.util import Inches, Pt

from delivery.paths import ROOT
from documents.__main__ import main
from documents.commands.presentation import RELEASED_PRESENTATION
from documents.facts import Facts, read_facts
from documents.presentation import fit, pictures, style
from documents.presentation.deck import build_deck, notes_of, save_deck, tell
from documents.presentation.sheet import Sheet
from documents.presentation.slides import SLIDES
from scoring import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_SLIDES = 30
MOST_BYTES = 2_000_000
EMU_PER_INCH = Inches(1)
SLACK = 0.02


@pytest.fixture(scope="module")
def facts() -> Facts:
    """Read all facts once."""
    return read_facts()


@pytest.fixture(scope="module")
def path(facts: Facts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the presentation of today's figures."""
    made = tmp_path_factory.mktemp("deck") / "soutenance.pptx"
    save_deck(build_deck(facts), made)
    return made


@pytest.fixture(scope="module")
def deck(path: Path) -> Any:  # noqa: ANN401  python-pptx's presentation
    """Open the presentation of today's figures."""
    return Presentation(str(path))


@pytest.fixture(scope="module")
def committed() -> Any:  # noqa: ANN401
    """Open the presentation of the last release."""
    return Presentation(str(RELEASED_PRESENTATION))


def shapes_of(deck: Any) -> Iterator[tuple[int, Any]]:  # noqa: ANN401
    """Return each shape with the number of its slide."""
    return ((number, shape) for number, slide in enumerate(deck.slides, start=1) for shape in slide.shapes)


def paragraphs_of(frame: Any) -> list[tuple[str, float, bool]]:  # noqa: ANN401
    """Return text, size and weight of each paragraph."""
    runs = [paragraph.runs for paragraph in frame.paragraphs if paragraph.runs]
    return [("".join(run.text for run in one), one[0].font.size.pt, bool(one[0].font.bold)) for one in runs]


def inches(length: int) -> float:
    """Return a length of the file in inches."""
    return length / EMU_PER_INCH


def test_committed_presentation_is_that_of_a_release(committed: Any) -> None:  # noqa: ANN401
    """It tells its version, which the changelog has or the next release gets; figures of the day do not change it."""
    released = re.findall(r"^## \[?(\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert committed.core_properties.version in {*released, __version__}, "run `make soutenance RELEASE=yes`"


def test_committed_presentation_is_complete_and_short_enough(committed: Any) -> None:  # noqa: ANN401
    """At most thirty slides with every picture, in a file that a mail takes."""
    shown = {shape.name.partition(" ")[0] for _, shape in shapes_of(committed) if hasattr(shape, "image")}

    assert len(committed.slides) <= MOST_SLIDES
    assert set(pictures.NAMES) <= shown
    assert RELEASED_PRESENTATION.stat().st_size < MOST_BYTES


def test_another_figure_gives_another_text(facts: Facts, deck: Any) -> None:  # noqa: ANN401
    """Numbers are computed: a cost that changes shows on the slides."""
    cost = facts.contract.quality.cost
    quality = facts.contract.quality.model_copy(update={"cost": cost.model_copy(update={"value": cost.value + 0.1})})
    changed = replace(facts, contract=facts.contract.model_copy(update={"quality": quality}))

    assert tell(deck) != tell(build_deck(changed))


def test_presentation_is_short_enough(deck: Any, path: Path) -> None:  # noqa: ANN401
    """At most thirty slides, in a file that a mail takes."""
    assert len(SLIDES) == len(deck.slides) <= MOST_SLIDES
    assert path.stat().st_size < MOST_BYTES


def test_every_slide_has_notes_that_say_why(deck: Any) -> None:  # noqa: ANN401
    """The speaker has at least a few sentences for each slide."""
    assert [number for number, slide in enumerate(deck.slides, start=1) if len(notes_of(slide)) < 200] == []


def test_last_slide_asks_the_questions_of_the_debriefing(deck: Any) -> None:  # noqa: ANN401
    """The last slide holds questions, and its notes an answer to each."""
    *texts, notes = tell(deck)[-1]
    questions = [line for text in texts for line in text.splitlines() if line.endswith("?")]

    assert texts[0] == "Questions pour le débriefing"
    assert len(questions) >= 8
    assert [one for one in questions if f"{one.split('.')[0]}. " not in notes] == []


def test_no_box_leaves_its_slide(deck: Any) -> None:  # noqa: ANN401
    """Every shape lies within the slide."""
    width, height = deck.slide_width, deck.slide_height
    outside = [
        (number, shape.name)
        for number, shape in shapes_of(deck)
        if min(shape.left, shape.top) < 0 or shape.left + shape.width > width or shape.top + shape.height > height
    ]

    assert outside == []


def test_no_text_overflows_its_box(deck: Any) -> None:  # noqa: ANN401
    """Measured with a font wider than the one shown, each text is no higher than its box and no word is too wide."""
    overflowing = []
    for number, shape in shapes_of(deck):
        paragraphs = paragraphs_of(shape.text_frame) if shape.has_text_frame else []
        if paragraphs:
            frame = shape.text_frame
            room = inches(shape.width - frame.margin_left - frame.margin_right)
            after = frame.paragraphs[0].space_after or Pt(0)
            height = fit.text_height(paragraphs, room, after=after.pt) + inches(frame.margin_top + frame.margin_bottom)
            too_wide = fit.widest_word(paragraphs) > room + SLACK
            overflowing += [(number, frame.text)] if height > inches(shape.height) + SLACK or too_wide else []

    assert overflowing == []


def test_no_table_grows_beyond_its_slide(deck: Any) -> None:  # noqa: ANN401
    """A row grows with its text: measured so, each table ends above the line of sources."""
    beyond = []
    for number, shape in shapes_of(deck):
        if shape.has_table:
            heights = [max(_cell_height(row, shape.table) for row in [row]) for row in shape.table.rows]
            beyond += [number] if inches(shape.top) + sum(heights) > style.FOOTER.top + SLACK else []

    assert beyond == []


def _cell_height(row: Any, table: Any) -> float:  # noqa: ANN401
    heights = []
    for column, cell in zip(table.columns, row.cells, strict=True):
        room = inches(column.width - cell.margin_left - cell.margin_right)
        text = fit.text_height(paragraphs_of(cell.text_frame), room)
        heights.append(text + inches(cell.margin_top + cell.margin_bottom))
    return max(heights)


def test_letters_can_be_read_from_the_back(deck: Any) -> None:  # noqa: ANN401
    """Nothing but the line of sources and the number is smaller than 14 points."""
    small = [
        (number, text)
        for number, shape in shapes_of(deck)
        if shape.has_text_frame and inches(shape.top) < style.FOOTER.top
        for text, points, _ in paragraphs_of(shape.text_frame)
        if points < 14
    ]

    assert small == []


def test_text_that_does_not_fit_is_refused() -> None:
    """The generator stops instead of writing a slide that overflows."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(style.WIDTH), Inches(style.HEIGHT)
    sheet = Sheet(deck, "titre", source="source", notes="notes")

    with pytest.raises(ValueError, match="does not fit"):
        sheet.text(["mot " * 4000], style.BODY)


def test_command_writes_a_presentation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`python -m documents presentation` writes the file it names; it says which pictures were not taken."""
    monkeypatch.setattr(pictures, "SLIDE_PICTURES", tmp_path)

    assert main(["presentation", "--out", str(tmp_path / "deck.pptx")]) == 0
    written = Presentation(str(tmp_path / "deck.pptx"))
    assert len(written.slides) == len(SLIDES)
    assert "Image registry.png" in str(tell(written))
    assert "registry.png not in" in capsys.readouterr().err


def test_presentation_that_cannot_be_written_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong place is one line and status 2; so is a release without its pictures."""
    monkeypatch.setattr(pictures, "SLIDE_PICTURES", tmp_path)
    (tmp_path / "file").write_text("")

    assert main(["presentation", "--out", str(tmp_path / "file" / "deck.pptx")]) == 2
    assert capsys.readouterr().err.splitlines()[-1].startswith("error ")
    assert main(["presentation", "--release"]) == 2
    assert "`make demo pictures` takes them" in capsys.readouterr().err


def test_a_picture_is_named_after_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another picture of the same page is told apart."""
    monkeypatch.setattr(pictures, "SLIDE_PICTURES", tmp_path)
    names = []
    for colour in ("white", "black"):
        Image.new("RGB", (40, 20), colour).save(tmp_path / pictures.POLICY)
        sheet = Sheet(Presentation(), "titre", source="source", notes="notes")
        pictures.show(sheet, pictures.POLICY, style.BODY)
        names += [shape.name for shape in sheet.slide.shapes if hasattr(shape, "image")]

    assert [name.partition(" ")[0] for name in names] == [pictures.POLICY] * 2
    assert len(set(names)) == 2


@pytest.mark.e2e
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not on this machine")
@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler's pdftoppm is not on this machine")
def test_every_slide_is_drawn(path: Path, tmp_path: Path) -> None:
    """LibreOffice draws each slide, and none of them is empty below its title."""
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    convert = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(convert, check=True, capture_output=True, timeout=180)
    pdf = str(tmp_path / path.with_suffix(".pdf").name)
    subprocess.run(["pdftoppm", "-r", "30", "-png", pdf, str(tmp_path / "slide")], check=True, timeout=120)
    drawn = sorted(tmp_path.glob("slide-*.png"))

    assert len(drawn) == len(SLIDES)
    for slide in drawn:
        with Image.open(slide) as picture:
            body = picture.convert("L").crop((0, picture.height // 4, picture.width, picture.height * 9 // 10))
            assert min(body.getextrema()) < 128, slide.name
