"""Audit records: the whole decision for a sample, the applicant's name for nobody, read as it was written."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from scoring.bundle import Bundle
from scoring.contract import CONTRACT_FILE, SEALED_FILES
from scoring.decision import Decision, DecisionCosts, DecisionRule
from scoring.records import (
    NEAR_THRESHOLD,
    SAMPLED,
    Auditor,
    AuditRecord,
    RecordError,
    configure_audit,
    hashed,
    model_version,
    place_of,
    sampled,
)
from scoring.review import ReviewMotive

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.contract import Contract

KEY = b"a key of the tests"
# 0.1 + 0.2 and its neighbours have seventeen digits; the last are the ends of what a double holds.
AWKWARD = [0.1 + 0.2, 1 / 3, 5e-324, 1.7976931348623157e308, -0.0]
RULE = DecisionRule(0.1, DecisionCosts(10.0, 1.0), (0.08, 0.12), "contrat")
FAR, NEAR = 0.5, 0.1
RECORD = AuditRecord(
    motif=SAMPLED,
    id_requete="r-1/0",
    route="lot",
    horodatage="2026-01-02T03:04:05.678+00:00",
    version_modele="modele:7",
    empreinte="e" * 64,
    seuil_origine="contrat",
    cout_faux_negatif=10.0,
    cout_faux_positif=1.0,
    seuil=0.1,
    probabilite_de_defaut=0.25,
    marge=-1.0986122886681098,
    valeur_de_base=-2.5,
    classe="refuse",
    couverture=1.0,
    revue_humaine=("proche_du_seuil", "incomplete"),
    raisons=(("R101", 0.30000000000000004), ("R201", -0.125)),
    demandeur=None,
    demande={"AMT_CREDIT": 450000.0, "NAME_CONTRACT_TYPE": "Crédits", "EXT_SOURCE_1": None},
)
# As the function writes it; buckets are full of such lines.
LINE = (
    '{"evenement":"audit","enregistrement":"2","motif":"echantillon","id_requete":"r-1/0","route":"lot",'
    '"horodatage":"2026-01-02T03:04:05.678+00:00","version_modele":"modele:7","empreinte":"' + "e" * 64 + '",'
    '"seuil_origine":"contrat","cout_faux_negatif":10.0,"cout_faux_positif":1.0,"seuil":0.1,'
    '"probabilite_de_defaut":0.25,"marge":-1.0986122886681098,"valeur_de_base":-2.5,"classe":"refuse",'
    '"couverture":1.0,"revue_humaine":["proche_du_seuil","incomplete"],'
    '"raisons":[["R101",0.30000000000000004],["R201",-0.125]],"demandeur":null,'
    '"demande":{"AMT_CREDIT":450000.0,"NAME_CONTRACT_TYPE":"Crédits","EXT_SOURCE_1":null}}'
)


def an_answer(default_probability: float = FAR, **changes: Any) -> Any:  # noqa: ANN401  any fact of an answer
    """Return what a service would say of an application."""
    ordinary = {
        "default_probability": default_probability,
        "margin": 0.0,
        "base_value": -2.5,
        "decision": Decision.REFUSE,
        "coverage": 0.875,
        "review": (ReviewMotive.CLOSE,),
        "reasons": (SimpleNamespace(code="R201", contribution=0.5),),
        "policy": None,
    }
    return SimpleNamespace(**ordinary | changes)


@pytest.fixture
def an_auditor(a_contract: Callable[..., Contract]) -> Callable[..., Auditor]:
    """Build an auditor of a bundle that is never run."""
    bundle = Bundle(Path("bundle"), a_contract(), {}, dict.fromkeys((CONTRACT_FILE, *SEALED_FILES), "0" * 64))

    def build(share: float = 1.0, read_key: Callable[[], bytes] = lambda: KEY) -> Auditor:
        return Auditor(bundle, RULE, share=share, read_key=read_key)

    return build


@pytest.fixture
def written(
    an_auditor: Callable[..., Auditor], capsys: pytest.CaptureFixture[str], untouched_loggers: None
) -> Callable[..., list[dict[str, Any]]]:
    """Audit one answer and return what a reader finds in the lines it left."""

    def write(
        auditor: Auditor | None = None,
        answer: object = None,
        **changes: Any,  # noqa: ANN401  any part of a request
    ) -> list[dict[str, Any]]:
        configure_audit()
        given = {"application": {"AMT_CREDIT": 1.0}, "request_id": "r", "route": "score", "applicant": None} | changes
        (auditor or an_auditor()).audit(answer or an_answer(), **given)
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return write


def test_record_is_written_in_the_form_readers_know() -> None:
    """Names, order and numbers of a line are those that readers know."""
    assert RECORD.line() == LINE


def test_record_is_read_as_it_was_written() -> None:
    """Write, read: the same record, tuples and absent values included."""
    assert AuditRecord.read(json.loads(RECORD.line())) == RECORD


@pytest.mark.parametrize("number", AWKWARD)
def test_record_keeps_every_bit_of_a_number(number: float) -> None:
    """A decision can only be taken again from the very numbers it was taken from."""
    again = AuditRecord.read(json.loads(replace(RECORD, marge=number, demande={"X": number}).line()))

    assert (again.demande["X"].hex(), again.marge.hex()) == (number.hex(), number.hex())


def test_record_of_the_first_form_is_read() -> None:
    """Its reasons are named by features; all else is as it is today."""
    first = json.loads(LINE) | {"enregistrement": "1", "raisons": [["EXT_SOURCE_2", 0.5]]}

    assert AuditRecord.read(first) == replace(RECORD, raisons=(("EXT_SOURCE_2", 0.5),))


def test_what_else_a_line_holds_is_passed_over() -> None:
    """What a later version, or a carrier of the logs, adds does no harm."""
    assert AuditRecord.read(json.loads(LINE) | {"_ecrit": 1, "nouveau": {}}) == RECORD


@pytest.mark.parametrize("name", [name for name in json.loads(LINE) if name not in {"evenement", "demandeur"}])
def test_record_without_a_field_is_refused_by_name(name: str) -> None:
    """Whoever holds the line learns what it lacks; a null is as good as nothing."""
    whole = json.loads(LINE)

    for line in ({key: value for key, value in whole.items() if key != name}, whole | {name: None}):
        with pytest.raises(RecordError, match=f"^lacks {name}$"):
            AuditRecord.read(line)


@pytest.mark.parametrize(
    "changes", [{"enregistrement": "3"}, {"demande": "x"}, {"raisons": 7}, {"raisons": [["A"]]}, {"revue_humaine": 1}]
)
def test_record_of_another_form_is_refused(changes: dict[str, object]) -> None:
    """A form this version does not write may mean something else."""
    with pytest.raises(RecordError, match=r"^is not of form 2$"):
        AuditRecord.read(json.loads(LINE) | changes)


def test_record_has_the_answer_and_the_rule_it_was_given_under(written: Callable[..., list[dict[str, Any]]]) -> None:
    """What the service said, at which threshold and for which bundle: nothing rounded, nothing left out."""
    (line,) = written(answer=an_answer(1 / 3))
    record = AuditRecord.read(line)

    assert (record.probabilite_de_defaut, record.classe, record.seuil) == (1 / 3, "refuse", 0.1)
    assert (record.revue_humaine, record.raisons) == (("proche_du_seuil",), (("R201", 0.5),))
    assert (len(record.empreinte), record.seuil_origine) == (64, "contrat")
    assert record.version_modele == f"modele:7+{record.empreinte[:8]}"


def test_record_never_names_the_applicant(written: Callable[..., list[dict[str, Any]]]) -> None:
    """The identifier is there as its keyed hash alone, so that outcomes can be joined later."""
    (line,) = written(applicant="100001")

    assert line["demandeur"] == hashed("100001", KEY)
    assert "100001" not in json.dumps(line)


def test_record_without_an_identifier_says_so(written: Callable[..., list[dict[str, Any]]]) -> None:
    """No identifier is no hash of an empty one."""
    (line,) = written()

    assert line["demandeur"] is None


def test_key_is_read_each_time_it_is_needed(
    an_auditor: Callable[..., Auditor], written: Callable[..., list[dict[str, Any]]]
) -> None:
    """Nothing secret is kept between two records, nor in a snapshot of the cold start."""
    keys = iter([b"first key", b"second key"])
    auditor = an_auditor(read_key=lambda: next(keys))
    written(auditor, applicant="100001")
    written(auditor, applicant="100001")

    assert list(keys) == []


@pytest.mark.parametrize(("probability", "expected"), [(NEAR, [NEAR_THRESHOLD]), (FAR, [])])
def test_every_case_near_the_threshold_is_in_the_sample(
    an_auditor: Callable[..., Auditor],
    written: Callable[..., list[dict[str, Any]]],
    probability: float,
    expected: list[str],
) -> None:
    """Where the decision hangs by a thread, everything is kept."""
    assert expected == [line["motif"] for line in written(an_auditor(share=0.0), an_answer(probability))]


def test_other_cases_are_in_the_sample_by_their_identifier(
    an_auditor: Callable[..., Auditor], written: Callable[..., list[dict[str, Any]]]
) -> None:
    """The sample is drawn without chance: the same identifier is in it or not, wherever it is asked."""
    names = [str(number) for number in range(200)]
    motives = {name: [line["motif"] for line in written(an_auditor(share=0.5), request_id=name)] for name in names}

    assert motives == {name: [SAMPLED] if sampled(name, 0.5) else [] for name in names}


def test_an_applicant_who_comes_back_is_in_the_sample_each_time_or_never(
    an_auditor: Callable[..., Auditor], written: Callable[..., list[dict[str, Any]]]
) -> None:
    """Ten tries of one applicant would else leave a record far more often than its probability says."""
    found = [
        {len(written(an_auditor(share=0.5), request_id=f"{name}-{turn}", applicant=name)) for turn in range(5)}
        for name in map(str, range(40))
    ]

    assert all(len(counts) == 1 for counts in found)
    assert 5 < sum(counts == {1} for counts in found) < 35


@pytest.mark.parametrize(("probability", "expected"), [(NEAR, 1.0), (FAR, 1.0), (FAR, 0.9)])
def test_a_record_tells_the_probability_with_which_it_was_to_be_there(
    an_auditor: Callable[..., Auditor],
    written: Callable[..., list[dict[str, Any]]],
    probability: float,
    expected: float,
) -> None:
    """Certain near the threshold, the audited share elsewhere."""
    share = 0.4 if probability == NEAR else expected
    line = next(
        line
        for turn in range(100)
        for line in written(an_auditor(share=share), an_answer(probability), request_id=str(turn))
    )

    assert line["probabilite_inclusion"] == expected
    assert line["part_auditee"] == share


def test_a_partner_is_hashed_under_the_key(
    an_auditor: Callable[..., Auditor], written: Callable[..., list[dict[str, Any]]]
) -> None:
    """Its records can be put together; its key at the API is nowhere."""
    (line,) = written(an_auditor(), partner="cle-7")

    assert line["partenaire"] == hashed("cle-7", KEY)
    assert AuditRecord.read(line).partenaire == line["partenaire"]
    assert "partenaire" not in written(an_auditor())[0]


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_sample_has_the_share_that_was_asked_for(share: float) -> None:
    """Over many identifiers the sample has its size, within four standard errors."""
    found = sum(sampled(f"request-{number}", share) for number in range(20_000)) / 20_000

    assert found == pytest.approx(share, abs=4 * (share * (1 - share) / 20_000) ** 0.5)


def test_larger_sample_holds_the_smaller_one() -> None:
    """Raising the share loses no request that was in the sample before."""
    names = [str(number) for number in range(1_000)]

    assert {name for name in names if sampled(name, 0.1)} <= {name for name in names if sampled(name, 0.3)}


def test_sample_is_what_lies_below_its_share() -> None:
    """Where an identifier lies tells from which share on it is in the sample."""
    assert all(sampled(name, place_of(name) + 1e-9) and not sampled(name, place_of(name) - 1e-9) for name in "abcdef")


def test_model_version_says_that_a_model_is_not_published(a_contract: Callable[..., Contract]) -> None:
    """A bundle that was never registered cannot pass for one that was, nor one of a name for another."""
    contract = a_contract()
    unpublished = contract.model_copy(
        update={"identity": contract.identity.model_copy(update={"registry_version": None})}
    )
    one, other = (
        Bundle(Path("bundle"), unpublished, {}, dict.fromkeys((CONTRACT_FILE, *SEALED_FILES), digit * 64))
        for digit in "01"
    )

    assert model_version(one) == f"modele:non-publié+{one.seal[:8]}" != model_version(other)
