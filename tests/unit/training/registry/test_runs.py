"""What a training run keeps in the store for a person to compare."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import mlflow

from delivery.paths import BUNDLE
from scoring.bundle import Bundle
from scoring.evidence import Evidence
from training.registry import runs, store

if TYPE_CHECKING:
    from mlflow.tracking import MlflowClient


def test_each_candidate_has_a_run_inside_the_training_s(empty_store: MlflowClient) -> None:
    """MLflow's own page sorts, filters and charts families, because each is a run with its family and its cost."""
    candidates = Evidence.model_validate_json((BUNDLE / "evidence.json").read_bytes()).candidates
    with runs.tracked_run({"effort": "test"}, {"files": []}) as parent:
        runs.record_candidates(candidates)

    found = mlflow.search_runs(
        experiment_names=[store.EXPERIMENT], filter_string="tags.role = 'candidate'", output_format="list"
    )

    assert {one.data.tags["mlflow.parentRunId"] for one in found} == {parent}
    assert {one.info.run_name: one.data.metrics["oof_cost"] for one in found} == {
        one.name: one.cost.value for one in candidates
    }
    assert {one.data.params["family"] for one in found} == {one.family for one in candidates}
    assert len({one.family for one in candidates}) > 1


def test_the_printed_view_names_columns_that_candidates_have(empty_store: MlflowClient) -> None:
    """The link that `make mlflow` prints opens a view whose every column is one that a candidate's run fills."""
    candidate = Bundle.open(BUNDLE).content["evidence.json"]
    with runs.tracked_run({"effort": "test"}, {"files": []}):
        runs.record_candidates(Evidence.model_validate_json(candidate).candidates[:1])
    experiment = empty_store.get_experiment_by_name(store.EXPERIMENT)
    assert experiment is not None
    view = json.loads(experiment.tags[store.FAMILIES_VIEW])

    (run,) = empty_store.search_runs([experiment.experiment_id], filter_string=view["searchFilter"])

    known = {f"params.`{name}`" for name in run.data.params} | {f"metrics.`{name}`" for name in run.data.metrics}
    assert set(view["selectedColumns"]) <= known
    assert view["orderByKey"] in known
