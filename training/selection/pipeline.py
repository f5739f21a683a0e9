"""From a feature table to a judged model: split, choose inputs, choose family, calibrate, set the threshold, judge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tqdm import tqdm

from metrics.quality import measure_quality
from training.errors import ModelError
from training.selection.calibration import Calibration, fit_calibration
from training.selection.comparing import Arena, hold_contest
from training.selection.comparison import compare, say_comparison
from training.selection.folds import feature_importance
from training.selection.rules import (
    Assessment,
    Standing,
    assess,
    choose_champion,
    shrink_inputs,
    smallest_within_noise,
    standings,
)
from training.selection.search_space import load_search_spaces
from training.selection.splits import Split, fold_numbers, split_applications

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np

    from metrics.costs import ThresholdChoice
    from scoring.contract import Quality
    from scoring.evidence import ComparedCandidate
    from training.candidates import FittedModel
    from training.features.dataset import Dataset
    from training.features.feature_space import FeatureSpace
    from training.selection.assessment_store import AssessmentStore
    from training.selection.effort import Effort
    from training.selection.search_space import SearchSpace

HIGHEST_CREDIBLE_AUC = 0.82
LEAST_DEFAULTS = 100


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """The model that will be served, and everything that speaks for it.

    Attributes
    ----------
    fitted
        Trained on the whole development part.
    importance
        Mean absolute contribution of each feature on development, calibrated.
    assessed
        Every candidate over the chosen inputs, out of fold.
    curve
        Out-of-fold cost by number of inputs.
    comparison
        The table of `assessed`, cheapest first.
    fold
        Fold of each application of development, shape ``(n_development,)``.
    quality
        Measured on the hold-out.
    accepted_high_auc
        Why a person believed an AUC above what anybody has reached; ``None`` where it is not above.
    """

    space: FeatureSpace
    champion: Assessment
    fitted: FittedModel
    calibration: Calibration
    importance: np.ndarray
    split: Split
    assessed: tuple[Assessment, ...]
    curve: tuple[Standing, ...]
    comparison: tuple[ComparedCandidate, ...]
    fold: np.ndarray
    quality: Quality
    seed: int
    accepted_high_auc: str | None = None

    @property
    def threshold(self) -> ThresholdChoice:
        """Where to refuse, set out of fold."""
        return self.champion.threshold

    def default_probability(self, rows: np.ndarray) -> np.ndarray:
        """Return the trainer's own answer to raw rows: the library's score, calibrated."""
        return self.calibration.probability(self.fitted.score(self.space.compute(rows)))


def train_model(
    data: Dataset,
    space: FeatureSpace,
    effort: Effort,
    *,
    seed: int,
    accept_high_auc: str | None = None,
    spaces: Mapping[str, SearchSpace] | None = None,
    store: AssessmentStore | None = None,
    say: Callable[[str], object] = print,
) -> TrainedModel:
    """Train, choose and judge.

    Parameters
    ----------
    data
        Labelled applications with the inputs of `space`.
    accept_high_auc
        Why an AUC above 0.82 is believed; without it such a run stops.
    spaces
        What a wide comparison searches; the project's own where it is not given.
    store
        Where finished work is kept, so that an interrupted run goes on from it; ``None`` keeps nothing.
    say
        Receives one text for each choice.

    Raises
    ------
    ModelError
        ``TRN202`` too few defaults to learn from, ``TRN203`` an AUC nobody has reached on this data.
    """
    default = _labels(data)
    split = split_applications(default, seed=seed)
    rows, outcome = data.columns(space.input_names)[split.development], default[split.development]
    fold = fold_numbers(outcome, n_folds=effort.n_folds, seed=seed)
    arena = Arena(space, rows, outcome, fold, seed, store)
    choice = choose_model(effort, arena, load_search_spaces() if spaces is None else spaces, say=say)
    champion = choice.champion
    _stop_at_incredible_auc(champion.auc, accept_high_auc)
    judged = _judge(data, champion, split, choice.assessed, seed=seed)
    return TrainedModel(
        space=champion.space,
        champion=champion,
        fitted=judged.fitted,
        calibration=judged.calibration,
        importance=judged.importance,
        split=split,
        assessed=tuple(choice.assessed),
        curve=tuple(standings(choice.by_inputs)),
        comparison=choice.comparison,
        fold=fold,
        quality=judged.quality,
        seed=seed,
        accepted_high_auc=accept_high_auc if champion.auc > HIGHEST_CREDIBLE_AUC else None,
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """Everything judged out of fold on the way to the champion."""

    by_inputs: list[Assessment]
    assessed: list[Assessment]
    champion: Assessment
    comparison: tuple[ComparedCandidate, ...]


def choose_model(
    effort: Effort, arena: Arena, spaces: Mapping[str, SearchSpace], *, say: Callable[[str], object] = print
) -> Choice:
    """Choose the inputs, then the candidate, by the written rules; the hold-out is not touched.

    Parameters
    ----------
    arena
        All inputs of development.
    """
    by_inputs = choose_inputs(effort, arena)
    chosen = smallest_within_noise(by_inputs)
    say(_say_inputs(by_inputs, chosen))
    assessed = hold_contest(effort, arena.restricted_to(chosen.space), chosen, spaces)
    champion = choose_champion(assessed)
    comparison = compare(assessed, champion, seed=arena.seed)
    say(say_comparison(comparison))
    return Choice(by_inputs, assessed, champion, comparison)


def choose_inputs(effort: Effort, arena: Arena) -> list[Assessment]:
    """Judge boosted trees on ever fewer inputs."""
    candidate = effort.boosted_trees(seed=arena.seed)
    n_fits = effort.n_folds * (1 + sum(size < len(arena.space.inputs) for size in effort.input_counts))
    with tqdm(total=n_fits, desc="choosing inputs", unit="fit", disable=None) as bar:

        def assess_boosting(space: FeatureSpace) -> Assessment:
            part = arena.restricted_to(space)
            return assess(
                candidate,
                space,
                part.rows,
                part.default,
                part.fold,
                seed=part.seed,
                store=part.store,
                advance=bar.update,
            )

        return shrink_inputs(assess_boosting, arena.space, effort.input_counts)


@dataclass(frozen=True, slots=True)
class _Judged:
    """The champion, trained on all of development and measured on the hold-out."""

    fitted: FittedModel
    calibration: Calibration
    importance: np.ndarray
    quality: Quality


def _judge(data: Dataset, champion: Assessment, split: Split, assessed: list[Assessment], *, seed: int) -> _Judged:
    """Fit the best of every family on development for the hold-out table, and read the hold-out once."""
    default = _labels(data)
    features = champion.space.compute(data.columns(champion.space.input_names))
    learned, held = features[split.development], features[split.hold_out]

    def trained(one: Assessment) -> tuple[FittedModel, Calibration]:
        fitted = one.candidate.fit(learned, default[split.development], champion.space.n_codes)
        return fitted, fit_calibration(one.score, default[split.development])

    fitted, calibration = trained(champion)
    answers = {}
    for family, one in _best_of_other_families(assessed, champion).items():
        other, its_calibration = trained(one)
        answers[family] = (its_calibration.probability(other.score(held)), one.threshold.threshold)
    return _Judged(
        fitted=fitted,
        calibration=calibration,
        importance=abs(calibration.scale) * feature_importance(fitted, learned),
        quality=measure_quality(
            calibration.probability(fitted.score(held)),
            default[split.hold_out],
            threshold=champion.threshold.threshold,
            seed=seed,
            baselines=answers,
        ),
    )


def _best_of_other_families(assessed: list[Assessment], champion: Assessment) -> dict[str, Assessment]:
    """Return the cheapest candidate of each family but the champion's: one reading of the hold-out a family."""
    best: dict[str, Assessment] = {}
    for one in sorted(assessed, key=lambda one: one.cost, reverse=True):
        best[one.candidate.family or one.candidate.name] = one
    best.pop(champion.candidate.family or champion.candidate.name)
    return best


