"""Who is at work is named, or told how to be."""

from __future__ import annotations

import os

import pytest

from commandline.person import NamelessError, person


def test_a_user_without_a_name_is_told_to_give_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container that runs under a number alone; a name in the environment is taken."""
    for name in ("GITHUB_ACTOR", "LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 54_321)

    with pytest.raises(NamelessError, match="set LOGNAME"):
        person()
    monkeypatch.setenv("LOGNAME", "Alix")
    assert person() == "Alix"
