"""Settings found by search, on business cost: every combination of a small grid, a budget of trials in a large space.

Searches see part of the development rows and fewer folds than the assessments that decide: they propose, and what
they propose is then judged on the same folds as everything else.
"""

from __future__ import annotations

import json
import os
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import optuna
from joblib import parallel_config
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.experimental import enable_halving_search_cv  # noqa: F401  the import is what enables it
from sklearn.model_selection import HalvingGridSearchCV, ParameterGrid, PredefinedSplit

from metrics.costs import least_cost
from metrics.quality import log_losses
from training.files import written_file
from training.selection.assessment_store import fingerprint
from training.selection.calibration import calibrate_out_of_fold
from training.selection.folds import scored_by_fold

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from training.candidates import Candidate, Setting, Settings
    from training.candidates.search_space import Range, SearchSpace
    from training.compiler.columns import Columns
    from training.selection.development import Development

type Build = Callable[[Settings], Candidate]

# A third of the rows halves the noise of the next rung for a third of the work: scikit-learn's own factor.
_FACTOR = 3
_BEST_SHARE = 0.25


class CandidateEstimator(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A candidate as scikit-learn's searches want it; its one parameter is the settings."""

    def __init__(
        self,
        build: Build | None = None,
        columns: Columns | None = None,
        settings: Settings | None = None,
    ) -> None:
        self.build = build
        self.columns = columns
        self.settings = settings

    def fit(self, X: np.ndarray, y: np.ndarray) -> CandidateEstimator:
        """Train the candidate of the settings."""
        if self.build is None or self.settings is None or self.columns is None:
            raise TypeError("build, columns and settings are needed to fit")
        self.classes_ = np.unique(y)
        self.fitted_ = self.build(self.settings).fit(X, y, self.columns)
        return self

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """Return the candidate's score."""
        return np.asarray(self.fitted_.score(X))


def business_cost_scorer(estimator: CandidateEstimator, X: np.ndarray, y: np.ndarray) -> float:
    """Return minus the least cost per application that any threshold on the score gives.

    The threshold is set on the rows it is judged on, which flatters every setting alike.
    """
    return -least_cost(estimator.decision_function(X), y)


def best_of_grid(
    build: Build, space: SearchSpace, development: Development, *, folder: Path | None = None
) -> dict[str, Setting]:
    """Return the settings that win a successive halving of the grid on business cost.

    Parameters
    ----------
    folder
        Where the answer is kept, so that an interrupted run does not look for it again.
    """
    settings = list(ParameterGrid({name: list(values) for name, values in space.values.items()}))
    if len(settings) == 1:
        return dict(settings[0])
    asked = {"family": build(settings[0]).family, "grid": space.values, "seed": development.seed}
    kept = (
        folder
        and folder / f"grid-{fingerprint(asked, development.features, development.default, development.fold)}.json"
    )
    if kept and kept.is_file():
        return dict(json.loads(kept.read_text(encoding="utf-8")))
    found = _halved(build, settings, development)
    if kept:
        with written_file(kept) as temporary:
            temporary.write_text(json.dumps(found), encoding="utf-8")
    return found


def _halved(build: Build, settings: list[dict[str, Setting]], development: Development) -> dict[str, Setting]:
    search = HalvingGridSearchCV(
        CandidateEstimator(build, development.space.columns),
        {"settings": settings},
        factor=_FACTOR,
        min_resources="exhaust",
        cv=PredefinedSplit(development.fold),
        scoring=business_cost_scorer,
        refit=False,
        random_state=development.seed,
    )
    with parallel_config(backend="threading", n_jobs=os.cpu_count()), warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        search.fit(development.features, development.default)
    return dict(search.best_params_["settings"])


def best_of_trials(
    build: Build,
    space: SearchSpace,
    development: Development,
    start: Settings,
    *,
    n_trials: int,
    folder: Path | None,
    advance: Callable[[], object],
) -> dict[str, Setting]:
    """Return the best settings of a budgeted search (Optuna's TPE), which goes on where an interrupted one stopped.

    Parameters
    ----------
    start
        Settings the search begins with, and whose other parameters it keeps.
    n_trials
        Trials in all, those of an interrupted run included.
    folder
        Where trials are kept (SQLite); ``None`` keeps them in memory.
    """
    study = _study(build(start), space, development, start, folder)
    finished = _finished(study)
    for _ in finished[:n_trials]:
        advance()
    for number in range(len(finished), n_trials):
        # A sampler a trial: a run that was interrupted draws what the whole run would have drawn.
        study.sampler = optuna.samplers.TPESampler(seed=development.seed + number, n_startup_trials=n_trials // 3)
        if number == 0:
            # Optuna would run an enqueued value outside its range, and might choose it.
            within = {
                name: start[name] for name, span in space.ranges.items() if name in start and span.holds(start[name])
            }
            study.enqueue_trial(within, skip_if_exists=True)
        trial = study.ask()
        cost, log_loss = _try(build({**start, **_suggested(trial, space)}), development)
        trial.set_user_attr("log_loss", log_loss)
        study.tell(trial, cost)
        advance()
    return {**start, **_chosen(_finished(study)).params}


def _study(
    candidate: Candidate,
    space: SearchSpace,
    development: Development,
    start: Mapping[str, Setting],
    folder: Path | None,
) -> optuna.Study:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    asked = {"family": candidate.family, "space": [space.values, space.ranges], "start": dict(start)}
    name = fingerprint(asked | {"seed": development.seed}, development.features, development.default, development.fold)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    storage = None if folder is None else f"sqlite:///{folder / 'search.db'}"
    return optuna.create_study(study_name=name, storage=storage, load_if_exists=True, direction="minimize")


def _finished(study: optuna.Study) -> list[optuna.trial.FrozenTrial]:
    return study.get_trials(deepcopy=False, states=(optuna.trial.TrialState.COMPLETE,))


def _suggested(trial: optuna.Trial, space: SearchSpace) -> dict[str, Setting]:
    chosen: dict[str, Any] = {name: trial.suggest_categorical(name, values) for name, values in space.values.items()}
    return chosen | {name: _within(trial, name, span) for name, span in space.ranges.items()}


def _within(trial: optuna.Trial, name: str, span: Range) -> float | int:
    if span.is_whole:
        return trial.suggest_int(name, int(span.low), int(span.high), log=span.log)
    return trial.suggest_float(name, span.low, span.high, log=span.log)


def _try(candidate: Candidate, development: Development) -> tuple[float, float]:
    """Return out-of-fold cost and log loss of a candidate."""
    score, _, _ = scored_by_fold(candidate, development)
    probability = calibrate_out_of_fold(score, development.default, development.fold)
    return least_cost(probability, development.default), float(log_losses(probability, development.default).mean())


def _chosen(trials: list[optuna.trial.FrozenTrial]) -> optuna.trial.FrozenTrial:
    """Of the quarter with the least cost, the one with the least log loss: cost alone is half noise."""
    cheapest = sorted(trials, key=lambda trial: float(trial.value or 0.0))
    kept = cheapest[: max(1, round(len(cheapest) * _BEST_SHARE))]
    return min(kept, key=lambda trial: float(trial.user_attrs["log_loss"]))
