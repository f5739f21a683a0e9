"""The measures by name; each is a function that returns its figures, or ``None`` when its data is not at hand."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from delivery.errors import DeliveryError
from scoring.errors import ScoringError
from training.errors import TrainingError

# In the order of the table: the quick ones first. Imported when taken: some bring half of the offline libraries.
MEASURES = {
    "package_size": "benchmarks.service.package_size:measure_package_size",
    "cold_start": "benchmarks.service.cold_start:measure_cold_start",
    "dossier_cold_start": "benchmarks.service.cold_start:measure_dossier_cold_start",
    "cold_start_steps": "benchmarks.service.cold_start_steps:measure_cold_start_steps",
    "request": "benchmarks.service.request:measure_request",
    "dossier": "benchmarks.service.dossier:measure_dossier",
    "batch": "benchmarks.service.batch:measure_batch",
    "traffic": "benchmarks.service.traffic:measure_traffic",
    "memory": "benchmarks.service.memory:measure_memory",
    "dossier_memory": "benchmarks.service.memory:measure_dossier_memory",
    "serving": "benchmarks.service.serving:measure_serving",
    "precision": "benchmarks.service.precision:measure_precision",
    "features": "benchmarks.learning.features:measure_features",
    "demo": "benchmarks.demo:measure_demo",
    "sample_population": "benchmarks.learning.models:measure_sample_population",
    "real_sample": "benchmarks.learning.models:measure_real_sample",
}
# Taken only when they are asked for by name: they take their time, an environment of their own, or `make report` first.
OPTIONAL_MEASURES = {
    "ablation": "benchmarks.learning.ablation:measure_ablation",
    "soundness": "benchmarks.learning.soundness:measure_soundness",
    "feature_groups": "benchmarks.learning.feature_groups:measure_feature_groups",
    "automl": "benchmarks.learning.automl:measure_automl",
    "page": "benchmarks.service.page:measure_page",
    "drift_power": "benchmarks.drift.power:measure_drift_power",
    "drift_size": "benchmarks.drift.size:measure_drift_size",
    "drift_api": "benchmarks.drift.api:measure_drift_api",
    "drift_real": "benchmarks.drift.real:measure_drift_real",
    "population_likeness": "benchmarks.population.all_tables:measure_population_likeness",
    "population_models": "benchmarks.population.models:measure_population_models",
    "population_coherence": "benchmarks.population.coherence.rules:measure_population_coherence",
    "population_transfer": "benchmarks.population.transfer:measure_population_transfer",
    "rules": "benchmarks.population.rules:measure_rules",
    "scale": "benchmarks.scale.measure:measure_scale",
    "scorecard": "benchmarks.governance.scorecard:measure_scorecard",
    "governance": "benchmarks.governance.second_opinion:measure_governance",
    "population_drawing": "benchmarks.population.drawing:measure_population_drawing",
}


def measure(name: str, **options: object) -> dict[str, Any] | None:
    """Take one measure; `options` are its own.

    Raises
    ------
    DeliveryError
        When something it needs is missing or broken; the other rooms' errors do not travel between processes.
    """
    module, _, function = (MEASURES | OPTIONAL_MEASURES)[name].partition(":")
    try:
        figures: dict[str, Any] | None = getattr(import_module(module), function)(**options)
    except (ScoringError, TrainingError) as error:
        raise DeliveryError(str(error)) from error
    return figures
