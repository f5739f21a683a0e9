"""Promises about the service's indicators, from lines that the API's own request log writes."""

from __future__ import annotations

import gzip
import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from delivery.paths import BUNDLE
from metrics.values import NotApplicable
from monitoring.errors import MonitoringError
from monitoring.windows.audit_records import Period
from monitoring.windows.service_log import Latency, ServiceHealth, read_service
from scoring.bundle import Bundle
from scoring.log_lines import REFUSED_FIELDS, Event
from scoring.request_log import LOGGER_NAME, RequestLog

if TYPE_CHECKING:
    from collections.abc import Iterator

# Any will do: these logs hold no profile of all requests.
A_BUNDLE = Bundle.open(BUNDLE)


class _Kept(logging.Handler):
    """Keeps the lines of the request log."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture
def kept() -> Iterator[_Kept]:
    """Return what the journal writes, and give its logger back as it was."""
    logger, handler = logging.getLogger(LOGGER_NAME), _Kept()
    before, level = logger.handlers, logger.level
    logger.handlers = [handler]
    logger.setLevel("INFO")
    yield handler
    logger.handlers = before
    logger.setLevel(level)


@pytest.fixture
def log(kept: _Kept, tmp_path: Path) -> Path:
    """Return a file of what one version wrote: a start, 97 scores, a batch, a rejection and a failure."""
    written = RequestLog({"version_modele": "essai:7", "empreinte": "a"}, with_metrics=True)
    written.start({"audit": "on"})
    for place in range(97):
        told = {"classe": "refuse" if place < 20 else "accepte", "latence_ms": float(place)}
        written.answered(Event.SCORE, told, {"Latence": float(place)})
    batch = {"accepte": 7, "refuse": 3, "non_evaluees": 2, REFUSED_FIELDS: {"AMT_CREDIT": 2}, "latence_ms": 50.0}
    written.answered(Event.BATCH, batch, {"Latence": 50.0})
    written.refused(request_id="r", status=422, codes=["SCR101", "SCR102"], fields={"AMT_CREDIT": 1})
    written.failed(request_id="e", code="SCR500", error=ValueError("secret"))
    path = tmp_path / "log.gz"
    path.write_bytes(gzip.compress("\n".join([*kept.lines, "START RequestId: 1"]).encode()))
    return path


def health(log: Path) -> ServiceHealth:
    """Return the indicators of a file."""
    found = read_service([log], bundle=A_BUNDLE).health
    assert isinstance(found, ServiceHealth)
    return found


def test_availability_counts_failures_and_not_rejections(log: Path) -> None:
    """A request that breaks the contract is the sender's; one that meets an error is the service's."""
    (day,) = health(log).days

    assert day.requests == 100
    assert day.availability == pytest.approx(0.99)
    assert day.failures == {"SCR500": 1}
    assert day.rejections == {"422": 1}
    assert day.rejection_codes == {"SCR101": 1, "SCR102": 1}


def test_refusals_and_latency_are_of_scored_applications(log: Path) -> None:
    """A batch counts its applications, and once for the time it took."""
    found = health(log)
    (day,) = found.days

    assert (day.applications, day.refusal_rate) == (107, pytest.approx(23 / 107))
    assert isinstance(day.latency, Latency)
    assert day.latency.p50 == pytest.approx(48.5, abs=1)
    assert found.latency_p99_ms == day.latency.p99
    assert found.unreadable_lines == 1


def test_refusals_for_a_field_are_shares_of_all_applications(log: Path) -> None:
    """What is never scored leaves no record: its fields are counted over scored and refused applications."""
    found = health(log)

    assert found.applications == 110
    assert found.refused_share("AMT_CREDIT") == pytest.approx(3 / 110)
    assert found.refused_share("EXT_SOURCE_2") == 0


def test_starts_are_counted_by_version_and_day(log: Path) -> None:
    """The day comes from the metrics of a line; a cold start bears none, and has that of the request it made wait."""
    (day,) = health(log).days

    assert (day.version, day.cold_starts) == ("essai:7", 1)
    assert day.day.startswith("20")


def test_what_lambda_ends_is_a_failure(log: Path) -> None:
    """A function that ran out of time wrote no error itself: the platform's report says so."""
    lines = [
        {"time": "2026-11-21T10:00:00Z", "type": "platform.report", "record": {"status": "timeout"}},
        {"time": "2026-11-21T10:00:00Z", "type": "platform.restoreReport", "record": {"status": "success"}},
        {"time": "2026-11-21T10:00:00Z", "type": "platform.report", "record": {"status": "success"}},
    ]
    path = log.with_name("platform.jsonl")
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")

    (day,) = health(path).days

    assert (day.requests, day.failures, day.restores) == (1, {"plateforme:timeout": 1}, 1)
    assert day.day == "2026-11-21"
    assert isinstance(day.latency, NotApplicable)
    assert isinstance(day.refusal_rate, NotApplicable)


def test_a_file_of_others_is_refused(log: Path) -> None:
    """No line of the API is no service without requests."""
    path = log.with_name("other.log")
    path.write_text("hello\n", encoding="utf-8")

    with pytest.raises(MonitoringError, match="MON915"):
        read_service([path], bundle=A_BUNDLE, period=Period())


def test_audit_records_alone_say_nothing_of_the_service(log: Path) -> None:
    """They are lines of the API, so the report is made; how the service does cannot be told from them."""
    path = log.with_name("audit.jsonl")
    path.write_text(json.dumps({"evenement": "audit", "id_requete": "r-1"}), encoding="utf-8")

    found = read_service([path], bundle=A_BUNDLE).health

    assert isinstance(found, NotApplicable)
    assert "audit" in found.reason


def test_requests_of_another_period_are_not_called_absent(log: Path) -> None:
    """Records beside requests that all lie outside the period: nothing says that there were none."""
    outside = Period(until=datetime(2000, 1, 1, tzinfo=UTC))
    with log.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps({"evenement": "audit", "id_requete": "r-1"}) + "\n")

    with pytest.raises(MonitoringError, match="MON915"):
        read_service([log], bundle=A_BUNDLE, period=outside)


def test_the_queries_of_the_page_name_fields_that_are_written(kept: _Kept, log: Path) -> None:
    """Each field of a CloudWatch query in docs/monitoring.md occurs in the lines of the request log."""
    page = (Path(__file__).parents[4] / "docs" / "monitoring.md").read_text(encoding="utf-8")
    queries = page.partition("## Les requêtes CloudWatch")[2].partition("\n## ")[0]
    written = {name for line in kept.lines for name in json.loads(line)}
    fields = {"evenement", "version_modele", "latence_ms", "classe", "statut", "code", "Demandes", "Refus"}

    assert all(field in queries for field in fields)
    assert fields - {"Demandes", "Refus"} <= written
