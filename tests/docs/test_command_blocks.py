"""Every command a reader may copy is executed by a test, or listed with the reason why none does."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from commandline.commands import parser_of
from delivery.paths import ROOT, SAM_PYTHON
from tests.docs.command_blocks import commands_of, found_commands, listed_commands, pages
from tests.e2e.page_driver import free_port

if TYPE_CHECKING:
    from pathlib import Path

HERE = "tests/docs/test_command_blocks.py::test_command_runs"
OF_A_ROOM = re.compile(r"^(?:\.venv-spark/bin/)?python -m (training|monitoring|documents) (.+)$")
VERB = re.compile(r"make (?!\.)([^&]+)")
COMMANDS = sorted({command.text for command in found_commands()})
START_SECONDS = 120
STOP_SECONDS = 60


def test_every_command_is_listed_and_none_is_listed_that_is_gone() -> None:
    """The list is exactly what stands in the command blocks of README and docs, page by page."""
    listed = Counter(one.command for one in listed_commands())

    assert [command for command, times in listed.items() if times > 1] == []
    assert set(found_commands()) == set(listed), "mend tests/docs/command_blocks.toml"


def test_the_way_back_is_told_in_one_place() -> None:
    """In an incident nobody compares recipes: the runbook has the commands, every other page a link to them."""
    going_back = re.compile(r"training rollback --reason|rollback ENVIRONMENT=|REASON=\S.* make rollback|update-alias")

    pages_with_them = {page.name for page in pages() if going_back.search(page.read_text(encoding="utf-8"))}

    assert pages_with_them == {"exploitation.md"}


def test_every_command_has_a_test_or_a_reason() -> None:
    """Never both, never neither; and a reason is a sentence, not a word."""
    assert [one for one in listed_commands() if bool(one.executed_by) == bool(one.reason)] == []
    assert [one for one in listed_commands() if one.reason and len(one.reason.split()) < 5] == []


def test_tests_that_are_named_exist_and_call_the_command() -> None:
    """A test that was renamed, or that no longer names the command of the room, shows here."""
    wrong = []
    for one in listed_commands():
        path, _, name = one.executed_by.partition("::")
        if not one.executed_by:
            continue
        text = (ROOT / path).read_text(encoding="utf-8") if (ROOT / path).is_file() else ""
        room = OF_A_ROOM.match(one.command.text)
        is_named = room is None or re.search(rf"[\"' ]{room[2].split()[0]}[\"' ]", text)
        wrong += [] if f"def {name}(" in text and (is_named or path in HERE) else [one]

    assert wrong == []


@pytest.mark.parametrize("text", [text for text in COMMANDS if OF_A_ROOM.match(text)])
def test_command_of_a_room_is_accepted_by_its_parser(text: str) -> None:
    """No option of a page has been renamed or dropped."""
    found = OF_A_ROOM.match(text)
    assert found is not None
    words = shlex.split(found[2])
    parser = partial(parser_of, found[1], import_module(f"{found[1]}.commands").COMMANDS)
    if words[-1] == "--help":
        words = words[:-1]
        with pytest.raises(SystemExit, match="0"):
            parser(words).parse_args([*words, "--help"])
    else:
        parser(words).parse_args(words)


@pytest.mark.parametrize("text", [text for text in COMMANDS if VERB.search(text)])
def test_verb_is_one_of_make(text: str) -> None:
    """`make` knows each verb of a page and resolves what it would run."""
    for given in VERB.findall(text):
        done = subprocess.run(
            ["make", "--dry-run", *given.split()], cwd=ROOT, capture_output=True, text=True, check=False
        )

        assert done.returncode == 0, done.stderr
        assert done.stdout


@pytest.mark.parametrize("text", sorted({one.command.text for one in listed_commands() if one.executed_by == HERE}))
def test_command_runs(text: str, tmp_path: Path) -> None:
    """The command, copied as it stands, runs in a folder that holds what the repository does."""
    for name in ("lambda", "scripts", "template.yaml", SAM_PYTHON.parents[1].name):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "docs").mkdir()
    if text.startswith(SAM_PYTHON.parents[1].name) and not SAM_PYTHON.exists():
        pytest.skip("the SAM CLI's environment is not on this machine")
    path = f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}"  # noqa: PTH120  the link itself, not its target
    done = subprocess.run(
        ["bash", "-c", text], cwd=tmp_path, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.mark.e2e
@pytest.mark.skipif(shutil.which("make") is None, reason="make is not on this machine")
def test_make_ui_starts_api_and_page() -> None:
    """`make ui` answers on both ports, and one signal stops both."""
    api, page = free_port(), free_port()
    addresses = (f"http://127.0.0.1:{api}/health", f"http://127.0.0.1:{page}/_stcore/health")
    environment = {name: value for name, value in os.environ.items() if name != "API_URL"}
    with subprocess.Popen(
        ["make", "ui"],
        cwd=ROOT,
        env=environment | {"API_PORT": str(api), "UI_PORT": str(page)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as both:
        try:
            started = [_within(START_SECONDS, address, answers=True) for address in addresses]
        finally:
            os.killpg(both.pid, signal.SIGINT)
            both.wait(timeout=STOP_SECONDS)

    assert started == [True, True]
    assert [_within(STOP_SECONDS, address, answers=False) for address in addresses] == [True, True]


def _within(seconds: float, address: str, *, answers: bool) -> bool:
    """Wait until an address answers, or until it no longer does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if _answers(address) == answers:
            return True
        time.sleep(0.2)
    return False


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=5).close()  # noqa: S310  the loopback
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
    return True


def test_commands_are_found_in_all_forms() -> None:
    """Comments go, continued lines are joined, a program counts once, other blocks count for nothing."""
    shell = "```bash\nmake a \\\n  B=1  # why\n\n# alone\nmake c\n```\n"
    text = f"{shell}```json\n{{}}\n```\n```python\nimport os\nprint(1)\n```\n"

    assert commands_of(text) == ["make a B=1", "make c", "import os"]
