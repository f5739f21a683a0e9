"""Batches as files, as people have them."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from frontend.api.answers import read_answer
from frontend.api.batches import RowProblems
from frontend.api.problems import FieldProblem
from frontend.applications.batch_files import COUNTRIES, AnsweredRow, chunks, read_batch_file, results, template
from frontend.applications.form import Form, read_form
from frontend.applications.tables import UnreadableFileError

if TYPE_CHECKING:
    from frontend.applications.batch_files import BatchFile

EXAMPLE = {"AMT_CREDIT": 300_000.0, "NAME_JOB": "Working", "DAYS_BIRTH": -15_012, "EXT_SOURCE_1": 0.53}


@pytest.fixture
def form(contract: dict[str, Any]) -> Form:
    """Return the form of the contract."""
    return read_form(contract)


def read(text: str, form: Form) -> BatchFile:
    """Read a file with this text."""
    return read_batch_file(text.encode(), form)


def table(content: bytes, country: str = "fr") -> list[list[str]]:
    """Return the cells of a CSV file of a country."""
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    return list(csv.reader(text, delimiter=COUNTRIES[country].delimiter))


def saved(book: Workbook) -> bytes:
    """Return the file of a workbook."""
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def workbook(*rows: list[object], hidden_before: bool = False) -> bytes:
    """Return an Excel workbook, its first sheet hidden or not."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if hidden_before:
        book.create_sheet("archive", 0).append(rows[0])
        book.worksheets[0].sheet_state = "hidden"
    return saved(book)


def refusal(content: bytes, form: Form) -> str:
    """Return why a file is refused, and where."""
    with pytest.raises(UnreadableFileError) as caught:
        read_batch_file(content, form)
    return str(caught.value)


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_template_can_be_sent_back(form: Form, country: str) -> None:
    """Every input has its column, and the examples come back as they went, whichever the country."""
    content = template(form, {"typical": EXAMPLE}, COUNTRIES[country])

    file = read_batch_file(content, form)

    assert (file.identifiers, file.ignored, file.absent) == (("typical",), (), ())
    assert [{name: value for name, value in one.items() if value is not None} for one in file.applications] == [EXAMPLE]


def test_a_french_template_is_what_a_french_spreadsheet_opens(form: Form) -> None:
    """Semicolons and decimal commas, and the mark by which it knows UTF-8."""
    content = template(form, {"typical": EXAMPLE}, COUNTRIES["fr"])

    assert content.startswith(b"\xef\xbb\xbfidentifiant;")
    assert b";0,53" in content


@pytest.mark.parametrize(
    "content",
    [
        b"AMT_CREDIT;EXT_SOURCE_1\n450 000;0,53\n",
        b"AMT_CREDIT,EXT_SOURCE_1\r\n450000,0.53\r\n",
        b'AMT_CREDIT,EXT_SOURCE_1\n"450,000.00",0.53\n',
        b"AMT_CREDIT;EXT_SOURCE_1\n450.000,00;0,53\n",
        b"sep=;\r\nAMT_CREDIT;EXT_SOURCE_1\r\n450000;0,53\r\n",
        "AMT_CREDIT;EXT_SOURCE_1\n450\u00a0000;0,53\n".encode("cp1252"),
        "AMT_CREDIT\tEXT_SOURCE_1\n450000\t0,53\n".encode("utf-16"),
        "AMT_CREDIT;EXT_SOURCE_1\n450\u202f000;0,53\n".encode("utf-8-sig"),
        b"AMT_CREDIT;EXT_SOURCE_1\n450'000;0.53\n",
        b"AMT_CREDIT|EXT_SOURCE_1\n450000|5.3e-1\n",
        b'"sep=;"\r\nAMT_CREDIT;EXT_SOURCE_1\r\n450000;0,53\r\n',
        b'"SEP=|";;\nAMT_CREDIT|EXT_SOURCE_1\n450000|0,53\n',
        b"\r\n  \r\nAMT_CREDIT;EXT_SOURCE_1\r\n450 000;0,53\r\n",
        b"\n\nsep=;\nAMT_CREDIT;EXT_SOURCE_1\n450000;0,53\n",
        *(f"AMT_CREDIT;EXT_SOURCE_1\n450{space}000;0,53\n".encode() for space in "\u2007\u2009\u200a\u202f"),
    ],
)
def test_spreadsheets_of_every_habit_are_read(form: Form, content: bytes) -> None:
    """Delimiters, decimal marks, thousands apart, encodings and Excel's own first line."""
    assert read_batch_file(content, form).applications == ({"AMT_CREDIT": 450_000.0, "EXT_SOURCE_1": 0.53},)


