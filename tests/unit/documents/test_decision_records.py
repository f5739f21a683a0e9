"""Decision records have one form, and every number without a record is explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from documents.decision_records import SECTIONS, free_numbers, next_number, read_decision_records
from documents.facts import DOCS

if TYPE_CHECKING:
    from pathlib import Path

BODY = "".join(f"\n## {name}\n\nText.\n" for name in SECTIONS)
RECORD = f"# 0003. A choice\n\nStatus: accepted, 2026-11-30\n{BODY}"


def written(folder: Path, text: str, name: str = "0003-a-choice.md") -> Path:
    """Write a record and return its folder."""
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_record_is_read(tmp_path: Path) -> None:
    """Number, title, status and day are those of the record."""
    (record,) = read_decision_records(written(tmp_path, RECORD))

    assert (record.number, record.title, record.status, record.date) == ("0003", "A choice", "accepted", "2026-11-30")


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        (RECORD.replace("0003. A", "0003 A"), "does not begin with"),
        (RECORD.replace("0003. A", "0004. A"), "does not begin with"),
        (RECORD.replace("Status: accepted, 2026-11-30", "Accepted"), "does not begin with"),
        (RECORD.replace("## Options", "## Choices"), "has other sections"),
        (RECORD.replace("\n## Options\n\nText.\n", "") + "\n## Options\n", "has other sections"),
    ],
)
def test_record_in_another_form_is_refused(tmp_path: Path, text: str, trouble: str) -> None:
    """A page that lists the records stops at one that is not in their form."""
    with pytest.raises(ValueError, match=trouble):
        read_decision_records(written(tmp_path, text))


def test_every_committed_record_has_the_form() -> None:
    """All records are read, in the order of their numbers, and each successor that a status names exists."""
    records = read_decision_records(DOCS / "decisions")
    numbers = [record.number for record in records]
    successors = [record.status.split()[-1] for record in records if record.status.startswith("superseded")]

    assert len(records) == len(list((DOCS / "decisions").glob("*.md"))) - 1
    assert numbers == sorted(set(numbers))
    assert set(successors) <= set(numbers)


def test_index_explains_every_number_without_a_record() -> None:
    """Whoever misses a record between two others reads that there never was one, and which number comes next."""
    numbers = [record.number for record in read_decision_records(DOCS / "decisions")]
    index = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")

    assert all(f"- {first}" in index and last in index for first, last in free_numbers(numbers))
    assert f"The next record is {next_number(numbers)}" in index
