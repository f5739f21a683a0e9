"""What people may ask of their data: everything of one person is found and erased, and nothing of anybody else."""

from __future__ import annotations

import csv
import gzip
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from monitoring.__main__ import main
from monitoring.windows.log_lines import LineTally, read_lines
from scoring.records import applicant_hash, hashed

if TYPE_CHECKING:
    from pathlib import Path

KEY, FORMER_KEY = "0123456789abcdef", "fedcba9876543210"
ALICE, BOB = "partenaire-a", "partenaire-b"


def record(request: str, identifier: str | None, partner: str | None = ALICE, key: str = KEY) -> dict[str, Any]:
    """Return an audit record of an applicant, with a value that no other line has."""
    person = None if identifier is None else applicant_hash(identifier, key.encode(), partner=partner)
    moment = "2026-11-21T09:00:00.000+00:00"
    return {
        "evenement": "audit", "id_requete": request, "horodatage": moment, "demandeur": person,
        "demande": {"NAME": f'of {request} {{"'},
    }  # fmt: skip


LINES: list[dict[str, Any]] = [
    {"evenement": "demarrage"},
    record("r1", "Zoé 1"),
    {"evenement": "score", "id_requete": "r1", "classe": "refuse"},
    record("r2", "Zoé 1", partner=BOB),
    {"evenement": "score", "id_requete": "r2", "classe": "accepte"},
    record("r3/0", "Zoé 1"),
    record("r3/1", "1002"),
    record("r3/10", "1003"),
    {"evenement": "lot", "id_requete": "r3", "demandes": 11},
    {"id_requete": "r3", "chemin": "/v1/score/batch", "statut": "200"},
    record("r4", None),
    {"evenement": "score", "id_requete": "r4", "classe": "refuse"},
    record("r5", "Zoé 1", key=FORMER_KEY),
    {"evenement": "score", "id_requete": "r10", "classe": "refuse"},
]
TEXTS = [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in LINES]
OF_ZOE = {1, 2, 5}


def table(texts: list[str]) -> bytes:
    """Return the console's export of some lines."""
    text = io.StringIO()
    csv.writer(text).writerows([["timestamp", "message"], *(["1732179600000", f"{one}\n"] for one in texts)])
    return text.getvalue().encode()


def wrapped(texts: list[str]) -> bytes:
    """Return the lines in CloudWatch's envelope."""
    return json.dumps(
        {"owner": "1", "logEvents": [{"id": "i", "timestamp": 1, "message": one} for one in texts]}
    ).encode()


CARRIED = {
    "plain": lambda texts: "".join(f"{one}\n" for one in texts).encode(),
    "gzip": lambda texts: gzip.compress("\n".join(texts).encode()),
    "gzip of gzip": lambda texts: gzip.compress(gzip.compress("\n".join(texts).encode())),
    "side by side": lambda texts: "".join(texts).encode(),
    "envelope": wrapped,
    "console": table,
}


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the key in force where the function has it, and that of former times beside it."""
    monkeypatch.setenv("AUDIT_HASH_KEY", KEY)
    monkeypatch.setenv("FORMER", FORMER_KEY)


def ask(verb: str, path: Path, *options: str) -> int:
    """Run one of the two commands over a folder."""
    kept = ["--log-days", "365", "--replaced-days", "30"] if verb == "erase" else []
    return main([verb, "--logs", str(path), *kept, *options])


def left_in(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a folder as monitoring reads them, without what their envelope says."""
    return [{k: v for k, v in one.items() if k != "_ecrit"} for one in read_lines([path], LineTally())]


@pytest.mark.parametrize("carried", CARRIED)
def test_erasure_takes_one_person_and_nothing_else(carried: str, tmp_path: Path) -> None:
    """However lines are carried: the person's at that partner go, and every other one is read as before."""
    (tmp_path / "log.gz").write_bytes(CARRIED[carried](TEXTS))
    status = ask("erase", tmp_path, "--identifier", " Zoe\u0301 1", "--partner", ALICE, "--confirm")

    assert status == 0
    assert left_in(tmp_path) == [one for place, one in enumerate(LINES) if place not in OF_ZOE]
    assert ask("erase", tmp_path, "--identifier", "Zoé 1", "--partner", ALICE, "--confirm") == 0
    assert len(left_in(tmp_path)) == len(LINES) - len(OF_ZOE)


