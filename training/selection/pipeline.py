"""From a feature table to a judged model: split, choose inputs, choose family, calibrate, set the threshold, judge."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tqdm import tqdm

from metrics.quality import measure_quality
from training.errors import ModelError
from training.selection.assessments import Assessment, assess, assess_candidates
from training.selection.calibration import Calibration, fit_calibration
from training.selection.candidate_table import candidate_table, say_candidate_table
from training.selection.development import FoldedApplications
from training.selection.folds import feature_importance
from training.selection.rules import (
    GapsToBest,
    choose_champion,
    gaps_to_best,
    shrink_inputs,
    smallest_within_noise,
)
from training.selection.search_spaces import own_search_spaces
from training.selection.settings import search_settings
from training.selection.splits import LEAST_DEFAULTS, Split, split_applications

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np

    from metrics.costs import ThresholdChoice
    from scoring.contract import Quality
    from scoring.evidence import ComparedCandidate
    from training.candidates import Candidate, FittedModel
    from training.candidates.search_space import SearchSpace
    from training.features.dataset import LabelledDataset
    from training.features.feature_space import FeatureSpace
    from training.selection.assessment_store import AssessmentStore
    from training.selection.development import Development
    from training.selection.effort import Effort

# Nobody has reached it on this data: above it a leak is likelier than a better model.
HIGHEST_CREDIBLE_AUC = 0.82


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """The model that will be served, and everything that speaks for it.

    Attributes
    ----------
    fitted
        Trained on the whole development part.
    importance
        Mean absolute contribution of each feature on development, calibrated.
    split
        Which of the applications were development, and which the hold-out.
    development
        What it was chosen on and learned from, over the inputs it reads.
    assessed
        Every candidate over the chosen inputs, out of fold.
    curve
        Out-of-fold cost by number of inputs.
    table
        The figures of `assessed`, cheapest first.
    quality
        Measured on the hold-out.
    accepted_high_auc
        Why a person believed an AUC above what anybody has reached; ``None`` where it is not above.
    """

    champion: Assessment
    fitted: FittedModel
    calibration: Calibration
    importance: np.ndarray
    split: Split
    development: Development
    assessed: tuple[Assessment, ...]
    curve: tuple[GapsToBest, ...]
    table: tuple[ComparedCandidate, ...]
    quality: Quality
    accepted_high_auc: str | None = None

    @property
    def space(self) -> FeatureSpace:
        """What the model reads."""
        return self.champion.space

    @property
    def threshold(self) -> ThresholdChoice:
        """Where to refuse, set out of fold."""
        return self.champion.threshold

    def default_probability(self, rows: np.ndarray) -> np.ndarray:
        """Return the trainer's own answer to raw rows: the library's score, calibrated."""
        return self.calibration.probability(self.fitted.score(self.space.compute(rows)))


def train_model(
    data: LabelledDataset,
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
        Applications with the inputs of `space`.
    accept_high_auc
        Why an AUC above `HIGHEST_CREDIBLE_AUC` is believed; without it such a run stops.
    spaces
        What a wide comparison searches; the families' own where it is not given.
    store
        Where finished work is kept, so that an interrupted run goes on from it; ``None`` keeps nothing.
    say
        Receives one text for each choice.

    Raises
    ------
    ModelError
        ``TRN202`` too few defaults to learn from, ``TRN203`` an AUC nobody has reached on this data.
    """
    _check_outcomes(data.default)
    split = split_applications(data.default, seed=seed)
    applications = FoldedApplications.of(data.at(split.development), n_folds=effort.n_folds, seed=seed)
    choice = choose_model(effort, applications, space, spaces, store=store, say=say)
    champion = choice.champion
    _stop_at_incredible_auc(champion.auc, accept_high_auc)
    judged = _judge(data, split, choice)
    return TrainedModel(
        champion=champion,
        fitted=judged.fitted,
        calibration=judged.calibration,
        importance=judged.importance,
        split=split,
        development=choice.development,
        assessed=tuple(choice.assessed),
        curve=tuple(gaps_to_best(choice.by_inputs)),
        table=choice.table,
        quality=judged.quality,
        accepted_high_auc=accept_high_auc if champion.auc > HIGHEST_CREDIBLE_AUC else None,
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """Everything judged out of fold on the way to the champion.

    Attributes
    ----------
    development
        The development data over the chosen inputs.
    """

    by_inputs: list[Assessment]
    development: Development
    assessed: list[Assessment]
    champion: Assessment
    table: tuple[ComparedCandidate, ...]


def choose_model(
    effort: Effort,
    applications: FoldedApplications,
    space: FeatureSpace,
    spaces: Mapping[str, SearchSpace] | None = None,
    *,
    store: AssessmentStore | None = None,
    say: Callable[[str], object] = print,
) -> Choice:
    """Choose the inputs, then the candidate, by the written rules; the hold-out is not touched.

    Parameters
    ----------
    applications
        Those of development.
    space
        Over all inputs.
    """
    by_inputs = choose_inputs(effort, applications, space, store=store)
    chosen = smallest_within_noise(by_inputs)
    say(_say_inputs(by_inputs, chosen))
    part = applications.over(chosen.space)
    candidates = _candidates_of(effort, part, own_search_spaces() if spaces is None else spaces, store)
    # The candidate that chose the inputs has been judged on the way.
    others = [one for one in candidates if one.name != chosen.candidate.name]
    assessed = [*assess_candidates(others, part, store=store), chosen]
    champion = choose_champion(assessed)
    table = candidate_table(assessed, champion, seed=part.seed)
    say(say_candidate_table(table))
    return Choice(by_inputs, part, assessed, champion, table)


def choose_inputs(
    effort: Effort, applications: FoldedApplications, whole: FeatureSpace, *, store: AssessmentStore | None = None
) -> list[Assessment]:
    """Judge boosted trees on ever fewer inputs of a space; the matrix of each is let go before the next is made."""
    candidate = effort.boosted_trees(seed=applications.seed)
    n_fits = effort.n_folds * (1 + sum(size < len(whole.inputs) for size in effort.input_counts))
    with tqdm(total=n_fits, desc="choosing inputs", unit="fit", disable=None) as bar:

        def assess_boosting(space: FeatureSpace) -> Assessment:
            return assess(candidate, applications.over(space), store=store, advance=bar.update)

        return shrink_inputs(assess_boosting, whole, effort.input_counts)


def _candidates_of(
    effort: Effort, development: Development, spaces: Mapping[str, SearchSpace], store: AssessmentStore | None
) -> list[Candidate]:
    """Return what is compared over the chosen inputs; a wide comparison searches settings first."""
    if effort.breadth is None:
        return effort.candidates(seed=development.seed)
    found = search_settings(effort, effort.breadth, development, spaces, store=store)
    return effort.wide_candidates(found, seed=development.seed)


@dataclass(frozen=True, slots=True)
class _Judged:
    """The champion, trained on all of development and measured on the hold-out."""

    fitted: FittedModel
    calibration: Calibration
    importance: np.ndarray
    quality: Quality


def _judge(data: LabelledDataset, split: Split, choice: Choice) -> _Judged:
    """Fit the best of every family on development for the hold-out table, and read the hold-out once."""
    champion, default, space = choice.champion, data.default, choice.champion.space
    features = space.compute(data.columns(space.input_names))
    learned, held = features[split.development], features[split.hold_out]

    def trained(one: Assessment) -> tuple[FittedModel, Calibration]:
        fitted = one.candidate.fit(learned, default[split.development], space.columns)
        return fitted, fit_calibration(one.score, default[split.development])

    others = _best_of_other_families(choice.assessed, champion)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        (fitted, calibration), *rest = pool.map(trained, [champion, *others.values()])
    answers = {
        family: (its_calibration.probability(other.score(held)), one.threshold.threshold)
        for (family, one), (other, its_calibration) in zip(others.items(), rest, strict=True)
    }
    return _Judged(
        fitted=fitted,
        calibration=calibration,
        importance=abs(calibration.scale) * feature_importance(fitted, learned),
        quality=measure_quality(
            calibration.probability(fitted.score(held)),
            default[split.hold_out],
            threshold=champion.threshold.threshold,
            seed=choice.development.seed,
            baselines=answers,
        ),
    )


def _best_of_other_families(assessed: list[Assessment], champion: Assessment) -> dict[str, Assessment]:
    """Return the cheapest candidate of each family but the champion's: one reading of the hold-out a family."""
    best: dict[str, Assessment] = {}
    for one in sorted(assessed, key=lambda one: one.cost, reverse=True):
        best[one.candidate.family] = one
    best.pop(champion.candidate.family)
    return best


def _check_outcomes(default: np.ndarray) -> None:
    """Refuse data that nothing can be learned from."""
    n_defaults = int(default.sum())
    if min(n_defaults, len(default) - n_defaults) < LEAST_DEFAULTS:
        raise ModelError(
            "TRN202",
            f"{n_defaults} defaults among {len(default)} applications; at least {LEAST_DEFAULTS} of each outcome "
            "are needed to set a threshold: use more applications",
        )


def _stop_at_incredible_auc(auc: float, reason: str | None) -> None:
    if auc > HIGHEST_CREDIBLE_AUC and not reason:
        raise ModelError(
            "TRN203",
            f"out-of-fold AUC {auc:.4f} is above {HIGHEST_CREDIBLE_AUC}, which nobody has reached on this data: look "
            'for a leak, or accept it with --accept-high-auc "reason"',
        )


def _say_inputs(assessed: list[Assessment], chosen: Assessment) -> str:
    lines = ["inputs   cost     AUC      cost above best (s.e.)   log loss above best (s.e.)"]
    for gaps in gaps_to_best(assessed):
        one, cost, loss = gaps.assessment, gaps.cost, gaps.log_loss
        mark = "  <- the smallest as good as the best" if one is chosen else ""
        lines.append(
            f"{len(one.space.inputs):6d}   {one.cost:.4f}   {one.auc:.4f}   "
            f"{cost.mean:+.4f} ({cost.standard_error:.4f})         {loss.mean:+.5f} ({loss.standard_error:.5f}){mark}"
        )
    return "\n".join(lines)
