"""Promises about the profile of all requests: what the function counts is what the reference was counted by."""

from __future__ import annotations

import json
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from delivery.paths import BUNDLE
from metrics.bins import count_categories, count_numbers
from metrics.values import NotApplicable
from monitoring.windows.profiles import ProfileReader
from monitoring.windows.service_log import read_service
from scoring import profile
from scoring.bundle import Bundle
from scoring.log_lines import EVENT, SEAL, Event
from scoring.profile import FEWEST, MOST, Profiler
from scoring.service import ScoringService

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

OPENED = Bundle.open(BUNDLE)
SERVICE = ScoringService.of(OPENED)
OPTIONAL = next(item.name for item in OPENED.contract.inputs if not item.required)
NUMBERS = [item for item in OPENED.contract.inputs if item.kind == "number"]


def applications() -> list[dict[str, Any]]:
    """Return the golden applications, one in three silent about an input and one in three declaring it absent."""
    golden = [dict(one["application"]) for one in OPENED.golden]
    for place, one in enumerate(golden):
        if place % 3 == 0:
            one.pop(OPTIONAL, None)
        elif place % 3 == 1:
            one[OPTIONAL] = None
    return golden


def lines(sent: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the lines that a function leaves which scores these applications, one by one."""
    profiler, found = Profiler(OPENED.contract), []
    for one in sent:
        told = profiler.add([one], [SERVICE.score(one)])
        found += [] if told is None else [{EVENT: Event.PROFILE, SEAL: OPENED.seal, **told}]
    return json.loads(json.dumps(found))


@pytest.fixture
def sent() -> list[dict[str, Any]]:
    """Return as many applications as two lines tell of."""
    golden = applications()
    return [golden[place % len(golden)] for place in range(2 * MOST)]


def test_lines_add_up_to_the_counts_of_the_reference(sent: list[dict[str, Any]]) -> None:
    """Every bin of every input and of the probability is counted as the contract's reference is."""
    reader = ProfileReader(OPENED)
    for line in lines(sent):
        reader.take(line)
    found = reader.found

    assert (found.lines, found.n_applications) == (2, len(sent))
    for item in OPENED.contract.inputs:
        bins, values = OPENED.contract.reference.inputs[item.name], [one.get(item.name) for one in sent]
        if bins.kind == "category":
            by_value = {value: values.count(value) for value in set(values)}
            counted = count_categories(bins, by_value)
            expected = np.append(np.bincount(item.told_cells, weights=counted[:-2]), counted[-1])
        else:
            expected = count_numbers(bins, np.array(values, float))
        assert found.counts[item.name].tolist() == expected.tolist(), item.name
    probability = np.array([SERVICE.score(one).default_probability for one in sent])
    expected = count_numbers(OPENED.contract.reference.probability, probability)[:-1]
    assert found.probability_counts.tolist() == expected.tolist()
    silent = sum(OPTIONAL not in one for one in sent)
    assert found.left_out[OPTIONAL] == silent
    assert found.declared(OPTIONAL) == sum(one.get(OPTIONAL) is None for one in sent) - silent


def test_a_batch_counts_as_its_applications_do(sent: list[dict[str, Any]]) -> None:
    """One by one or together: the same counts."""
    profiler = Profiler(OPENED.contract)
    together = profiler.add(sent[:MOST], SERVICE.score_many(sent[:MOST]))  # type: ignore[arg-type]  # all can be judged

    (alone,) = lines(sent[:MOST])
    assert together is not None
    assert json.loads(json.dumps(together))["variables"] == alone["variables"]


def test_no_line_tells_of_a_few(sent: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it has been, what fewer had in common is kept back; with enough, an old count is written."""
    moments = iter(range(0, 10_000_000, 100_000))
    monkeypatch.setattr(profile.time, "time", lambda: float(next(moments)))
    profiler = Profiler(OPENED.contract)
    told = [profiler.add([one], [SERVICE.score(one)]) for one in sent[: 2 * FEWEST]]

    assert [place + 1 for place, one in enumerate(told) if one] == [FEWEST, 2 * FEWEST]


def held_by(thing: object, seen: set[int] | None = None) -> Iterator[object]:
    """Walk through everything that an object holds, but for the contract."""
    seen = set() if seen is None else seen
    if id(thing) in seen or thing is OPENED.contract:
        return
    seen.add(id(thing))
    yield thing
    if isinstance(thing, dict):
        parts: list[object] = [*thing, *thing.values()]
    elif isinstance(thing, list | tuple | set):
        parts = list(thing)
    elif isinstance(thing, np.ndarray):
        parts = thing.ravel().tolist()
    else:
        parts = [getattr(thing, name) for name in (*getattr(thing, "__slots__", ()), *getattr(thing, "__dict__", ()))]
    for part in parts:
        yield from held_by(part, seen)


def test_nothing_of_an_application_is_kept(sent: list[dict[str, Any]]) -> None:
    """Between two lines the function holds counts: no value of an application, and no application."""
    marked = sent[0] | {item.name: 1234.5 for item in NUMBERS}
    scored = replace(SERVICE.score(sent[0]), default_probability=0.123456789)
    profiler = Profiler(OPENED.contract)
    assert profiler.add([marked], [scored]) is None

    held = list(held_by(profiler))

    assert any(isinstance(one, np.integer | int) and one == 1 for one in held)
    assert not any(one is marked or one is scored for one in held)
    assert not any(isinstance(one, float) and one in {1234.5, 0.123456789} for one in held)


def test_rare_categories_are_one_cell(sent: list[dict[str, Any]]) -> None:
    """A line cannot tell which of the categories that next to nobody has an application had."""
    item = next(one for one in OPENED.contract.inputs if len(one.rare) > 1)
    scored, told = SERVICE.score(sent[0]), []
    for category in item.rare:
        line = Profiler(OPENED.contract).add([sent[0] | {item.name: category}] * MOST, [scored] * MOST)
        assert line is not None
        told.append(line["variables"][item.name])

    assert told[0][-2] == MOST
    assert all(one == told[0] for one in told)


def test_counting_takes_little_beside_scoring(sent: list[dict[str, Any]]) -> None:
    """Counted at once, an application takes a small part of what its score takes; both are timed in turn."""
    profiler, scored = Profiler(OPENED.contract), SERVICE.score(sent[0])
    counting, scoring = [], []
    for one in sent[:40]:
        start = perf_counter()
        profiler.add([one], [scored])
        counting.append(perf_counter() - start)
        start = perf_counter()
        SERVICE.score(one)
        scoring.append(perf_counter() - start)

    assert min(counting) < min(scoring) / 4


def test_a_line_is_small_and_holds_no_value(sent: list[dict[str, Any]]) -> None:
    """Counts alone, in a few kilobytes for hundreds of applications."""
    (line, _) = lines(sent)

    assert len(json.dumps(line)) < 6_000
    assert all(isinstance(n, int) for counts in line["variables"].values() for n in counts)


def test_a_broken_line_costs_itself(sent: list[dict[str, Any]], tmp_path: Path) -> None:
    """Counts that do not add up, or of another bundle, are left out; the share that was counted is told."""
    first, second = lines(sent)
    other, broken = second | {SEAL: "0" * 64}, second | {"demandes": 7}
    score = {EVENT: Event.SCORE, SEAL: OPENED.seal, "classe": "accepte", "latence_ms": 1.0}
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in [first, other, broken, *[score] * 2 * MOST]), "utf-8")

    found = read_service([path], bundle=OPENED)

    assert not isinstance(found.profile, NotApplicable)
    assert (found.profile.n_applications, found.profile.coverage) == (MOST, 0.5)
    assert not isinstance(found.health, NotApplicable)
    assert found.health.unreadable_lines == 1
