"""Replay of a candidate: what would change is counted decision by decision, weighted, and judged where it can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from scoring.policy import PolicyBook, policy_bytes
from tests.builders.policies import a_lender_policy
from tests.builders.records import write_records
from training.__main__ import main
from training.bundle.candidate_replay import Candidate, read_groups, read_outcomes, replay_candidate
from training.errors import DataError
from training.registry.gates import replay_gate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scoring.bundle import Bundle
    from scoring.features import Value
    from scoring.service import ScoringService

N = 240


@pytest.fixture(scope="module")
def applications(request_of: Callable[..., dict[str, Value]]) -> list[dict[str, Value]]:
    """Return applications from good to bad."""
    scores = np.linspace(0.05, 0.95, N).round(3)
    return [request_of(EXT_SOURCE_1=float(one), EXT_SOURCE_2=float(one), EXT_SOURCE_3=float(one)) for one in scores]


@pytest.fixture(scope="module")
def records(
    applications: list[dict[str, Value]],
    service: ScoringService,
    bundle: Bundle,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Return a file of what the service decided of them, of which a quarter was kept."""
    return write_records(
        tmp_path_factory.mktemp("records") / "records.jsonl", service, bundle, applications, share=0.25
    )


def test_same_bundle_changes_nothing(records: Path, service: ScoringService) -> None:
    """Who decided then decides the same now; each record stands for four applications."""
    replay = replay_candidate(Candidate("same", service), [records])
    swap = replay.everybody

    assert (swap.n, swap.total, swap.unchanged) == (N, 4 * N, 4 * N)
    assert all(before == after for before, after in replay.flows)
    assert 0 < swap.acceptance_before == swap.acceptance_after < 1
    assert replay_gate(replay).passed


def test_another_threshold_swaps_who_lies_between(
    records: Path, service: ScoringService, applications: list[dict[str, Value]]
) -> None:
    """A stricter threshold takes out exactly those between the two, and lets nobody in."""
    threshold = service.rule.threshold
    replay = replay_candidate(Candidate("strict", service.under(threshold=threshold / 2)), [records])
    probability = service.probabilities(applications)
    between = int(((probability >= threshold / 2) & (probability < threshold)).sum())

    assert between > 0
    assert (replay.everybody.swapped_out, replay.everybody.swapped_in) == (4 * between, 0)


def test_cost_is_measured_where_outcomes_are_known(records: Path, service: ScoringService, tmp_path: Path) -> None:
    """Everybody repays: a stricter candidate costs one refusal for each it takes out, and the gate says no."""
    outcomes = tmp_path / "outcomes.csv"
    outcomes.write_text("id_requete,defaut\n" + "".join(f"{place},0\n" for place in range(N)), encoding="utf-8")
    strict = Candidate("strict", service.under(threshold=service.rule.threshold / 2))
    replay = replay_candidate(strict, [records], outcomes=read_outcomes(outcomes))

    assert replay.judged is not None
    assert replay.judged.difference.value == pytest.approx(replay.everybody.changed_share)
    assert replay.judged.difference.low > 0
    assert replay.judged.default_rate_swapped_out == 0
    assert not replay_gate(replay).passed


def test_rules_of_a_draft_take_the_place_of_those_recorded(
    records: Path, service: ScoringService, bundle: Bundle
) -> None:
    """A knock-out refuses everybody it holds for, whatever the model says; what it cannot know goes to a person."""
    draft = a_lender_policy(("P101", "exclusion", "EXT_SOURCE_2 > 0.5"), ("P301", "renvoi", "POLICY_CHARGES > 1"))
    replay = replay_candidate(Candidate("rules", service, PolicyBook(draft, bundle.contract)), [records])

    assert {after for _, after in replay.flows} == {"refus", "examen"}
    assert replay.everybody.swapped_in == 0
    assert replay.everybody.swapped_out > 0


def test_groups_and_segments_are_told_apart(records: Path, service: ScoringService, tmp_path: Path) -> None:
    """A protected attribute comes from a file of its own; small groups are left out."""
    groups = tmp_path / "groups.csv"
    lines = [f"{place},{'F' if place % 2 else 'M' if place else 'X'}" for place in range(N)]
    groups.write_text("\n".join(["id_requete,CODE_GENDER", *lines]), encoding="utf-8")
    replay = replay_candidate(Candidate("same", service), [records], groups=read_groups(groups))

    assert {group: swap.n for group, swap in replay.segments["CODE_GENDER"].items()} == {"F": N // 2, "M": N // 2 - 1}


def test_what_the_candidate_lacks_is_counted(
    service: ScoringService, bundle: Bundle, request_of: Callable[..., dict[str, Value]], tmp_path: Path
) -> None:
    """A record without an input of the candidate is asked all the same, as unknown."""
    path = write_records(tmp_path / "r.jsonl", service, bundle, [request_of(EXT_SOURCE_1=...)] * 3, share=1.0)

    assert replay_candidate(Candidate("same", service), [path]).absent == {"EXT_SOURCE_1": 3}


def test_outcomes_of_other_requests_are_refused(records: Path, service: ScoringService) -> None:
    """Identifiers that match nothing are a mistake, and not a cost of nought."""
    with pytest.raises(DataError, match="TRN183"):
        replay_candidate(Candidate("same", service), [records], outcomes={"nobody": 1})


@pytest.mark.parametrize("content", ["id_requete\n1\n", "id_requete,defaut\n1,oui\n"])
def test_outcome_file_of_another_form_is_refused(content: str, tmp_path: Path) -> None:
    """A missing column and an outcome that is none are named."""
    path = tmp_path / "o.csv"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(DataError, match="TRN184"):
        read_outcomes(path)


def test_command_writes_the_page(records: Path, bundle_dir: Path, tmp_path: Path) -> None:
    """A committee gets a page in French, with the rules of a draft."""
    policy, page = tmp_path / "regles.json", tmp_path / "rejeu.md"
    policy.write_bytes(policy_bytes(a_lender_policy(("P301", "renvoi", "AMT_CREDIT > 1"))))
    asked = ["replay", "--candidate", str(bundle_dir), "--records", str(records), "--policy", str(policy)]

    assert main([*asked, "--out", str(page)]) == 0
    assert "| refus | 0 |" in page.read_text(encoding="utf-8")


def test_command_asks_for_one_of_its_two_ways(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither a record nor a candidate is one line that says what to give."""
    assert main(["replay", "--candidate", "1"]) == 2
    assert "TRN186" in capsys.readouterr().err
