"""The sealed bundle: the only writer of ``lambda/bundle``."""

from __future__ import annotations

import io
import os
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from scoring.contract import (
    CONTRACT_FILE,
    EVIDENCE_FILE,
    EXPLAINER_FILE,
    MODEL_FILE,
    PARITY_FILE,
    SCHEMA_VERSION,
    SEALED_FILES,
    Contract,
    Identity,
    Predecessor,
)
from scoring.explanation import read_explainer, read_tables
from scoring.model import Model
from training.bundle.contract import (
    contract_features,
    contract_inputs,
    contract_moves,
    decision_policy,
    reference_shares,
)
from training.bundle.contract_policies import (
    contract_levers,
    contract_rules,
    contract_terms,
    coverage_policy,
    review_policy,
)
from training.bundle.dossier_parity import check_dossiers
from training.bundle.evidence import collect_evidence, evidence_bytes
from training.bundle.golden import golden_answers, golden_applications, golden_bytes
from training.bundle.golden_dossiers import golden_dossiers
from training.bundle.parity import check_parity
from training.bundle.sealing import seals_of, write_files
from training.compiler.directions import prove_directions
from training.compiler.ensembles import TreeEnsemble
from training.compiler.graph import build_graph
from training.compiler.leaf_tables import leaf_tables
from training.errors import DataError
from training.files import written_folder
from training.provenance import git_commit
from training.schema.catalogue import load_motives, load_theme_groups, load_themes
from training.schema.conventions import load_conventions, load_point_scale

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scoring.bundle import Bundle
    from scoring.contract import Parity
    from scoring.fairness import Fairness
    from training.bundle.dossier_parity import DossierSet
    from training.features.dataset import Dataset
    from training.selection.pipeline import TrainedModel

MODEL_NAME = "pret-a-depenser-scoring"
# Zip entries carry a date; a fixed one keeps the file the same from run to run.
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Taught:
    """By which run a model was made, and on which data.

    Attributes
    ----------
    synthetic
        Whether the applicants are made up; None where nobody can tell.
    """

    run_id: str
    data_fingerprint: str
    synthetic: bool | None = None


def write_bundle(
    folder: Path,
    trained: TrainedModel,
    data: Dataset,
    *,
    other_data: Mapping[str, Dataset],
    taught: Taught,
    fairness: Fairness | None = None,
    dossiers: Mapping[str, DossierSet] | None = None,
) -> Contract:
    """Export a model, pass the gate and seal the bundle; `folder` appears complete or not at all.

    Parameters
    ----------
    data
        The applications the model was trained and judged on.
    other_data
        Further data sets, by name, whose every row must pass the gate.
    fairness
        The audit of the decisions by group, where the data allows one.
    dossiers
        Raw dossiers of the data sets, by name, that must come to the rows of the batch.

    Raises
    ------
    ParityError
        When the exported graph is not the trained model, or a dossier comes to another row; nothing is written.
    """
    data_sets = {"application_train": data, **other_data}
    rows_of = {name: one.columns(trained.space.input_names) for name, one in data_sets.items()}
    development = trained.development.rows
    inputs = contract_inputs(trained, development)
    rules = contract_rules(trained.space.input_names)
    features = contract_features(trained)
    coverage, decision = coverage_policy(inputs, features, development), decision_policy(trained)
    reference = reference_shares(trained, development, trained.champion.default_probability)
    with written_folder(folder) as temporary:
        content = _model_and_tables(trained)
        parity = _pass_the_gate(content, trained, rows_of)
        if dossiers:
            checked = check_dossiers(inputs, dossiers, processes=os.cpu_count() or 1, progress=True)
            parity = parity.model_copy(update={"dossiers": checked})
        golden = golden_answers(
            trained, inputs, golden_applications(inputs, rules, reference, coverage, seed=trained.development.seed)
        )
        raw = golden_dossiers(trained, inputs, rules, coverage)
        content[PARITY_FILE] = golden_bytes(golden, raw, tolerance=parity.tolerance)
        content[EVIDENCE_FILE] = evidence_bytes(collect_evidence(trained, fairness))
        contract = Contract(
            schema_version=SCHEMA_VERSION,
            identity=_identity(trained, taught),
            conventions=load_conventions(),
            inputs=inputs,
            rules=rules,
            features=features,
            moves=contract_moves(trained.space.input_names),
            theme_groups=load_theme_groups(),
            themes=load_themes(),
            motives=tuple(entry.motive for entry in load_motives()),
            decision=decision,
            points=load_point_scale(),
            coverage=coverage,
            review=review_policy(inputs, rules, coverage, decision, development, trained.champion.default_probability),
            terms=contract_terms(trained.space.input_names),
            levers=contract_levers(trained.space.input_names),
            quality=trained.quality,
            reference=reference,
            parity=parity,
            files=seals_of(content),
        )
        return write_files(temporary, contract, content)


