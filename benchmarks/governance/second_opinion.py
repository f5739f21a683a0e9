"""How long a second opinion takes: a replay of recorded decisions, a challenger in the shadow, the lender's rules."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from mangum import Mangum
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from benchmarks.service.turns import alternate, quiet
from delivery.events import HttpRequest, rest_event
from delivery.paths import BUNDLE, POLICY
from scoring.bundle import Bundle
from scoring.http.app import open_app
from scoring.policy import PolicyBook, parse_policy
from scoring.records import SAMPLED, AuditRecord, answer_of, origin_of
from scoring.service import ScoringService
from scoring.settings import Settings
from training.bundle.candidate_replay import Candidate, replay_candidate

if TYPE_CHECKING:
    from benchmarks.service.turns import Contender
    from scoring.features import Value

RECORDS = 100_000
CALLS = 6_000
CALLS_A_TURN = 25
JUDGED = 20_000
# What the template proposes for a challenger that is on.
SHADOW_SHARE = 0.1
# A candidate that changes some decisions, so that the replay has something to tell.
THRESHOLD_RATIO = 0.5
AUDITED_SHARE = 0.1


def measure_governance(*, records: int = RECORDS, calls: int = CALLS, judged: int = JUDGED) -> dict[str, Any]:
    """Time each of them on the committed bundle and its golden applications."""
    bundle = Bundle.open(BUNDLE)
    applications = [one["application"] for one in bundle.golden]
    with threadpool_limits(1):
        return {
            "replay": _replay(bundle, applications, records),
            "shadow": _shadow(applications, calls),
            "rules": _rules(bundle, applications, judged),
        }


def _replay(bundle: Bundle, applications: list[dict[str, Value]], n_records: int) -> dict[str, Any]:
    """Replay records under another threshold; writing them is not in the time."""
    service = ScoringService.of(bundle)
    candidate = Candidate("candidate", service.under(threshold=service.rule.threshold * THRESHOLD_RATIO))
    with tempfile.TemporaryDirectory() as work:
        path = Path(work) / "records.jsonl"
        _write_records(path, service, bundle, applications, n_records)
        started = time.perf_counter()
        replay = replay_candidate(candidate, [path])
        seconds = time.perf_counter() - started
    return {
        "records": replay.everybody.n,
        "seconds": seconds,
        "records_a_second": replay.everybody.n / seconds,
        "changed_share": replay.everybody.changed_share,
    }


def _write_records(
    path: Path, service: ScoringService, bundle: Bundle, applications: list[dict[str, Value]], n_records: int
) -> None:
    """Write the records of the applications over and over, each under an identifier of its own."""
    records = [_record(service, bundle, application) for application in applications]
    with path.open("w", encoding="utf-8") as file:
        for number, record in enumerate(islice(cycle(records), n_records)):
            file.write(replace(record, id_requete=str(number)).line() + "\n")


def _record(service: ScoringService, bundle: Bundle, application: dict[str, Value]) -> AuditRecord:
    return AuditRecord(
        motif=SAMPLED,
        id_requete="",
        route="score",
        horodatage="2026-12-01T10:00:00.000+00:00",
        **origin_of(bundle, service.rule),
        seuil=service.rule.threshold,
        **answer_of(service.score(application, n_reasons=0)),
        demandeur=None,
        demande=application,
        part_auditee=AUDITED_SHARE,
    )


def _shadow(applications: list[dict[str, Value]], calls: int) -> dict[str, Any]:
    """Time requests with and without the same bundle in their shadow; the two take turns."""
    events = [rest_event(HttpRequest.post("/v1/score", application)) for application in applications]
    on = Settings(shadow_bundle_dir=BUNDLE, shadow_share=SHADOW_SHARE)
    with quiet():
        contenders = {"alone": _handler(Settings(), events), "with_shadow": _handler(on, events)}
        times = alternate(contenders, n_turns=max(1, calls // CALLS_A_TURN), calls_a_turn=CALLS_A_TURN)
    percentiles = {
        name: {f"p{share}": float(np.percentile(values, share)) for share in (50, 99)} for name, values in times.items()
    }
    alone, beside = percentiles["alone"], percentiles["with_shadow"]
    return {
        "calls": len(times["alone"]),
        "share": on.shadow_share,
        "budget": on.shadow_budget,
        **{f"{name}_ms": one for name, one in percentiles.items()},
        **{f"{share}_ratio": beside[share] / alone[share] for share in alone},
    }


def _handler(settings: Settings, events: list[dict[str, Any]]) -> Contender:
    handler = Mangum(open_app(settings), lifespan="off")
    return lambda index: handler(events[index % len(events)], None)  # type: ignore[arg-type]  # no context is read


def _rules(bundle: Bundle, applications: list[dict[str, Value]], judged: int) -> dict[str, Any]:
    """Hold the example rules against applications that give every field of theirs, one at a time."""
    policy = parse_policy(POLICY.read_bytes())
    book = PolicyBook(policy, bundle.contract)
    fields: dict[str, Value] = {field.name: field.minimum for field in book.fields}
    complete = [fields | application for application in applications]
    started = time.perf_counter()
    for application in islice(cycle(complete), judged):
        book.judge(application)
    milliseconds = (time.perf_counter() - started) * 1000
    return {
        "applications": judged,
        "rules": len(policy.rules),
        "rules_a_ms": judged * len(policy.rules) / milliseconds,
        "us_an_application": milliseconds * 1000 / judged,
    }