def _labels(data: Dataset) -> np.ndarray:
    """Return the outcomes, or refuse data that nothing can be learned from."""
    if data.default is None:
        raise ModelError("TRN202", "the applications have no TARGET; train on application_train")
    n_defaults = int(data.default.sum())
    if min(n_defaults, len(data.default) - n_defaults) < LEAST_DEFAULTS:
        raise ModelError(
            "TRN202",
            f"{n_defaults} defaults among {len(data.default)} applications; at least {LEAST_DEFAULTS} of each outcome "
            "are needed to set a threshold: use more applications",
        )
    return data.default


def _stop_at_incredible_auc(auc: float, reason: str | None) -> None:
    if auc > HIGHEST_CREDIBLE_AUC and not reason:
        raise ModelError(
            "TRN203",
            f"out-of-fold AUC {auc:.4f} is above {HIGHEST_CREDIBLE_AUC}, which nobody has reached on this data: look "
            'for a leak, or accept it with --accept-high-auc "reason"',
        )


def _say_inputs(assessed: list[Assessment], chosen: Assessment) -> str:
    lines = ["inputs   cost     AUC      cost above best (s.e.)   log loss above best (s.e.)"]
    for standing in standings(assessed):
        one, cost, loss = standing.assessment, standing.cost, standing.log_loss
        mark = "  <- the smallest as good as the best" if one is chosen else ""
        lines.append(
            f"{len(one.space.inputs):6d}   {one.cost:.4f}   {one.auc:.4f}   "
            f"{cost.mean:+.4f} ({cost.standard_error:.4f})         {loss.mean:+.5f} ({loss.standard_error:.5f}){mark}"
        )
    return "\n".join(lines)