def test_thousands_are_never_read_as_decimals(form: Form) -> None:
    """202,500.00 is two hundred and two thousand five hundred in every file that is read."""
    file = read('AMT_CREDIT,AMT_ANNUITY\n"202,500.00","1,234.5"\n', form)

    assert file.applications == ({"AMT_CREDIT": 202_500.0, "AMT_ANNUITY": 1234.5},)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('AMT_CREDIT,AMT_ANNUITY\n"202,500","1,234"\n', "batch.ambiguous: 2, AMT_CREDIT"),
        ("AMT_CREDIT;EXT_SOURCE_1\n1.234;\n", "batch.ambiguous: 2, AMT_CREDIT"),
        ("AMT_CREDIT;EXT_SOURCE_1\n450000;0,53\n450000;0,5\n450000;0.6\n", "batch.mixed: 4, EXT_SOURCE_1"),
        ('AMT_CREDIT,EXT_SOURCE_1\n"1,234.50",0.5\n"1.234,50",0.5\n', "batch.mixed: 3, AMT_CREDIT"),
        ("AMT_CREDIT,EXT_SOURCE_1\n1,2\n1,2,3\n1\n", "batch.ragged: 3, 4"),
        ("AMT_CREDIT,EXT_SOURCE_1,AMT_CREDIT\n1,2,3\n", "batch.doubled: AMT_CREDIT"),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused_by_its_place(form: Form, text: str, told: str) -> None:
    """Nothing is guessed: the line and the column stand in the message."""
    with pytest.raises(UnreadableFileError) as caught:
        read(text, form)

    assert told == str(caught.value)


def test_a_workbook_is_read(form: Form) -> None:
    """Numbers are numbers whatever the country, text among them is read in its convention, empty is none."""
    content = workbook(
        ["identifiant", "AMT_CREDIT", "EXT_SOURCE_1", "NAME_JOB"], [7, 450_000, "0,53", "Working"], [8, 1, None, None]
    )

    file = read_batch_file(content, form)

    assert file.identifiers == ("7", "8")
    assert file.applications == (
        {"AMT_CREDIT": 450_000.0, "EXT_SOURCE_1": 0.53, "NAME_JOB": "Working"},
        {"AMT_CREDIT": 1.0, "EXT_SOURCE_1": None},
    )


H = ["AMT_CREDIT", "EXT_SOURCE_1", "NAME_JOB"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ([True, 0.5, "Working"], "batch.boolean: 2, AMT_CREDIT"),
        ([1, 0.5, False], "batch.boolean: 2, NAME_JOB"),
        ([1, "=1+1", "Working"], "batch.formula: B2"),
        ([1, 0.5, "=A2"], "batch.formula: C2"),
        (["#N/A", 0.5, "Working"], "batch.failed_formula: 2, AMT_CREDIT"),
        ([1, 0.5, "#DIV/0!"], "batch.failed_formula: 2, NAME_JOB"),
        (["1e999", 0.5, "Working"], "batch.infinite: 2, AMT_CREDIT"),
        ([1, 0.5, "Working", 7], "batch.ragged: 2"),
    ],
)
def test_a_cell_of_a_workbook_without_a_value_is_refused_by_its_place(form: Form, row: list[object], told: str) -> None:
    """TRUE is no amount, a formula nobody computed is not empty, a failed one is no category, nothing is dropped."""
    assert refusal(workbook(H, row), form) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("AMT_CREDIT;EXT_SOURCE_1\n1e999;0,5\n", "batch.infinite: 2, AMT_CREDIT"),
        ("AMT_CREDIT;EXT_SOURCE_1\n1;-4,5E+400\n", "batch.infinite: 2, EXT_SOURCE_1"),
        ("NAME_JOB;EXT_SOURCE_1\nWorking;1\n#NOM?;0,5\n", "batch.failed_formula: 3, NAME_JOB"),
        ("\n\nAMT_CREDIT;EXT_SOURCE_1\n1;2\n1;#VALEUR!\n", "batch.failed_formula: 5, EXT_SOURCE_1"),
    ],
)
def test_what_a_spreadsheet_left_in_a_csv_file_is_refused_by_its_place(form: Form, text: str, told: str) -> None:
    """A failed formula and a number beyond all numbers, at the line that an editor shows."""
    assert refusal(text.encode(), form) == told


