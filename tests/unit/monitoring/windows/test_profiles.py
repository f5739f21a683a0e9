"""Promises about the profile of all requests: what the function counts is what the reference was counted by."""

from __future__ import annotations

import json
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
    from collections.abc import Sequence
    from pathlib import Path

OPENED = Bundle.open(BUNDLE)
SERVICE = ScoringService.of(OPENED)
OPTIONAL = next(item.name for item in OPENED.contract.inputs if not item.required)


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
            expected = np.delete(count_categories(bins, by_value), -2)
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