def _pass_the_gate(content: Mapping[str, bytes], trained: TrainedModel, rows_of: Mapping[str, np.ndarray]) -> Parity:
    """Prove the directions of the exported files, and compare them with the trainer over every row at hand."""
    n_inputs, n_features = len(trained.space.input_names), len(trained.importance)
    prove_directions(
        content[MODEL_FILE],
        read_tables(content[EXPLAINER_FILE]),
        trained.space.columns.directions,
        trained.space.feature_names,
    )
    model = Model(content[MODEL_FILE], n_inputs=n_inputs, n_features=n_features)
    return check_parity(trained, model, read_explainer(content[EXPLAINER_FILE]), rows_of)


def _identity(trained: TrainedModel, taught: Taught) -> Identity:
    return Identity(
        model_name=MODEL_NAME,
        registry_version=None,
        registry_alias=None,
        training_run_id=taught.run_id,
        git_commit=git_commit(),
        data_fingerprint=taught.data_fingerprint,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        family=trained.champion.candidate.name,
        synthetic=taught.synthetic,
    )


def publish_bundle(
    source: Bundle,
    folder: Path,
    *,
    registry_version: str,
    registry_alias: str,
    predecessor: Predecessor | None = None,
    proposed_by: str | None = None,
    approved_by: str | None = None,
) -> Contract:
    """Copy a registered bundle to where it is served from, stamped with its place in the registry.

    Parameters
    ----------
    predecessor
        The bundle that is served now, where what it takes is to be accepted for a while.
    proposed_by, approved_by
        The two who answer for it.

    Raises
    ------
    DataError
        ``TRN173`` when `folder` holds something that is not part of a bundle and would be lost.
    """
    _check_place(folder)
    contract = source.contract
    stamp = {
        "registry_version": registry_version,
        "registry_alias": registry_alias,
        "proposed_by": proposed_by,
        "approved_by": approved_by,
    }
    identity = contract.identity.model_copy(update=stamp)
    stamped = contract.model_copy(update={"identity": identity, "predecessor": predecessor})
    with written_folder(folder) as temporary:
        return write_files(temporary, stamped, source.content)


def _check_place(folder: Path) -> None:
    own = {CONTRACT_FILE, *SEALED_FILES}
    strange = sorted({path.name for path in folder.iterdir()} - own) if folder.is_dir() else []
    if strange:
        raise DataError(
            "TRN173",
            f"{folder} holds {strange[0]}, which is not part of a bundle and would be lost; name another folder",
        )


def _model_and_tables(trained: TrainedModel) -> dict[str, bytes]:
    form = trained.fitted.neutral_form()
    calibration = trained.calibration
    graph = build_graph(
        trained.space.input_names,
        trained.space.nodes,
        form,
        repair=trained.space.repair,
        scale=calibration.scale,
        offset=calibration.offset,
    )
    if isinstance(form, TreeEnsemble):
        arrays = leaf_tables(form, scale=calibration.scale, offset=calibration.offset)
    else:
        arrays = form.explainer_arrays(scale=calibration.scale, offset=calibration.offset)
    return {MODEL_FILE: graph.SerializeToString(deterministic=True), EXPLAINER_FILE: _archived(arrays)}


def _archived(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Return an npz whose bytes depend on the arrays alone (`numpy.savez` stamps the date)."""
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, np.asanyarray(array), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", _ZIP_EPOCH), content.getvalue())
    return stored.getvalue()