def test_a_formula_in_a_column_that_nobody_reads_counts_too(form: Form) -> None:
    """A workbook that no spreadsheet ever computed is not half read."""
    assert refusal(workbook(["AMT_CREDIT", "total"], [1, "=A2*2"]), form) == "batch.formula: B2"


def test_merged_cells_are_refused(form: Form) -> None:
    """Only the first of them has the value: the others would be declared to have none."""
    book = Workbook()
    for row in (["AMT_CREDIT", "EXT_SOURCE_1"], [1, 0.5], [2, None]):
        book.active.append(row)
    book.active.merge_cells("B2:B3")

    assert refusal(saved(book), form) == "batch.merged: B2:B3"


def test_two_sheets_with_applications_are_refused(form: Form) -> None:
    """The page does not choose which of them was meant."""
    book = Workbook()
    book.active.title = "mai"
    book.create_sheet("juin")
    for sheet in book.worksheets:
        sheet.append(["AMT_CREDIT"])
        sheet.append([1])

    assert refusal(saved(book), form) == "batch.sheets: mai, juin"


def test_a_sheet_of_notes_and_a_hidden_one_are_passed_over(form: Form) -> None:
    """What is read is the sheet that a person sees and whose columns the contract knows."""
    book = Workbook()
    book.active.append(["Mode d’emploi"])
    book.create_sheet("demandes").append(["AMT_CREDIT"])
    book["demandes"].append([450_000])

    assert read_batch_file(saved(book), form).applications == ({"AMT_CREDIT": 450_000.0},)
    hidden = read_batch_file(workbook(["AMT_CREDIT"], [7], hidden_before=True), form)
    assert hidden.applications == ({"AMT_CREDIT": 7.0},)


def test_numbers_stored_as_text_and_percentages_are_read(form: Form) -> None:
    """An apostrophe that keeps a number a text, zeros that lead an identifier, a cell shown as a percentage."""
    book = Workbook()
    for row in (["identifiant", "AMT_CREDIT", "EXT_SOURCE_1"], ["007", "450\u202f000", 0.53]):
        book.active.append(row)
    book.active["B2"].quotePrefix = True
    book.active["C2"].number_format = "0%"

    file = read_batch_file(saved(book), form)

    assert file.identifiers == ("007",)
    assert file.applications == ({"AMT_CREDIT": 450_000.0, "EXT_SOURCE_1": 0.53},)


def test_a_date_is_no_amount(form: Form) -> None:
    """It goes as a text, which the API refuses by row and field: never as a number of days."""
    file = read_batch_file(workbook(["AMT_CREDIT"], [datetime(2024, 1, 2, tzinfo=UTC).replace(tzinfo=None)]), form)

    assert file.applications == ({"AMT_CREDIT": "2024-01-02T00:00:00"},)


def test_columns_without_a_name_are_told_by_their_place(form: Form) -> None:
    """The numbers that pandas writes before each row are not passed over in silence; an empty column is."""
    file = read(",AMT_CREDIT,\n0,1,\n1,2,\n", form)

    assert file.ignored == ("n° 1",)


def test_kaggle_s_rows_are_taken_as_they_are(form: Form) -> None:
    """365243 is no date, XNA no category; other columns are named and passed over."""
    file = read("SK_ID_CURR,AMT_CREDIT,DAYS_BIRTH,NAME_JOB,CODE_GENDER\n100001,568800.0,365243,XNA,F\n", form)

    assert (file.identifiers, file.ignored) == (("100001",), ("CODE_GENDER",))
    assert file.applications == ({"AMT_CREDIT": 568_800.0},)


def test_what_no_row_tells_is_listed_by_weight(form: Form) -> None:
    """Before anything is sent the reader sees which optional columns are not there, the heaviest first."""
    names = [one.name for one in read("AMT_CREDIT,NAME_JOB,DAYS_BIRTH\n1,Working,-9000\n", form).unknown]

    assert names[0] == "EXT_SOURCE_1"
    assert set(names) == {field.name for field in form.fields if not field.required}


