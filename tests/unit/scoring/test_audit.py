"""The log: one JSON line a request, and no applicant in it."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest

from scoring.audit import configure_log, log_failure, log_refused_request, log_score

if TYPE_CHECKING:
    from collections.abc import Callable

Line = dict[str, object]


def a_score() -> None:
    """Log one decision."""
    log_score(
        request_id="r-1",
        version="modele:7",
        decision="accepte",
        default_probability=0.12345678,
        n_missing=2,
        latency_ms=1.23456,
    )


@pytest.fixture
def raised() -> Callable[[Exception, Exception | None], Exception]:
    """Return an error as it is after it was raised, from another one or not."""

    def raise_it(error: Exception, cause: Exception | None) -> Exception:
        try:
            raise error from cause  # noqa: TRY301  raising here is the point
        except Exception as caught:  # noqa: BLE001  whatever it is, it is the one given
            return caught

    return raise_it


def test_log_score_says_what_was_decided(logged: list[Line]) -> None:
    """A line has the id, version, decision, probability, missing values and latency, and nothing more."""
    a_score()

    assert logged == [
        {
            "niveau": "INFO",
            "evenement": "score",
            "id_requete": "r-1",
            "version_modele": "modele:7",
            "classe": "accepte",
            "probabilite_de_defaut": 0.123457,
            "valeurs_manquantes": 2,
            "latence_ms": 1.235,
        }
    ]


def test_log_refused_request_says_by_which_rules(logged: list[Line]) -> None:
    """A refused request is a warning with its status and codes."""
    log_refused_request(request_id="r-1", status=422, codes=["SCR101", "SCR103"])

    assert logged == [
        {
            "niveau": "WARNING",
            "evenement": "requete_refusee",
            "id_requete": "r-1",
            "statut": 422,
            "codes": ["SCR101", "SCR103"],
        }
    ]


def test_log_failure_says_what_failed_and_where(
    logged: list[Line], raised: Callable[[Exception, Exception | None], Exception]
) -> None:
    """A failure is an error with its code, its kind and the calls that led to it."""
    log_failure(request_id="r-1", code="SCR500", error=raised(KeyError("x"), None))
    (line,) = logged
    (failure,) = line.pop("erreurs")

    assert line == {"niveau": "ERROR", "evenement": "erreur", "id_requete": "r-1", "code": "SCR500"}
    assert failure["type"] == "KeyError"
    assert failure["pile"][-1].split(":")[0].endswith("test_audit.py")
    assert failure["pile"][-1].endswith(" raise_it")


def test_log_failure_tells_what_an_error_came_from(
    logged: list[Line], raised: Callable[[Exception, Exception | None], Exception]
) -> None:
    """The cause stands after the error, and its own cause after that."""
    cause = raised(ValueError("b"), raised(KeyError("c"), None))
    log_failure(request_id="r-1", code="SCR500", error=raised(RuntimeError("a"), cause))

    assert [one["type"] for one in logged[0]["erreurs"]] == ["RuntimeError", "ValueError", "KeyError"]


def test_log_failure_tells_during_what_an_error_came_up(logged: list[Line]) -> None:
    """An error in the handling of another is told with it."""
    try:
        try:
            {}["c"]
        except KeyError:
            int("x")
    except ValueError as error:
        log_failure(request_id="r-1", code="SCR500", error=error)

    assert [one["type"] for one in logged[0]["erreurs"]] == ["ValueError", "KeyError"]


def test_log_failure_never_repeats_a_message(
    logged: list[Line], raised: Callable[[Exception, Exception | None], Exception]
) -> None:
    """A message may quote an applicant's value, the cause's as well."""
    log_failure(request_id="r-1", code="SCR500", error=raised(KeyError("SECRET"), ValueError("SECRET")))

    assert "SECRET" not in json.dumps(logged)


@pytest.mark.usefixtures("untouched_loggers")
def test_configured_log_writes_one_json_line_a_request(capsys: pytest.CaptureFixture[str]) -> None:
    """CloudWatch makes one event of a line; a failure is one line as well."""
    configure_log("INFO")
    a_score()
    log_failure(request_id="r-2", code="SCR500", error=KeyError("x"))

    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["id_requete"] for line in lines] == ["r-1", "r-2"]


@pytest.mark.usefixtures("untouched_loggers")
def test_configured_log_keeps_accents(capsys: pytest.CaptureFixture[str]) -> None:
    """What people read is not escaped."""
    configure_log("INFO")
    log_refused_request(request_id="numéro", status=404, codes=[])

    assert "numéro" in capsys.readouterr().out


@pytest.mark.usefixtures("untouched_loggers")
def test_configured_log_leaves_out_what_is_below_its_level(capsys: pytest.CaptureFixture[str]) -> None:
    """With WARNING, decisions are not logged and refused requests are."""
    configure_log("WARNING")
    a_score()
    log_refused_request(request_id="r-2", status=404, codes=["SCR404"])

    assert [json.loads(line)["evenement"] for line in capsys.readouterr().out.splitlines()] == ["requete_refusee"]


@pytest.mark.usefixtures("untouched_loggers")
def test_configured_log_can_be_configured_again(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """A second configuration replaces the first, and no other logger repeats a line."""
    configure_log("INFO")
    configure_log("INFO")
    a_score()

    assert (len(capsys.readouterr().out.splitlines()), caplog.records) == (1, [])


@pytest.mark.usefixtures("untouched_loggers")
def test_configured_log_keeps_mangum_from_repeating_a_failure() -> None:
    """Mangum would log an exception with its message, which may quote a value."""
    configure_log("DEBUG")

    assert not logging.getLogger("mangum.http").isEnabledFor(logging.ERROR)
