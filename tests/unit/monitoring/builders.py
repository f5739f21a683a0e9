"""Synthetic windows and a contract that fits them, made without training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from metrics.bins import category_bins, numeric_bins
from scoring.bundle import contract_bytes, sha256_of
from scoring.contract import (
    CONTRACT_FILE,
    PARITY_FILE,
    SCHEMA_VERSION,
    SEALED_FILES,
    CategoryBins,
    Contract,
    CoveragePolicy,
    Feature,
    Input,
    NumericBins,
    Reference,
    ReviewPolicy,
    Text,
)
from tests.builders.contracts import CATALOGUE, CONVENTIONS, a_parity, a_policy, a_quality, an_identity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

THRESHOLD = 0.1
CATEGORIES = ("Working", "Pensioner", "Student")
KINDS = {"AMT_CREDIT": "number", "EXT_SOURCE_2": "number", "FLAG_PHONE": "flag", "NAME_INCOME_TYPE": "category"}

type Columns = dict[str, np.ndarray]


def draw_window(n_applications: int, *, seed: int, first_id: int = 1) -> Columns:
    """Return applications of the one population that has not drifted."""
    rng = np.random.default_rng(seed)
    external = rng.beta(4, 3, n_applications)
    external[rng.random(n_applications) < 0.2] = np.nan
    return {
        "SK_ID_CURR": np.arange(first_id, first_id + n_applications),
        "AMT_CREDIT": np.round(rng.lognormal(13, 0.5, n_applications)),
        "EXT_SOURCE_2": external,
        "FLAG_PHONE": (rng.random(n_applications) < 0.3).astype(float),
        "NAME_INCOME_TYPE": rng.choice(CATEGORIES, n_applications, p=[0.7, 0.25, 0.05]).astype(object),
    }


def default_probability(columns: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return what the model predicts: a weak external score and a large credit raise the risk; about 8 % on average."""
    external = np.nan_to_num(columns["EXT_SOURCE_2"], nan=0.5)
    credit = np.nan_to_num(columns["AMT_CREDIT"], nan=np.exp(13))
    margin = 0.4 - 5.5 * external + 0.3 * np.log(np.maximum(credit, 1) / np.exp(13))
    return np.asarray(1 / (1 + np.exp(-margin)))


def write_window(path: Path, columns: Mapping[str, np.ndarray]) -> Path:
    """Write a window as Parquet, NaN and None as missing."""
    pq.write_table(pa.table({name: pa.array(values, from_pandas=True) for name, values in columns.items()}), path)
    return path


def write_scores(path: Path, columns: Mapping[str, np.ndarray], *, threshold: float = THRESHOLD) -> Path:
    """Write the predictions to a window."""
    probability = default_probability(columns)
    predictions = {
        "SK_ID_CURR": columns["SK_ID_CURR"],
        "probabilite_de_defaut": probability,
        "classe": np.where(probability >= threshold, "refuse", "accepte").astype(object),
    }
    return write_window(path, predictions)


def write_bundle(folder: Path, contract: Contract) -> Path:
    """Write a bundle whose seals hold; its model is never run here."""
    folder.mkdir(parents=True)
    content = {name: name.encode() for name in SEALED_FILES} | {PARITY_FILE: b'{"applications": []}'}
    for name, written in content.items():
        (folder / name).write_bytes(written)
    sealed = contract.model_copy(update={"files": {name: sha256_of(written) for name, written in content.items()}})
    (folder / CONTRACT_FILE).write_bytes(contract_bytes(sealed))
    return folder


def a_contract(columns: Columns) -> Contract:
    """Return a contract whose reference is these applications."""
    n = len(columns["SK_ID_CURR"])
    return Contract(
        schema_version=SCHEMA_VERSION,
        identity=an_identity(
            model_name="essai",
            registry_alias=None,
            training_run_id="0",
            git_commit="0",
            data_fingerprint="0",
        ),
        conventions=CONVENTIONS,
        inputs=tuple(_input(name, columns[name]) for name in KINDS),
        rules=(),
        features=(
            _feature("AMT_CREDIT", ("AMT_CREDIT",), 0.3),
            _feature("EXT_SOURCE_2", ("EXT_SOURCE_2",), 0.5),
            _feature("NAME_INCOME_TYPE", ("NAME_INCOME_TYPE",), 0.095),
            _feature("FLAG_PHONE", ("FLAG_PHONE",), 0.005),
            _feature("CREDIT_TIMES_EXT", ("AMT_CREDIT", "EXT_SOURCE_2"), 0.1),
        ),
        moves=(),
        decision=a_policy(THRESHOLD),
        coverage=CoveragePolicy(
            # The importance of the features below, split among their inputs.
            weights={"AMT_CREDIT": 0.35, "EXT_SOURCE_2": 0.55, "FLAG_PHONE": 0.005, "NAME_INCOME_TYPE": 0.095},
            floor=0.0,
            tail=0.0,
            median=1.0,
            method="given",
        ),
        review=ReviewPolicy(coverage_below=0.0, unusual_above=99, shares={}, method="given"),
        terms=None,
        levers=(),
        quality=a_quality(
            n,
            default_rate=0.08,
            cost=0.55,
            auc=0.72,
            accuracy=0.7,
            brier=0.07,
            calibration_error=0.01,
            mean_probability=0.08,
        ),
        reference=Reference(
            n_applications=n,
            inputs={name: _bins(columns[name], kind) for name, kind in KINDS.items()},
            probability=numeric_bins(default_probability(columns)),
        ),
        parity=a_parity(n),
        files=dict.fromkeys(SEALED_FILES, ""),
        **CATALOGUE,
    )


def _input(name: str, values: np.ndarray) -> Input:
    kind = KINDS[name]
    number = kind == "number"
    return Input(
        name=name,
        table="application",
        kind=kind,
        unit="monnaie" if name == "AMT_CREDIT" else "",
        required=False,
        missing=_text("inconnu"),
        fill=0.0,
        minimum=0.0 if number else None,
        maximum=1e12 if number else None,
        usual_low=float(np.nanquantile(values, 0.001)) if number else None,
        usual_high=float(np.nanquantile(values, 0.999)) if number else None,
        categories=CATEGORIES if kind == "category" else (),
        category_labels=tuple(Text(fr=one, en=one) for one in CATEGORIES) if kind == "category" else (),
        rare=(),
        direction=0,
        known_by="applicant",
        ground=_text("objet de la demande"),
        protected=False,
        label=_text(f"Libellé de {name}"),
    )


def _feature(name: str, inputs: tuple[str, ...], importance: float) -> Feature:
    return Feature(
        name=name,
        inputs=inputs,
        expression=None,
        unit="",
        label=_text(name),
        motive="R101",
        direction=0,
        importance=importance,
    )


def _text(text: str) -> Text:
    return Text(fr=text, en=text)


def _bins(values: np.ndarray, kind: str) -> NumericBins | CategoryBins:
    if kind == "category":
        return category_bins(np.array([CATEGORIES.index(value) for value in values], float), CATEGORIES)
    return numeric_bins(values)
