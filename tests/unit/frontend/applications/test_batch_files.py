"""Batches as CSV files."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontend.api.answers import read_answer
from frontend.api.batches import RowProblems
from frontend.api.problems import FieldProblem
from frontend.applications.batch_files import UnreadableFileError, chunks, read_batch_file, results, template
from frontend.applications.form import Form, read_form

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


def table(content: bytes) -> list[list[str]]:
    """Return the cells of a CSV file."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_template_can_be_sent_back(form: Form) -> None:
    """Every input has its column, and the examples come back as they went."""
    content = template(form, {"typical": EXAMPLE})

    file = read_batch_file(content, form)

    assert (file.identifiers, file.ignored, file.absent) == (("typical",), (), ())
    assert [{name: value for name, value in one.items() if value is not None} for one in file.applications] == [EXAMPLE]


@pytest.mark.parametrize(
    "text", ["AMT_CREDIT;EXT_SOURCE_1\n450 000;0,53\n", "AMT_CREDIT,EXT_SOURCE_1\r\n450000,0.53\r\n"]
)
def test_spreadsheets_of_both_habits_are_read(form: Form, text: str) -> None:
    """Semicolons and decimal commas, or commas and decimal points."""
    assert read(text, form).applications == ({"AMT_CREDIT": 450_000.0, "EXT_SOURCE_1": 0.53},)


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
        (b"AMT_CREDIT\n\xff\n", "batch.not_utf8"),
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

    header, first, second = table(results(["a", "b"], [read_answer(answer_body), refused]))

    assert dict(zip(header, first, strict=True))["probabilite_de_defaut"] == "0.123"
    assert dict(zip(header, first, strict=True))["classe"] == "refuse"
    assert second[0:2] == ["b", "non_evaluee"]
    assert "AMT_CREDIT (SCR102)" in second[-1]


def test_results_start_no_formula() -> None:
    """A spreadsheet that opens the results runs nothing that an uploader wrote."""
    _, line = table(results(["=HYPERLINK(1)"], [RowProblems(())]))

    assert line[0] == "'=HYPERLINK(1)"
