"""From a feature table to a judged model: split, choose inputs, choose family, calibrate, set the threshold, judge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from tqdm import tqdm

from training.calibration import Calibration, fit_calibration
from training.errors import ModelError
from training.metrics import measure_quality
from training.selection import (
    Assessment,
    Standing,
    assess,
    choose_champion,
    feature_importance,
    shrink_inputs,
    smallest_within_noise,
    standings,
)
from training.splits import Split, fold_numbers, split_applications

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.contract import Quality
    from training.candidates import FittedModel
    from training.costs import ThresholdChoice
    from training.dataset import Dataset
    from training.effort import Effort
    from training.feature_space import FeatureSpace

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
    quality
        Measured on the hold-out.
    """

    space: FeatureSpace
    champion: Assessment
    fitted: FittedModel
    calibration: Calibration
    importance: np.ndarray
    split: Split
    assessed: tuple[Assessment, ...]
    curve: tuple[Standing, ...]
    quality: Quality
    seed: int

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
    say: Callable[[str], object] = print,
) -> TrainedModel:
    """Train, choose and judge.

    Parameters
    ----------
    data
        Labelled applications with the inputs of `space`.
    accept_high_auc
        Why an AUC above 0.82 is believed; without it such a run stops.
    say
        Receives one line for each choice.

    Raises
    ------
    ModelError
        ``TRN202`` too few defaults to learn from, ``TRN203`` an AUC nobody has reached on this data.
    """
    default = _labels(data)
    split = split_applications(default, seed=seed)
    rows, outcome = data.rows[split.development], default[split.development]
    fold = fold_numbers(outcome, n_folds=effort.n_folds, seed=seed)
    place = {name: index for index, name in enumerate(data.input_names)}

    def rows_of(part: FeatureSpace) -> np.ndarray:
        return np.ascontiguousarray(rows[:, [place[name] for name in part.input_names]])

    n_fits = effort.n_folds * (1 + sum(size < len(space.inputs) for size in effort.input_counts))
    with tqdm(total=n_fits, desc="choosing inputs", unit="fit", disable=None) as bar:

        def assess_boosting(part: FeatureSpace) -> Assessment:
            candidate = effort.boosted_trees(seed=seed)
            return assess(candidate, part, rows_of(part), outcome, fold, seed=seed, advance=bar.update)

        by_inputs = shrink_inputs(assess_boosting, space, effort.input_counts)
    chosen = smallest_within_noise(by_inputs)
    say(_say_inputs(by_inputs, chosen))
    others = [one for one in effort.candidates(seed=seed) if one.name != chosen.candidate.name]
    assessed = [assess(one, chosen.space, rows_of(chosen.space), outcome, fold, seed=seed) for one in others] + [chosen]
    champion = choose_champion(assessed)
    say(_say_champion(assessed, champion))
    _stop_at_incredible_auc(champion.auc, accept_high_auc)
    return _judge(data, champion, split, assessed, by_inputs, seed=seed)


def _judge(
    data: Dataset,
    champion: Assessment,
    split: Split,
    assessed: list[Assessment],
    by_inputs: list[Assessment],
    *,
    seed: int,
) -> TrainedModel:
    """Fit every family on development for the hold-out table, and read the hold-out once."""
    default = _labels(data)
    rows = data.columns(champion.space.input_names)
    features = champion.space.compute(rows)
    fitted_of, answers = {}, {}
    for one in assessed:
        fitted = one.candidate.fit(features[split.development], default[split.development], champion.space.n_codes)
        calibration = fit_calibration(one.score, default[split.development])
        fitted_of[one.candidate.name] = (fitted, calibration)
        answers[one.candidate.name] = (
            calibration.probability(fitted.score(features[split.hold_out])),
            one.threshold.threshold,
        )
    fitted, calibration = fitted_of[champion.candidate.name]
    probability, threshold = answers.pop(champion.candidate.name)
    return TrainedModel(
        space=champion.space,
        champion=champion,
        fitted=fitted,
        calibration=calibration,
        importance=abs(calibration.scale) * feature_importance(fitted, features[split.development]),
        split=split,
        assessed=tuple(assessed),
        curve=tuple(standings(by_inputs)),
        quality=measure_quality(
            probability, default[split.hold_out], threshold=threshold, seed=seed, baselines=answers
        ),
        seed=seed,
    )


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


def _say_champion(assessed: list[Assessment], champion: Assessment) -> str:
    lines = ["candidate              cost     AUC     threshold"]
    lines += [
        f"{one.candidate.name:<20}   {one.cost:.4f}   {one.auc:.4f}  {one.threshold.threshold:.4f}" for one in assessed
    ]
    lines.append(f"rule: lowest cost; a simpler model wins inside the noise -> {champion.candidate.name}")
    return "\n".join(lines)
