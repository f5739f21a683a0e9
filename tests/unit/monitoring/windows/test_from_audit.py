"""Promises about audit records: whatever the files look like, the window is fair and everything left out is counted."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from metrics.values import Pair
from monitoring.config import MonitoringConfig
from monitoring.drift.measure import measure_drift
from monitoring.drift.partners import DeclarationMove, measure_partners
from monitoring.drift.predictions import PredictionDrift
from monitoring.errors import MonitoringError
from monitoring.report.summary_parts import reading_lines
from monitoring.windows.arrays import ArrayWindow, loaded
from monitoring.windows.audit_records import Absence, Period, WindowReading, read_audit
from monitoring.windows.from_audit import window_from_audit
from monitoring.windows.parquet import open_window
from monitoring.windows.predictions import Predictions
from scoring import log_lines, records
from scoring.bundle import Bundle
from scoring.log_lines import AUDITED_SHARE, EVENT, Event
from scoring.records import AuditRecord
from tests.unit.monitoring.builders import KINDS, THRESHOLD, default_probability, draw_window

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.monitoring.conftest import Bench

SEAL = "a" * 64
NOW = datetime(2024, 11, 21, 12, tzinfo=UTC)


def a_record(request: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401  any field of a record
    """Return the line of an audit record, as the function writes it."""
    record = AuditRecord(
        motif=records.SAMPLED,
        id_requete=request,
        route="score",
        horodatage=(NOW - timedelta(hours=1)).isoformat(),
        version_modele="essai:7",
        empreinte=SEAL,
        seuil_origine="contrat",
        cout_faux_negatif=10.0,
        cout_faux_positif=1.0,
        seuil=0.1,
        probabilite_de_defaut=0.2,
        marge=-1.4,
        valeur_de_base=-2.5,
        classe="refuse",
        couverture=1.0,
        revue_humaine=(),
        raisons=(),
        demandeur=None,
        demande={"AMT_CREDIT": 1000.0},
    )
    return json.loads(record.line()) | changes


def written(path: Path, *records: dict[str, Any]) -> Path:
    """Write records as JSON lines."""
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def read(path: Path, **options: Any) -> WindowReading:  # noqa: ANN401  options of read_audit
    """Read one file at the moment of these tests and tell how it was read."""
    return read_audit([path], seal=SEAL, now=NOW, **options)[0].reading


DECISIONS = ("accepte", "refuse")


def told(share: float) -> dict[str, float]:
    """Return what a record away from the threshold tells of the sample."""
    return {"part_auditee": share, "probabilite_inclusion": share}


def value_of(value: object) -> object:
    """Return a value as a request brings it."""
    return None if value != value else value  # noqa: PLR0124  NaN


def kept_decisions(path: Path) -> list[str]:
    """Return the decisions of the window that one file gives."""
    found, kept = read_audit([path], seal=SEAL, now=NOW)
    return [found.decisions[place] for place in kept]


def test_half_written_lines_are_counted_and_the_rest_is_read(tmp_path: Path) -> None:
    """A line that stops in the middle, and one of another program, cost only themselves."""
    path = written(tmp_path / "a.jsonl", a_record("1"), a_record("2"))
    path.write_text(path.read_text(encoding="utf-8") + 'INIT_START\n{"evenement":"aud', encoding="utf-8")

    reading = read(path)

    assert (reading.kept, reading.unreadable_lines) == (2, 2)


def test_a_cut_gzip_file_gives_what_it_holds(tmp_path: Path) -> None:
    """A stream that ends early is named, and what came before is read."""
    content = "".join(json.dumps(a_record(str(one))) + "\n" for one in range(2_000)).encode()
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(content)[:-2_000])

    reading = read(path)

    assert reading.cut_files == ["a.gz"]
    assert 0 < reading.kept < 2_000


def test_the_envelope_of_cloudwatch_is_opened(tmp_path: Path) -> None:
    """A subscription delivers log events in an envelope, several side by side on a line."""

    def envelope(*requests: str) -> str:
        events = [{"timestamp": 1, "message": json.dumps(a_record(one))} for one in requests]
        return json.dumps({"messageType": "DATA_MESSAGE", "logEvents": events})

    (tmp_path / "a.json").write_text(envelope("1", "2") + envelope("3"), encoding="utf-8")

    assert read(tmp_path / "a.json").kept == 3


def test_a_request_counts_once(tmp_path: Path) -> None:
    """A record delivered twice is one applicant; one that says something else is told apart."""
    path = written(tmp_path / "a.jsonl", a_record("1"), a_record("1"), a_record("1", classe="accepte"))

    reading = read(path)

    assert kept_decisions(path) == ["refuse"]
    assert (reading.duplicates, reading.contradictions) == (2, 1)


def test_other_bundles_are_named_and_left_out(tmp_path: Path) -> None:
    """What another version decided says nothing of this one."""
    other = a_record("2", empreinte="b" * 64, version_modele="essai:6")
    path = written(tmp_path / "a.jsonl", a_record("1"), other)

    assert read(path).other_versions == {"essai:6 (bbbbbbbb)": 1}
    with pytest.raises(MonitoringError, match=r"MON912.*essai:6"):
        read(written(tmp_path / "b.jsonl", other))


def test_the_future_and_the_unreadable_clock_are_left_out(tmp_path: Path) -> None:
    """A clock a little ahead is believed; one a day ahead, or without time zone, is not."""
    moments = [NOW + timedelta(minutes=1), NOW + timedelta(days=1), datetime(2024, 11, 21)]  # noqa: DTZ001  on purpose
    records = [a_record(str(place), horodatage=moment.isoformat()) for place, moment in enumerate(moments)]

    reading = read(written(tmp_path / "a.jsonl", *records, a_record("x", horodatage="hier")))

    assert (reading.kept, reading.clock_skew) == (1, 3)


def test_a_period_holds_its_beginning_and_not_its_end(tmp_path: Path) -> None:
    """Weeks side by side share no record."""
    start = NOW - timedelta(days=2)
    path = written(
        tmp_path / "a.jsonl",
        *(a_record(str(day), horodatage=(start + timedelta(days=day)).isoformat()) for day in range(3)),
    )

    reading = read(path, period=Period(start, start + timedelta(days=1)))

    assert (reading.kept, reading.outside_period) == (1, 2)
    with pytest.raises(MonitoringError, match="MON913"):
        read(path, period=Period(until=start))


@pytest.mark.parametrize("told", [True, False])
def test_records_near_the_threshold_do_not_weigh_more(told: bool, tmp_path: Path) -> None:  # noqa: FBT001  a case
    """All of the grey zone is on record, and a share of the rest: the window keeps that share of both."""
    requests = [str(one) for one in range(4_000)]
    grey = [a_record(one, motif=records.NEAR_THRESHOLD, classe="accepte") for one in requests[:2_000]]
    rest = [a_record(one) for one in requests[2_000:] if records.sampled(one, 0.2)]
    start = [{EVENT: Event.START, log_lines.SEAL: SEAL, AUDITED_SHARE: 0.2}] if told else []

    path = written(tmp_path / "a.jsonl", *start, *grey, *rest)
    found, kept = read_audit([path], seal=SEAL, now=NOW)
    weight = {word: found.weights[[place for place in kept if found.decisions[place] == word]] for word in DECISIONS}

    assert found.reading.least_share == pytest.approx(0.2, abs=0.005)
    assert (len(weight["accepte"]), len(weight["refuse"])) == (2_000, len(rest))
    assert weight["accepte"].sum() / found.weights.sum() == pytest.approx(0.5, abs=0.03)
    assert found.weights.max() == 1
    assert found.reading.stands_for == pytest.approx(4_000, rel=0.05)


def test_a_share_that_was_raised_does_not_weigh_the_end_of_the_period(tmp_path: Path) -> None:
    """A record weighs the inverse of the probability that it tells: every hour counts the same."""
    early = [a_record(f"e{one}", **told(0.1)) for one in range(8_000) if records.sampled(f"e{one}", 0.1)]
    late = [a_record(f"l{one}", classe="accepte", **told(1.0)) for one in range(2_000)]
    found, kept = read_audit([written(tmp_path / "a.jsonl", *early, *late)], seal=SEAL, now=NOW)
    accepted = np.array([decision == "accepte" for decision in found.decisions])

    assert len(kept) == len(early) + len(late)
    assert (found.reading.least_share, found.reading.largest_share) == (0.1, 1.0)
    assert found.weights[accepted].sum() / found.weights.sum() == pytest.approx(0.2, abs=0.03)
    assert found.reading.stands_for == pytest.approx(10_000, rel=0.1)
    assert "de 10,0" in " ".join(reading_lines(found.reading))


def test_weighted_shares_are_those_of_all_requests(bench: Bench, tmp_path: Path) -> None:
    """Refusal rate, mean probability, bins and medians of the audited window are those of the requests it came from."""
    columns = draw_window(20_000, seed=21)
    columns["SK_ID_CURR"] = np.arange(20_000)
    probability, bundle = default_probability(columns), Bundle.open(bench.bundle)
    near = np.abs(probability - THRESHOLD) < 0.02
    lines = [
        a_record(
            str(row),
            motif=records.NEAR_THRESHOLD if near[row] else records.SAMPLED,
            empreinte=bundle.seal,
            demande={name: value_of(columns[name][row]) for name in KINDS},
            seuil=THRESHOLD,
            probabilite_de_defaut=probability[row],
            classe="refuse" if probability[row] >= THRESHOLD else "accepte",
            part_auditee=0.2,
            probabilite_inclusion=1.0 if near[row] else 0.2,
        )
        for row in range(20_000)
        if near[row] or records.sampled(str(row), 0.2)
    ]
    source, reading = window_from_audit([written(tmp_path / "a.jsonl", *lines)], tmp_path / "w", bundle=bundle)
    with duckdb.connect() as database:
        window = loaded(open_window(database, source, bench.contract), bench.contract)
    whole = ArrayWindow(
        {name: columns[name] for name in KINDS}, Predictions(probability, probability >= THRESHOLD, None)
    )
    drift = measure_drift(bench.contract, whole, window, MonitoringConfig())

    assert near.mean() > 0.2
    assert reading.kept < 0.6 * 20_000
    assert isinstance(drift.predictions, PredictionDrift)
    assert abs(drift.predictions.refusal_rate_change) < 0.015
    assert drift.predictions.psi < 0.01
    assert drift.predictions.current.mean_probability.value == pytest.approx(probability.mean(), rel=0.03)
    assert max(item.psi for item in drift.inputs) < 0.01
    assert all(item.chances.psi > 0.001 for item in drift.inputs)


def test_a_partner_that_declares_more_is_told(bench: Bench, tmp_path: Path) -> None:
    """Beside the others and beside itself: a jump is an alarm, standing out is watched."""
    bundle, since = Bundle.open(bench.bundle), NOW - timedelta(days=7)

    def lines(partner: str, shares: tuple[float, float]) -> list[dict[str, Any]]:
        return [
            a_record(
                f"{partner}-{week}-{one}",
                empreinte=bundle.seal,
                partenaire=partner * 16,
                horodatage=(NOW - timedelta(days=10 - 7 * week)).isoformat(),
                demande={"AMT_CREDIT": 1.0, "EXT_SOURCE_2": None if one < share * 200 else 0.5},
            )
            for week, share in enumerate(shares)
            for one in range(200)
        ]

    path = written(tmp_path / "a.jsonl", *lines("p", (0.1, 0.1)), *lines("q", (0.1, 0.6)), *lines("r", (0.1, 0.1)))
    reading = read_audit([path], seal=bundle.seal, inputs=bench.contract.inputs, period=Period(since, NOW), now=NOW)[
        0
    ].reading
    first, *others = measure_partners(reading.declared, reading.declared_before, n_inputs=4)

    assert first.partner == "qqqqqqqq"
    for move in (first.beside_others, first.beside_before):
        assert isinstance(move, DeclarationMove)
        assert (move.name, move.share) == ("EXT_SOURCE_2", Pair(pytest.approx(0.1), pytest.approx(0.6)))
        assert move.p_value < 1e-9
    for one in others:
        assert isinstance(one.beside_before, DeclarationMove)
        assert one.beside_before.share.change == pytest.approx(0)


def test_cases_near_the_threshold_alone_are_no_window(tmp_path: Path) -> None:
    """With a share of nought the API keeps nothing else: that is not a hundred per cent of the requests."""
    grey = [a_record(str(one), motif=records.NEAR_THRESHOLD, part_auditee=0.0) for one in range(50)]

    with pytest.raises(MonitoringError, match=r"MON925.*AUDIT_SHARE=0"):
        read(written(tmp_path / "a.jsonl", *grey))
    with pytest.raises(MonitoringError, match="MON925"):
        read(written(tmp_path / "b.jsonl", *(one | {"part_auditee": None} for one in grey)))


def test_an_applicant_who_comes_back_counts_once(tmp_path: Path) -> None:
    """Simulations and second tries are one applicant, as last decided; without an identifier each request is one."""
    tries = [
        a_record(str(hour), demandeur="h", classe=classe, horodatage=(NOW - timedelta(hours=hour)).isoformat())
        for hour, classe in ((3, "refuse"), (1, "accepte"), (2, "refuse"))
    ]
    path = written(tmp_path / "a.jsonl", *tries, a_record("x"), a_record("y"))

    assert read(path).repeated_applicants == 2
    assert sorted(kept_decisions(path)) == ["accepte", "refuse", "refuse"]


def test_thresholds_that_were_imposed_are_told(tmp_path: Path) -> None:
    """What the environment decided at is not what the model was validated at."""
    imposed = a_record("1", seuil=0.15, seuil_origine="configuration")
    reading = read(written(tmp_path / "a.jsonl", imposed, a_record("2")))

    assert reading.overridden == {"0.15": 1}
    assert "0,1500 pour 50,0" in "".join(reading_lines(reading))


@pytest.mark.parametrize(
    "changes",
    [
        {"probabilite_de_defaut": "beaucoup"},
        {"probabilite_de_defaut": 1.5},
        {"seuil": [0.1]},
        {"classe": "peut-être"},
        {"part_auditee": "moitié"},
        {"demande": {"AMT_CREDIT": "cher"}},
        {"demande": {"NAME_INCOME_TYPE": 3}},
    ],
)
def test_one_bad_value_costs_its_own_record(changes: dict[str, Any], bench: Bench, tmp_path: Path) -> None:
    """It is counted as incomplete, and the rest is read."""
    path = written(tmp_path / "a.jsonl", a_record("1"), a_record("2") | changes)

    reading = read(path, inputs=bench.contract.inputs)

    assert (reading.kept, reading.incomplete) == (1, 1)


def test_what_is_declared_absent_and_what_is_left_out_are_counted_apart(bench: Bench, tmp_path: Path) -> None:
    """A null says there is none; a key that is not there says nothing."""
    given = [{"AMT_CREDIT": 1.0, "EXT_SOURCE_2": None}, {"AMT_CREDIT": 1.0}, {"AMT_CREDIT": 1.0, "EXT_SOURCE_2": 0.5}]
    path = written(tmp_path / "a.jsonl", *(a_record(str(place), demande=one) for place, one in enumerate(given)))

    absences = read(path, inputs=bench.contract.inputs).absences

    assert absences["EXT_SOURCE_2"] == Absence(declared=1, left_out=1)
    assert "AMT_CREDIT" not in absences


def test_a_window_begins_earlier_until_it_can_judge(bench: Bench, tmp_path: Path) -> None:
    """A lender with three requests a week is judged over the weeks it takes, and told so."""
    bundle, since = Bundle.open(bench.bundle), NOW - timedelta(days=7)
    moments = [NOW - timedelta(days=day) for day in range(1, 22, 2)]
    lines = [
        a_record(str(place), empreinte=bundle.seal, horodatage=moment.isoformat())
        for place, moment in enumerate(moments)
    ]
    path, period = written(tmp_path / "a.jsonl", *lines), Period(since, NOW)

    kept = [
        window_from_audit([path], tmp_path / str(wanted), bundle=bundle, period=period, wanted=wanted)[1]
        for wanted in (0, 4, 8, 100)
    ]

    assert [reading.kept for reading in kept] == [4, 4, 11, 11]
    assert [reading.widened_from for reading in kept] == ["", "", since.isoformat(), since.isoformat()]


def test_months_are_those_of_the_zone(bench: Bench, tmp_path: Path) -> None:
    """Half past eleven in the evening of the last day, in UTC, is the next month in Paris."""
    bundle = Bundle.open(bench.bundle)
    moment = datetime(2024, 10, 31, 23, 30, tzinfo=UTC)
    path = written(tmp_path / "a.jsonl", a_record("1", empreinte=bundle.seal, horodatage=moment.isoformat()))

    source, _ = window_from_audit([path], tmp_path / "w", bundle=bundle, period=Period(zone=ZoneInfo("Europe/Paris")))

    assert pq.read_table(source.path).column("MILLESIME").to_pylist() == ["2024-11"]


def test_an_incomplete_record_is_counted(tmp_path: Path) -> None:
    """Another form of record, or one without its inputs, is not guessed at."""
    records = [a_record("1"), a_record("2", enregistrement="3"), a_record("3", demande=None)]

    assert read(written(tmp_path / "a.jsonl", *records)).incomplete == 2


def test_files_without_records_are_refused(tmp_path: Path) -> None:
    """No file and no record are two different things to mend."""
    with pytest.raises(MonitoringError, match="MON902"):
        read(tmp_path / "absent.jsonl")
    with pytest.raises(MonitoringError, match="MON911"):
        read(written(tmp_path / "a.jsonl", {"evenement": "score"}))


def test_the_window_holds_what_was_scored(bench: Bench, tmp_path: Path) -> None:
    """Inputs, predictions, month and outcome of each request come back as any other window's do."""
    bundle, columns = Bundle.open(bench.bundle), draw_window(50, seed=8)
    probability = default_probability(columns)
    names = [item.name for item in bench.contract.inputs]
    rows = [
        {name: None if columns[name][row] != columns[name][row] else columns[name][row] for name in names}
        for row in range(50)
    ]
    records = [
        a_record(
            str(row),
            empreinte=bundle.seal,
            demande=inputs,
            seuil=THRESHOLD,
            probabilite_de_defaut=probability[row],
            classe="refuse" if probability[row] >= THRESHOLD else "accepte",
        )
        for row, inputs in enumerate(rows)
    ]
    outcomes = tmp_path / "outcomes.parquet"
    pq.write_table(pa.table({"id_requete": ["3", "absent"], "TARGET": [1, 0]}), outcomes)
    audited = written(
        tmp_path / "a.jsonl",
        {EVENT: Event.START, log_lines.SEAL: bundle.seal, AUDITED_SHARE: 1.0},
        *records,
    )

    source, reading = window_from_audit([audited], tmp_path / "w", bundle=bundle, outcomes=outcomes)

    with duckdb.connect() as database:
        window = open_window(database, source, bench.contract)
        predictions = window.predictions(threshold=THRESHOLD)
        assert reading.kept == window.n_applications == 50
        assert sorted(window.numbers("AMT_CREDIT")) == sorted(columns["AMT_CREDIT"])
    assert predictions is not None
    assert sorted(predictions.probability) == sorted(probability)
    assert predictions.outcome is not None
    assert predictions.outcome[~(predictions.outcome != predictions.outcome)].tolist() == [1.0]
    assert predictions.vintage is not None
    assert set(predictions.vintage) == {"2024-11"}


def test_outcomes_must_be_outcomes(bench: Bench, tmp_path: Path) -> None:
    """A file of something else is refused."""
    path = tmp_path / "outcomes.parquet"
    pq.write_table(pa.table({"id_requete": ["1"], "TARGET": [2]}), path)
    bundle = Bundle.open(bench.bundle)
    audited = written(tmp_path / "a.jsonl", a_record("1", empreinte=bundle.seal))

    with pytest.raises(MonitoringError, match="MON914"):
        window_from_audit([audited], tmp_path / "w", bundle=bundle, outcomes=path)
