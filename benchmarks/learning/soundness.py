"""What soundness costs, and what it holds against: the free model beside the kept one, and the attacks of a user.

The price is measured on real applications, out of fold and paired: directions off, and each kind of input put back that
may not be asked. The attacks are made on the committed bundle, on applications of the sample population that no model
has seen: everything a client can do to a refusal without telling a lie that a rule would notice.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq

from benchmarks.learning.contenders import without_directions
from benchmarks.learning.models import REAL_SAMPLE, SEED, STORE
from delivery.paths import BUNDLE
from metrics.intervals import paired_difference
from metrics.quality import measure_quality
from scoring.bundle import Bundle
from scoring.decision import Decision, Outcome
from scoring.service import ScoredApplication, ScoringService
from training.bundle.batch_scoring import history_tables
from training.bundle.export import Taught, write_bundle
from training.candidates.gradient_boosting import LIGHTGBM
from training.commands.arguments import DEFAULT_CACHE
from training.features.build import build_features
from training.features.feature_space import FeatureSpace
from training.features.learning_data import read_learning_data
from training.population.drawing.generate import Plan, generate
from training.population.drawing.profile import load_profile
from training.schema import load_derived
from training.schema.policy import load_policy
from training.selection.assessments import assess
from training.selection.calibration import fit_calibration
from training.selection.development import Development
from training.selection.effort import EFFORTS
from training.selection.pipeline import train_model
from training.selection.splits import split_applications
from training.sources import load_sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scoring.contract import Contract
    from scoring.errors import InvalidApplicationError
    from scoring.features import Value
    from training.features.dataset import LabelledDataset
    from training.schema import InputEntry
    from training.selection.assessments import Assessment

N_FOLDS = 5
N_ATTACKED = 6_000
MOST_REFUSALS = 300
FIELDS_LEFT_OUT = (1, 3, 5, 12)
FACTORS = (1.5, 3.0)


def measure_soundness(folder: Path = REAL_SAMPLE) -> dict[str, Any]:
    """Return the price on real applications, where they are at hand, and what the attacks come to."""
    bundle = Bundle.open(BUNDLE)
    figures: dict[str, Any] = {"attacks": measure_attacks(bundle, _sample_applications(bundle.contract))}
    if folder.is_dir():
        figures["price"] = measure_price(folder)
        figures["real_attacks"] = _attacks_on_real_applications(folder)
    return figures


def measure_price(folder: Path) -> dict[str, Any]:
    """Judge LightGBM as it is served beside itself without what soundness asks of it, on the application table."""
    learning = read_learning_data(folder, DEFAULT_CACHE, tables=(), protected=True)
    split = split_applications(learning.applications.default, seed=SEED)
    data = learning.applications.at(split.development)
    allowed = [entry for entry in learning.space.inputs if not entry.protected]
    asked = [entry for entry in allowed if entry.policy.asked]
    served, free = LIGHTGBM.candidate(seed=SEED), without_directions(LIGHTGBM.candidate(seed=SEED))
    development = _development(data, asked)
    kept = assess(served, development, store=STORE)
    figures = {"kept": _figures(kept, kept)}
    figures["without_directions"] = _figures(assess(free, development, store=STORE), kept)
    for pattern in (entry.columns for entry in load_policy() if not entry.asked):
        back = [entry for entry in allowed if entry in asked or fnmatchcase(entry.name, pattern)]
        if len(back) > len(asked):
            figures[f"with {pattern}"] = _figures(assess(served, _development(data, back), store=STORE), kept)
    unsound = _with_gaps_as_they_are(_development(data, allowed))
    before = assess(free, unsound, store=STORE)
    figures["before"] = _figures(before, kept)
    held = learning.applications.at(split.hold_out)
    quality = {"kept": _quality(kept, development, held), "before": _quality(before, unsound, held)}
    return {"changes": figures, "quality": quality}


def _development(data: LabelledDataset, inputs: list[InputEntry]) -> Development:
    return Development.of(data, FeatureSpace.over(inputs, load_derived()), n_folds=N_FOLDS, seed=SEED)


def _with_gaps_as_they_are(development: Development) -> Development:
    """Return the applications as a model sees them that fills nothing and merges nothing: the trees sort the gaps."""
    space = replace(development.space, completion=None)
    return replace(development, space=space, features=space.compute(development.rows))


def _quality(one: Assessment, development: Development, held: LabelledDataset) -> dict[str, Any]:
    """Judge a candidate out of fold, and trained on all of development on applications kept apart."""
    fitted = one.candidate.fit(development.features, development.default, one.space.columns)
    calibration = fit_calibration(one.score, development.default)
    answers = calibration.probability(fitted.score(one.space.compute(held.columns(one.space.input_names))))
    judged = {
        "out_of_fold": (one.default_probability, development.default),
        "hold_out": (answers, held.default),
    }
    return {
        name: measure_quality(
            probability, default, threshold=one.threshold.threshold, seed=SEED, baselines={}
        ).model_dump()
        for name, (probability, default) in judged.items()
    }


def _figures(one: Assessment, kept: Assessment) -> dict[str, Any]:
    cost, log_loss = paired_difference(one.costs, kept.costs), paired_difference(one.log_losses, kept.log_losses)
    return {
        "cost": one.cost,
        "auc": one.auc,
        "log_loss": float(one.log_losses.mean()),
        "brier": one.brier,
        "cost_to_kept": {"mean": cost[0], "standard_error": cost[1]},
        "log_loss_to_kept": {"mean": log_loss[0], "standard_error": log_loss[1]},
    }


def _attacks_on_real_applications(folder: Path) -> dict[str, Any]:
    """Export a model of real applications, and attack it on real applications it has not seen."""
    learning = read_learning_data(folder, DEFAULT_CACHE, tables=())
    data = learning.applications
    trained = train_model(data, learning.space, EFFORTS["quick"].narrow(), seed=SEED, say=lambda _: None)
    with tempfile.TemporaryDirectory() as work:
        made = Path(work) / "bundle"
        write_bundle(made, trained, data, other_data={}, taught=Taught("", learning.table.fingerprint))
        bundle = Bundle.open(made)
        held = set(data.ids[trained.split.hold_out].tolist())
        content = pq.read_table(learning.table.path).to_pylist()
        applications = [_as_client(row, bundle.contract) for row in content if row["SK_ID_CURR"] in held]
        return measure_attacks(bundle, applications[:N_ATTACKED])


def measure_attacks(bundle: Bundle, applications: list[dict[str, Value]]) -> dict[str, Any]:
    """Return which share of refusals each attack turns into an acceptance, and into one that no person sees.

    Parameters
    ----------
    applications
        As a client sends them, gaps declared; none that the bundle's model was trained on.
    """
    service = ScoringService.of(bundle)
    answers = service.score_many(applications)
    judged = [
        (one, answer)
        for one, answer in zip(applications, answers, strict=True)
        if isinstance(answer, ScoredApplication)
    ]
    refusals = [one for one, answer in judged if answer.decision is Decision.REFUSE][:MOST_REFUSALS]
    return {
        "applications": len(applications),
        "refusals": len(refusals),
        "reviews": Counter(motive.value for _, answer in judged for motive in answer.review)
        | {"ensemble": sum(bool(answer.review) for _, answer in judged)},
        "reviews_gaps_left_out": _reviews_without_nulls(service, [one for one, _ in judged]),
        "left_out": {str(count): _left_out(service, refusals, count) for count in FIELDS_LEFT_OUT},
        "declared_absent": _turned(service, refusals, _declared_absent(service.contract)),
        "rare_category": _turned(service, refusals, _rare_categories(service.contract)),
        "worse": _wrong_ways(service, refusals),
    }


def _sample_applications(contract: Contract) -> list[dict[str, Value]]:
    """Return fresh applications of the sample population as a client would send them, gaps declared."""
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "data"
        folder.mkdir()
        generate(load_profile(), Plan(N_ATTACKED, SEED + 1), folder, "parquet")
        sources = load_sources(folder, tables=history_tables(contract.inputs))
        table = build_features(sources, Path(work)).path
        content = pq.read_table(table, columns=[item.name for item in contract.inputs])
    return [_as_client(row, contract) for row in content.to_pylist()]


def _as_client(row: Mapping[str, Value], contract: Contract) -> dict[str, Value]:
    """Return the inputs among the columns of a row, as a client would send them."""
    return {item.name: _as_sent(row[item.name], item.kind) for item in contract.inputs}


def _as_sent(value: Value, kind: str) -> Value:
    return int(value) if kind == "flag" and isinstance(value, float) else value


def _reviews_without_nulls(service: ScoringService, applications: list[dict[str, Value]]) -> dict[str, int]:
    """Count what goes to a person where nobody declares what there is none of."""
    bare = [{name: value for name, value in one.items() if value is not None} for one in applications]
    answers = [one for one in service.score_many(bare) if isinstance(one, ScoredApplication)]
    return {"judged": len(answers), "reviewed": sum(bool(one.review) for one in answers)}


def _left_out(service: ScoringService, refusals: list[dict[str, Value]], count: int) -> dict[str, float]:
    """Leave out, one after the other, whatever lowers the answer most."""
    optional = [item.name for item in service.contract.inputs if not item.required]
    turned: Counter[str] = Counter()
    for refusal in refusals:
        application = dict(refusal)
        for _ in range(min(count, len(optional))):
            names = [name for name in optional if name in application]
            without = [{key: value for key, value in application.items() if key != name} for name in names]
            application = without[int(np.argmin(service.probabilities(without)))]
        turned.update(_outcomes(service.score_many([application])))
    return _shares(turned, len(refusals))


def _turned(
    service: ScoringService, refusals: list[dict[str, Value]], changes: list[Mapping[str, Value]]
) -> dict[str, float]:
    """Try each change on each refusal; a refusal counts by the best that any of them brings."""
    turned: Counter[str] = Counter()
    for refusal in refusals:
        found = _outcomes(service.score_many([{**refusal, **change} for change in changes]))
        turned.update({"accepted"} & found.keys() | {"granted"} & found.keys())
    return _shares(turned, len(refusals))


def _outcomes(answers: list[ScoredApplication | InvalidApplicationError]) -> Counter[str]:
    found: Counter[str] = Counter()
    for answer in answers:
        if isinstance(answer, ScoredApplication) and answer.decision is Decision.ACCEPT:
            found["accepted"] += 1
            found["granted"] += answer.proposal is Outcome.GRANT
    return +found


def _shares(turned: Counter[str], count: int) -> dict[str, float]:
    return {name: turned[name] / count for name in ("accepted", "granted")}


def _declared_absent(contract: Contract) -> list[Mapping[str, Value]]:
    return [{item.name: None} for item in contract.inputs if not item.required]


def _rare_categories(contract: Contract) -> list[Mapping[str, Value]]:
    return [{item.name: category} for item in contract.inputs for category in item.rare]


def _wrong_ways(service: ScoringService, refusals: list[dict[str, Value]]) -> dict[str, float]:
    """Return by change for the worse the share of refusals whose probability it lowers."""
    return dict(_worse(service, refusals))


def _worse(service: ScoringService, refusals: list[dict[str, Value]]) -> Iterator[tuple[str, float]]:
    contract = service.contract
    for move in contract.moves:
        for factor in FACTORS:
            yield f"{move.name} × {factor:g}", _lowered(service, refusals, dict.fromkeys(move.inputs, factor))
    directed = [item for item in contract.inputs if item.direction and item.kind == "number"]
    for item in directed:
        usual = item.usual_high if item.direction > 0 else item.usual_low
        if usual is not None:
            worst = [one | {item.name: usual} for one in refusals if isinstance(one[item.name], int | float)]
            before = [one for one in refusals if isinstance(one[item.name], int | float)]
            moved = [
                (one, changed)
                for one, changed in zip(before, worst, strict=True)
                if item.direction * (usual - float(one[item.name] or 0)) > 0
            ]
            if moved:
                first = service.probabilities([one for one, _ in moved])
                second = service.probabilities([changed for _, changed in moved])
                yield item.name, float((second < first).mean())


def _lowered(service: ScoringService, refusals: list[dict[str, Value]], factors: Mapping[str, float]) -> float:
    given = [one for one in refusals if all(isinstance(one[name], int | float) for name in factors)]
    grown = [one | {name: float(one[name] or 0) * factor for name, factor in factors.items()} for one in given]
    return float((service.probabilities(grown) < service.probabilities(given) - 1e-12).mean()) if given else 0.0
