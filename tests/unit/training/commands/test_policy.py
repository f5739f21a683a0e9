"""The command that seals rules: what it writes is in force, what does not hold together is one line."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from scoring.policy import parse_policy, policy_bytes
from scoring.settings import DEFAULT_BUNDLE, DEFAULT_POLICY
from training.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

RULE = {
    "code": "P101",
    "kind": "exclusion",
    "holds_when": "AMT_CREDIT > 3000000",
    "sentence": {"fr": "Trop.", "en": "Too much."},
}
STAMP = {
    "version": "7",
    "author": "Alix",
    "approver": "Blaise",
    "reason": "seuil revu",
    "valid-from": "2026-12-01",
}


def seal(folder: Path, draft: object, **stamp: str) -> tuple[int, Path]:
    """Run the command on a draft; return its status and the file it was to write."""
    path, out = folder / "projet.json", folder / "regles.json"
    path.write_text(draft if isinstance(draft, str) else json.dumps(draft), encoding="utf-8")
    given = [word for name, value in (STAMP | stamp).items() for word in (f"--{name}", value)]
    return main(["policy", "--draft", str(path), "--bundle", str(DEFAULT_BUNDLE), *given, "--out", str(out)]), out


def a_draft(*rules: dict[str, Any], fields: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    """Return a draft of some rules."""
    return {"fields": list(fields), "rules": list(rules or (RULE,))}


def test_what_is_sealed_is_what_was_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Names, reason and days are in the file, and the seal that is printed is its own."""
    status, out = seal(tmp_path, a_draft(), **{"valid-until": "2027-06-30"})
    policy = parse_policy(out.read_bytes())

    assert status == 0
    assert policy.is_sealed
    assert (policy.version, policy.author, policy.approver, policy.reason) == ("7", "Alix", "Blaise", "seuil revu")
    assert (policy.valid_from, policy.valid_until) == (date(2026, 12, 1), date(2027, 6, 30))
    assert [rule.holds_when for rule in policy.rules] == [RULE["holds_when"]]
    assert policy.seal in capsys.readouterr().out


def test_rules_in_force_are_a_draft_of_the_next(tmp_path: Path) -> None:
    """A sealed file is taken for its fields and rules; stamped as it was, it is the same to the byte."""
    before = parse_policy(DEFAULT_POLICY.read_bytes())
    again = {name: str(getattr(before, name)) for name in ("version", "author", "approver", "reason")}
    status, out = seal(tmp_path, DEFAULT_POLICY.read_text("utf-8"), **again, **{"valid-from": str(before.valid_from)})

    assert status == 0
    assert out.read_bytes() == DEFAULT_POLICY.read_bytes() == policy_bytes(before)


@pytest.mark.parametrize(
    ("draft", "stamp", "told"),
    [
        ("{", {}, "is no draft"),
        ("[]", {}, "is no draft"),
        ({"rules": []}, {}, "is no draft"),
        (a_draft(RULE, RULE), {}, "the same code is given twice"),
        (a_draft(RULE, RULE | {"code": "P102"}), {}, "the same condition is given twice"),
        (a_draft(RULE | {"code": "X1"}), {}, "rules.0.code"),
        (a_draft(RULE | {"kind": "refus"}), {}, "rules.0.kind"),
        (a_draft(RULE | {"holds_when": "AMT_NOBODY > 1"}), {}, "there is no field AMT_NOBODY"),
        (a_draft(RULE | {"holds_when": "open('x')"}), {}, "is no condition"),
        (a_draft(RULE | {"effet": "refuse"}), {}, "rules.0.effet"),
        (a_draft(), {"approver": " ALIX"}, "author and approver are two people"),
        (a_draft(), {"approver": "  "}, "approver: "),
        (a_draft(), {"reason": ""}, "reason"),
        (a_draft(), {"valid-until": "2026-11-30"}, "valid_until is before valid_from"),
    ],
)
def test_what_does_not_hold_together_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], draft: object, stamp: dict[str, str], told: str
) -> None:
    """The line names the file and the place, nothing is written."""
    status, out = seal(tmp_path, draft, **stamp)
    (line,) = capsys.readouterr().err.splitlines()

    assert status != 0
    assert line.startswith("error TRN187")
    assert told in line
    assert not out.exists()
