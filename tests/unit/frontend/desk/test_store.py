"""Decisions are kept, in SQLite and in PostgreSQL: by everybody who decides, once, and never in silence."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from frontend.desk.cases import State, Verdict
from frontend.desk.store import ConflictError, DecisionStore, StoreError
from tests.builders.cases import a_decision, a_new_case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIMIT = 500_000.0
START_SECONDS = 60


def open_store(url: str) -> DecisionStore:
    """Return a store with the limit of these tests."""
    return DecisionStore(url, four_eyes_amount=LIMIT)


def postgres_programs() -> Path | None:
    """Return where Debian keeps the server's programs, of the latest version that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    return found[-1].parent if found else None


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """Start a PostgreSQL server in a folder of its own and give the address of its database."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is absent; apt-get install postgresql")
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    # In a short place: the path of its socket has at most 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    if os.geteuid() == 0:
        shutil.chown(folder, user)

    def run(*command: object) -> None:
        # The server refuses to run as root.
        subprocess.run(
            [str(one) for one in command],
            check=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
            timeout=START_SECONDS,
            **({"user": user, "group": user, "extra_groups": []} if os.geteuid() == 0 else {}),
        )

    run(programs / "initdb", "-D", folder / "data", "-U", "desk", "--auth=trust", "--no-sync")
    options = f"-h 127.0.0.1 -p {port} -k {folder}"
    run(programs / "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w", "-o", options, "start")
    try:
        yield f"postgresql+psycopg://desk@127.0.0.1:{port}/postgres"
    finally:
        run(programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a database of each kind."""
    if request.param == "postgres":
        address: str = request.getfixturevalue("postgres")
        return address
    return f"sqlite:///{tmp_path / 'decisions.db'}"


@pytest.fixture
def number() -> str:
    """Return a client that no other test knows: PostgreSQL serves them all."""
    return uuid.uuid4().hex


def test_a_decision_survives_everybody_leaving(url: str, number: str) -> None:
    """What one session decided, another finds: proposal, decision, reason and comment."""
    case = open_store(url).open(a_new_case(number=number))
    open_store(url).decide(case, a_decision(Verdict.REFUSE, key=number, comment="Conforme."))

    found = open_store(url).case(case.id)

    assert found.state is State.DECIDED
    assert found.decisions == (a_decision(Verdict.REFUSE, key=number, comment="Conforme."),)
    assert found.answer == case.answer
    assert replace(found, decisions=(), state=case.state, version=case.version) == case
    assert found.id in {one.id for one in open_store(url).decided()}
    assert found.id not in {one.id for one in open_store(url).waiting()}


def test_two_signatures_in_two_sessions(url: str, number: str) -> None:
    """A grant against a proposed refusal waits for another person, then counts as an override with two signatures."""
    store = open_store(url)
    case = store.open(a_new_case(number=number))

    waiting = store.decide(case, a_decision(Verdict.GRANT, key=f"{number}1", reason="D05", comment="Caution."))
    done = store.decide(waiting, a_decision(Verdict.GRANT, key=f"{number}2", officer="Bo", reason="D05", comment="Vu."))

    assert waiting.state is State.TO_COUNTERSIGN
    assert (done.state, done.is_override, done.countersigned) == (State.DECIDED, True, True)


def test_of_two_officers_at_one_case_one_decides(url: str, number: str) -> None:
    """Whoever comes second is told, sees what was decided, and has overwritten nothing."""
    store = open_store(url)
    case = store.open(a_new_case(number=number))
    store.decide(case, a_decision(Verdict.REFUSE, key=f"{number}1"))

    with pytest.raises(ConflictError) as conflict:
        open_store(url).decide(case, a_decision(Verdict.REFUSE, key=f"{number}2", officer="Bo"))

    assert [one.officer for one in conflict.value.case.decisions] == ["Ada"]


def test_at_the_same_moment_one_decides(url: str, number: str) -> None:
    """Of many who sign at once, exactly one decision stands."""
    case = open_store(url).open(a_new_case(number=number))

    def sign(place: int) -> bool:
        try:
            open_store(url).decide(case, a_decision(Verdict.REFUSE, key=f"{number}{place}", officer=f"Agent {place}"))
        except StoreError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        signed = list(pool.map(sign, range(8)))

    assert sum(signed) == len(open_store(url).case(case.id).decisions) == 1


def test_a_signature_that_is_sent_again_counts_once(url: str, number: str) -> None:
    """Where the connection was lost after the decision arrived, sending it again finds it there."""
    store = open_store(url)
    case = store.open(a_new_case(number=number))
    decision = a_decision(Verdict.REFUSE, key=number)

    first, again = store.decide(case, decision), store.decide(case, decision)

    assert first == again
    assert len(again.decisions) == 1


def test_a_new_proposal_replaces_one_that_nobody_decided(url: str, number: str) -> None:
    """The queue has one case a client; what somebody signed is never replaced."""
    store = open_store(url)
    first = store.open(a_new_case(number=number))
    second = store.open(a_new_case(number=number))
    signed = store.decide(second, a_decision(Verdict.GRANT, key=number, reason="D05", comment="Caution."))
    third = store.open(a_new_case(number=number))

    states = [store.case(one.id).state for one in (first, signed, third)]

    assert states == [State.REPLACED, State.TO_COUNTERSIGN, State.TO_DECIDE]


def test_a_database_that_may_only_be_read_is_told(tmp_path: Path) -> None:
    """Nothing is kept, and the reader learns why; what is there can still be read."""
    path = tmp_path / "decisions.db"
    case = open_store(f"sqlite:///{path}").open(a_new_case())
    reading = open_store(f"sqlite:///file:{path}?mode=ro&uri=true")

    with pytest.raises(StoreError, match=r"desk\.read_only"):
        reading.decide(case, a_decision(Verdict.REFUSE))

    assert open_store(f"sqlite:///{path}").case(case.id) == case


def lost_folder(folder: Path) -> str:
    """Return the address of a database in a folder that is not there."""
    return f"sqlite:///{folder / 'absent' / 'decisions.db'}"


def nobody_listens(_: Path) -> str:
    """Return the address of a server that is not there."""
    return "postgresql+psycopg://desk@127.0.0.1:9/postgres?connect_timeout=2"


@pytest.mark.parametrize("address", [lost_folder, nobody_listens])
def test_a_database_that_is_gone_is_told(address: Callable[[Path], str], tmp_path: Path) -> None:
    """A database that does not answer is one sentence, never a stack."""
    with pytest.raises(StoreError, match=r"desk\.gone"):
        open_store(address(tmp_path)).open(a_new_case())


@pytest.mark.parametrize("address", ["decisions.db", "nothing://here", "oracle+absent://x"])
def test_an_address_that_nothing_speaks_to_is_told(address: str) -> None:
    """A wrong setting is told when the store is opened."""
    with pytest.raises(StoreError, match=r"desk\.bad_address"):
        open_store(address)