def test_nothing_is_erased_without_a_confirmation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same is told, and every file stays as it is to the byte."""
    (tmp_path / "log.jsonl").write_bytes(CARRIED["plain"](TEXTS))
    status = ask("erase", tmp_path, "--identifier", "Zoé 1", "--partner", ALICE)
    told = capsys.readouterr().out

    assert status == 0
    assert (tmp_path / "log.jsonl").read_bytes() == CARRIED["plain"](TEXTS)
    assert "3 ligne(s) dans 1 fichier(s) : audit 2, score 1." in told
    assert "Rien n’a été effacé : relancer avec --confirm." in told


def test_files_without_the_person_are_not_touched(tmp_path: Path) -> None:
    """Their bytes and their time stay: a synchronisation sends back what was erased alone."""
    other = tmp_path / "other.jsonl"
    other.write_bytes(b'{"evenement": "audit",  "id_requete": "x"}\r\n\r\n{half')
    before = other.stat().st_mtime_ns, other.stat().st_ino
    (tmp_path / "log.jsonl").write_bytes(CARRIED["plain"](TEXTS))
    ask("erase", tmp_path, "--identifier", "Zoé 1", "--partner", ALICE, "--confirm")

    assert (other.stat().st_mtime_ns, other.stat().st_ino) == before


def test_record_without_an_identifier_is_found_by_its_receipt(tmp_path: Path) -> None:
    """What the reply carries leads to the record and to the line of its request, and not to a longer number."""
    (tmp_path / "log.jsonl").write_bytes(CARRIED["plain"](TEXTS))
    out = tmp_path / "out" / "person.jsonl"
    status = ask("find", tmp_path / "log.jsonl", "--request", "r4", "--out", str(out))

    assert status == 0
    assert [json.loads(line) for line in out.read_text().splitlines()] == [LINES[10], LINES[11]]


def test_receipt_of_a_batch_is_nobodys_until_a_place_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The batch's own lines are of others as well: its receipt alone erases nothing, one of its places that record."""
    (tmp_path / "log.jsonl").write_bytes(CARRIED["plain"](TEXTS))
    status = ask("erase", tmp_path, "--request", "r3", "--confirm")

    assert status == 0
    assert "r3 est le reçu d’un lot, de plusieurs personnes : nommer la demande, r3/PLACE." in capsys.readouterr().out
    assert left_in(tmp_path) == LINES
    ask("erase", tmp_path, "--request", "r3/1", "--confirm")
    assert left_in(tmp_path) == [*LINES[:6], *LINES[7:]]


@pytest.mark.parametrize("partner", [[], ["--partner", "partenaire-c"]], ids=["none", "another"])
def test_who_asks_for_the_wrong_partner_is_not_told_that_there_is_nothing(
    partner: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Records that name their partners are all of others: the answer to the person would be false."""
    lines = [{**record("r1", "Zoé 1"), "partenaire": hashed(ALICE, KEY.encode())}]
    (tmp_path / "log.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in lines), encoding="utf-8")
    status = ask("erase", tmp_path, "--identifier", "Zoé 1", *partner, "--confirm")

    assert status == 2
    assert "MON927: no record is of this partner under this key" in capsys.readouterr().err
    assert ask("find", tmp_path, "--identifier", "Zoé 1", "--partner", ALICE) == 0


def test_records_under_a_former_key_are_found_with_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A key that was turned still names the people of its time."""
    (tmp_path / "log.jsonl").write_bytes(CARRIED["plain"](TEXTS))
    named = ["--identifier", "Zoé 1", "--partner", ALICE]
    ask("find", tmp_path, *named, "--key-env", "AUDIT_HASH_KEY", "--key-env", "FORMER")

    assert "4 ligne(s) dans 1 fichier(s)" in capsys.readouterr().out


def test_what_no_reader_understands_is_told_and_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A half-written record of the person, and a file that ends in the middle, are for a person to look at."""
    (tmp_path / "half.jsonl").write_text(f"{TEXTS[1]}\n{TEXTS[5][:-9]}\n", encoding="utf-8")
    packed = CARRIED["gzip"](TEXTS)
    (tmp_path / "cut.gz").write_bytes(packed[:-12])
    status = ask("erase", tmp_path, "--identifier", "Zoé 1", "--partner", ALICE, "--confirm")
    told = capsys.readouterr().out

    assert status == 1
    assert (tmp_path / "half.jsonl").read_text(encoding="utf-8") == f"{TEXTS[5][:-9]}\n"
    assert "half.jsonl, en un endroit illisible" in told
    assert "cut.gz est coupé et n’a pas été touché" in told
    assert (tmp_path / "cut.gz").read_bytes() == packed[:-12]


def test_erasure_says_until_when_the_rest_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Log groups drop lines by age alone: the day of the last one is told."""
    (tmp_path / "log.jsonl").write_bytes(CARRIED["plain"](TEXTS))
    proof = tmp_path / "proof" / "erasure.txt"
    ask("erase", tmp_path, "--identifier", "Zoé 1", "--partner", ALICE, "--out", str(proof))
    told = capsys.readouterr().out

    assert "la dernière en part d’elle-même le 2027-11-22" in told
    assert proof.read_text(encoding="utf-8") == told


@pytest.mark.parametrize(
    "named",
    [
        [],
        ["--identifier", " "],
        ["--request", ""],
        ["--identifier", "x" * 201],
        ["--identifier", "1", "--request", " "],
    ],
)
def test_nobody_is_erased_by_an_empty_name(
    named: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Records without an identifier are not those of an applicant who has none."""
    (tmp_path / "log.jsonl").write_bytes(CARRIED["plain"](TEXTS))

    assert ask("erase", tmp_path, *named, "--confirm") == 2
    assert capsys.readouterr().err.startswith("error MON927: ")
    assert left_in(tmp_path) == LINES


@pytest.mark.parametrize("variable", ["", "short"])
def test_identifier_needs_its_key(
    variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Under no key, or a mistyped one, nobody would be found, and that would be believed."""
    (tmp_path / "log.jsonl").write_bytes(CARRIED["plain"](TEXTS))
    monkeypatch.setenv("AUDIT_HASH_KEY", variable)

    assert ask("find", tmp_path, "--identifier", "1") == 2
    assert "--identifier needs the key of the hashes" in capsys.readouterr().err
