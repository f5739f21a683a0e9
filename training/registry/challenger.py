"""A challenger beside the bundle that is served, on the same applications: what a pull request shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from metrics.costs import costs_per_application
from metrics.intervals import bootstrap_mean, paired_difference
from metrics.ranking import bootstrap_auc
from training.bundle.batch_scoring import default_probabilities
from training.bundle.opening import open_bundle
from training.registry import promotion, versions
from training.wording import say_count, say_decimal, say_estimate

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa
    from mlflow.tracking import MlflowClient

    from scoring.bundle import Bundle
    from scoring.contract import Estimate
    from training.registry.gates import GateResult

SEED = 0


@dataclass(frozen=True, slots=True)
class Measured:
    """A bundle's figures on the applications that both are measured on."""

    name: str
    threshold: float
    n_inputs: int
    costs: np.ndarray
    cost: Estimate
    auc: Estimate


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The challenger, the served bundle, and what the gates of a promotion say of the challenger.

    Attributes
    ----------
    difference
        Mean cost of the challenger less that of the served bundle, and its standard error.
    absent
        Inputs of the served bundle that these applications do not have: it answers without them.
    """

    challenger: Measured
    served: Measured
    difference: tuple[float, float]
    gates: tuple[GateResult, ...]
    absent: tuple[str, ...]


def measure_side_by_side(client: MlflowClient, version: str, served: Path) -> SideBySide:
    """Measure a registered version and a bundle on the hold-out of the version.

    The served bundle may have learned from some of these applications: that makes the challenger look worse, and not
    better.

    Raises
    ------
    TrainingError
        When one of the two cannot be read.
    """
    rows = versions.hold_out_of(client, version)
    challenger = _measure(versions.sound_bundle_of(client, version), rows)
    bundle = open_bundle(served)
    current = _measure(bundle, rows)
    return SideBySide(
        challenger,
        current,
        difference=paired_difference(challenger.costs, current.costs),
        gates=promotion.judge(client, version),
        absent=tuple(item.name for item in bundle.contract.inputs if item.name not in rows.column_names),
    )


def _measure(bundle: Bundle, rows: pa.Table) -> Measured:
    outcome = rows.column("TARGET").to_numpy().astype(np.int64)
    probability = default_probabilities(bundle, rows)
    threshold = bundle.contract.decision.threshold
    costs = costs_per_application(probability, outcome, threshold=threshold)
    return Measured(
        name=f"{bundle.contract.identity.family}, {bundle.contract.identity.created_at}",
        threshold=threshold,
        n_inputs=len(bundle.contract.inputs),
        costs=costs,
        cost=bootstrap_mean(costs, seed=SEED),
        auc=bootstrap_auc(probability, outcome, seed=SEED),
    )


def side_by_side_page(both: SideBySide) -> str:
    """Return both as Markdown, in French: lenders read it before they merge."""
    mean, error = both.difference
    judged = say_count(len(both.challenger.costs))
    absent = f" Entrées du modèle en service absentes de ces demandes : {', '.join(both.absent)}."
    rows = [
        f"| {label} | {one.name} | {say_estimate(one.cost)} | {say_estimate(one.auc)} | {say_decimal(one.threshold)} "
        f"| {one.n_inputs} |"
        for label, one in (("candidat", both.challenger), ("en service", both.served))
    ]
    gates = [f"- {_verdict(gate)} **{gate.gate}** : {'; '.join(gate.findings)}" for gate in both.gates]
    title = "## Candidat et modèle en service"
    told = (
        f"Sur les {judged} demandes mises de côté pour le candidat ; le modèle en service a pu en apprendre "
        f"certaines.{absent if both.absent else ''}"
    )
    head = ["| | modèle | coût par demande | AUC | seuil | entrées |", "|---|---|---|---|---|---|"]
    gap = f"Écart de coût, candidat moins modèle en service : {say_decimal(mean)}, erreur type {say_decimal(error)}."
    return "\n".join([title, "", told, "", *head, *rows, "", gap, "", "## Barrières de promotion", "", *gates, ""])


def _verdict(gate: GateResult) -> str:
    return "passe :" if gate.passed else "refuse :"
