"""Bodies are read in one pass where nothing is wrong with them, and that pass never says other than the long way."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest

from delivery.events import golden_applications
from delivery.paths import BUNDLE
from scoring.bundle import Bundle
from scoring.errors import InvalidApplicationError
from scoring.http import requests
from scoring.http.requests import ApplicationReader
from tests.attacks.fuzzing import LITERALS, Fuzzer

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.contract import Contract, Input

N_REQUESTS = 4_000
MOST_APPLICATIONS = 3
BATCH_ENDS = (
    b"", b',"identifiants":null', b',"identifiants":[]', b',"identifiants":["a"]', b',"identifiants":["a:b"]',
    b',"identifiants":[""]', b',"identifiants":[1]', b',"identifiants":["\\ud800"]', b',"autre":1', b',"demandes":[]',
)  # fmt: skip


def told(reader: ApplicationReader, body: bytes) -> tuple[object, object]:
    """Return what a body says as one application and as a batch: values, or every problem."""

    def said(read: Callable[[], object]) -> object:
        try:
            # Texts: a value that is not a number is not equal to itself, and 1 is not told from 1.0.
            return repr(read())
        except InvalidApplicationError as refused:
            return refused.status, repr(refused.problems)

    return said(lambda: reader.read(body)), said(lambda: reader.read_batch(body, limit=MOST_APPLICATIONS))


def both_ways(
    reader: ApplicationReader, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> tuple[tuple[object, object], tuple[object, object]]:
    """Return what is told of a body with the short way open, and with it closed."""
    short = told(reader, body)
    with monkeypatch.context() as closed:
        closed.setattr(requests, "_in_one_pass", lambda *_: None)
        return short, told(reader, body)


def test_broken_requests_are_told_alike_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fuzzer's bodies: same values to the last bit, same problems."""
    bundle = Bundle.open(BUNDLE)
    reader = ApplicationReader(bundle.contract)
    dossiers = [one["dossier"] for one in bundle.golden_dossiers]
    fuzzer = Fuzzer([one["application"] for one in golden_applications(BUNDLE)], dossiers, seed=11)
    bodies = [body for _ in range(N_REQUESTS) if (body := fuzzer.request().body) is not None]
    different = [body for body in bodies if len(set(both_ways(reader, body, monkeypatch))) > 1]

    assert different == []
    assert len(bodies) > N_REQUESTS / 2


def test_numbers_are_read_to_the_same_bit_both_ways(
    a_contract: Callable[..., Contract], an_input: Callable[..., Input], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any way of writing a number gives the nearest double, as Python's own reader does."""
    reader = ApplicationReader(a_contract(an_input("AMT_CREDIT", minimum=None, maximum=None)))
    draw = random.Random(5)  # noqa: S311  not for secrets

    def digits() -> str:
        return "".join(draw.choices("0123456789", k=draw.randint(1, 30)))

    numbers = [f"{draw.randint(0, 9)}.{digits()}e{draw.randint(-330, 310)}" for _ in range(3_000)]
    numbers += [repr(draw.uniform(-1, 1) * 10 ** draw.randint(-30, 30)) for _ in range(3_000)]
    different = [
        number
        for number in numbers
        if len(set(both_ways(reader, f'{{"AMT_CREDIT": {number}}}'.encode(), monkeypatch))) > 1
    ]

    assert different == []


@pytest.mark.parametrize("end", BATCH_ENDS)
@pytest.mark.parametrize("count", [0, 1, MOST_APPLICATIONS, MOST_APPLICATIONS + 1])
@pytest.mark.parametrize("kind", ["number", "flag", "category"])
def test_literals_are_told_alike_both_ways(
    a_contract: Callable[..., Contract],
    an_input: Callable[..., Input],
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    count: int,
    end: bytes,
) -> None:
    """For each kind of field, alone and in batches of every size: types, words that are no JSON, extremes."""
    categories = ("A", "B: C") if kind == "category" else ()
    reader = ApplicationReader(a_contract(an_input("X", kind=kind, categories=categories, required=False)))
    literals = (*LITERALS, "0", "1", "0.0", "1.0", "1e0", "2", *(json.dumps(one) for one in categories))
    applications = [f'{{"X": {literal}}}'.encode() for literal in literals]
    bodies = [b'{"demandes":[' + b",".join([one] * count) + b"]" + end + b"}" for one in applications]
    different = [body for body in (*applications, *bodies) if len(set(both_ways(reader, body, monkeypatch))) > 1]

    assert different == []
