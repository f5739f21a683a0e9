"""Promises about files of lines: whatever carried them, every whole object comes out once."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
from typing import TYPE_CHECKING

import pytest

from monitoring.windows.log_lines import LineTally, log_files, moment_of, read_lines

if TYPE_CHECKING:
    from pathlib import Path

RECORDS = [{"evenement": "audit", "n": place, "demande": {"texte": 'a {"b"} c'}} for place in range(40)]
LINES = [json.dumps(one, separators=(",", ":")) for one in RECORDS]


def console_table() -> bytes:
    """Return what the console of CloudWatch exports: a table whose messages are quoted."""
    text = io.StringIO()
    csv.writer(text).writerows([["timestamp", "message"], *(["1732179600000", f"{line}\n"] for line in LINES)])
    return text.getvalue().encode()


PLAIN = "\n".join(LINES).encode()
CARRIED = {
    "plain": PLAIN,
    "byte order mark": codecs.BOM_UTF8 + PLAIN,
    "gzip": gzip.compress(PLAIN),
    "gzip of gzip": gzip.compress(gzip.compress(PLAIN)),
    "text between": " INFO retry ".join(LINES).encode(),
    "tail": "\n".join(f"2026-11-21T09:00:00.123000+00:00 2026/11/21/[$LATEST]0a1b {line}" for line in LINES).encode(),
    "console": console_table(),
    "events": json.dumps({"events": [{"timestamp": 1, "message": line} for line in LINES]}).encode(),
}


@pytest.mark.parametrize("carried", CARRIED)
@pytest.mark.parametrize("name", ["audit-stream-1-2026-11-21-09-00-00-0a1b", "000000.gz", "lines.jsonl"])
def test_every_record_comes_out_once(carried: str, name: str, tmp_path: Path) -> None:
    """The name of an object says nothing of what is in it; its first bytes do."""
    folder = tmp_path / "export" / "task" / "stream"
    folder.mkdir(parents=True)
    (folder / name).write_bytes(CARRIED[carried])
    (tmp_path / "export" / "aws-logs-write-test").write_text("Permission Check Successful", encoding="utf-8")

    tally = LineTally()
    found = [line for line in read_lines([tmp_path], tally) if line.get("evenement") == "audit"]

    assert [line["n"] for line in found] == list(range(40))
    assert (tally.unreadable, tally.cut_files) == (0, [])


def test_a_half_written_object_costs_itself_alone(tmp_path: Path) -> None:
    """What follows it on the same line is read."""
    (tmp_path / "a.jsonl").write_text(LINES[0][:30] + LINES[1] + "\n", encoding="utf-8")
    tally = LineTally()

    found = [line["n"] for line in read_lines([tmp_path], tally) if "n" in line]

    assert found == [1]
    assert tally.unreadable == 1


def test_other_files_of_a_folder_are_left_alone(tmp_path: Path) -> None:
    """A table of outcomes beside the lines, and what a system hides, are none."""
    for name in ("outcomes.parquet", ".DS_Store", "a"):
        (tmp_path / name).write_text("{}", encoding="utf-8")

    assert [path.name for path in log_files([tmp_path])] == ["a"]


@pytest.mark.parametrize("line", [{"_aws": 3}, {"_aws": {"Timestamp": 1e30}}, {"_ecrit": "hier"}, {"horodatage": "x"}])
def test_a_moment_that_is_none_is_none(line: dict[str, object]) -> None:
    """No value of a line ends the reading."""
    assert moment_of(line) is None