def test_an_empty_cell_is_declared_absent_and_an_empty_line_is_nothing(form: Form) -> None:
    """Neither becomes a zero, columns that are not there stay unknown, and lines keep their number as their name."""
    file = read("AMT_CREDIT,EXT_SOURCE_1\n1,\n,\n2,0.1\n", form)

    assert file.applications == ({"AMT_CREDIT": 1.0, "EXT_SOURCE_1": None}, {"AMT_CREDIT": 2.0, "EXT_SOURCE_1": 0.1})
    assert file.identifiers == ("2", "4")


def test_what_is_no_number_is_left_to_the_api(form: Form) -> None:
    """Its answer names the row's problem; a file is not refused for one cell."""
    assert read("AMT_CREDIT\nbeaucoup\n", form).applications == ({"AMT_CREDIT": "beaucoup"},)


def test_columns_are_checked_before_anything_is_sent(form: Form) -> None:
    """What the contract does not know is named, and so is what it cannot do without."""
    file = read("SK_ID_CURR,AMT_CREDIT,COLOUR\n7,1,red\n", form)

    assert (file.identifiers, file.ignored) == (("7",), ("COLOUR",))
    assert [field.name for field in file.absent] == ["NAME_JOB", "DAYS_BIRTH"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"AMT_CREDIT\n\0\n", "batch.not_a_table"),
        (b"PK\x03\x04 no workbook", "batch.not_a_table"),
        (b"", "batch.no_header"),
        (b"a,b\n1,2\n", "batch.no_header"),
        (b"AMT_CREDIT\n\n", "batch.no_row"),
    ],
)
def test_a_file_that_is_no_batch_says_why(form: Form, content: bytes, reason: str) -> None:
    """The reader learns what to change."""
    with pytest.raises(UnreadableFileError) as caught:
        read_batch_file(content, form)

    assert reason == caught.value.reason


@given(
    st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(0, 10**6)), max_size=30),
    st.integers(1, 7),
    st.integers(250, 400),
)
def test_chunks_are_the_batch_cut_to_size(applications: list[dict[str, int]], most_rows: int, most_bytes: int) -> None:
    """Nothing is lost, doubled or moved; no request is longer than it may be, or empty."""
    cut = list(chunks(applications, most_rows=most_rows, most_bytes=most_bytes))

    assert [one for chunk in cut for one in chunk] == applications
    assert all(0 < len(chunk) <= most_rows for chunk in cut)


def test_long_applications_make_short_chunks() -> None:
    """The size of the body counts, not only the rows."""
    applications = [{"a": "x" * 1000}] * 4

    assert [len(chunk) for chunk in chunks(applications, most_rows=10, most_bytes=2500)] == [2, 2]


def test_results_have_a_line_for_every_row(answer_body: dict[str, Any]) -> None:
    """Answers and problems side by side, under the row's own name, probabilities to the last digit."""
    refused = RowProblems((FieldProblem("AMT_CREDIT", "SCR102", "Type incorrect."),))

    answer = read_answer(answer_body)
    rows = [AnsweredRow(one, answer.threshold, answer.origin) for one in (answer, refused)]

    header, first, second = table(results(["a", "b"], rows, COUNTRIES["fr"]))

    told = dict(zip(header, first, strict=True))
    assert (told["probabilite_de_defaut"], told["classe"], told["seuil"]) == ("0,123", "refuse", "0,09")
    adverse = [one for one in answer.reasons if one.contribution > 0]
    assert told["motifs"].split() == [one.code for one in adverse]
    assert all(one.sentence in told["raisons"] for one in adverse)
    source = [answer.origin.version, answer.origin.seal, answer.origin.answered_at, answer.origin.request_id]
    assert first[-4:] == second[-4:] == source
    assert second[0:2] == ["b", "non_evaluee"]
    assert "AMT_CREDIT (SCR102)" in dict(zip(header, second, strict=True))["problemes"]


def test_results_start_no_formula(answer_body: dict[str, Any]) -> None:
    """A spreadsheet that opens the results runs nothing that an uploader wrote."""
    answer = read_answer(answer_body)
    rows = [AnsweredRow(RowProblems(()), answer.threshold, answer.origin)]

    _, line = table(results(["=HYPERLINK(1)"], rows, COUNTRIES["fr"]))

    assert line[0] == "'=HYPERLINK(1)"
