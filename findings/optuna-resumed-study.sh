#!/usr/bin/env bash
# Subject:   Optuna, a stored study that is resumed with the same seed; values outside the range
# Versions:  optuna 5.0.0
# Behaviour: A study taken up again by a new process with the sampler's seed draws the first trials once more:
#            five and five trials are five different ones, run twice, where ten at once are ten. An enqueued
#            trial may lie outside the range that suggest_float asks for, is run there with a warning, and may
#            become the best one.
# Seen:      2026-11-30
#            five, and five more: [0.5488, 0.7152, 0.6028, 0.5449, 0.4237, 0.5488, 0.7152, 0.6028, 0.5449, 0.4237]
#            ten at once:         [0.5488, 0.7152, 0.6028, 0.5449, 0.4237, 0.6459, 0.4376, 0.8918, 0.9637, 0.3834]
#            asked for 0 to 1, best of an enqueued trial: {'x': 5.0}
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet optuna==5.0.0
"$folder/bin/python" - <<'PYTHON'
import tempfile

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)


def loss(trial):
    return (trial.suggest_float("x", 0, 1) - 0.3) ** 2


def drawn(n_trials, storage=None):
    sampler = optuna.samplers.TPESampler(seed=0)
    study = optuna.create_study(study_name="s", storage=storage, sampler=sampler, load_if_exists=True)
    study.optimize(loss, n_trials=n_trials)
    return [round(trial.params["x"], 4) for trial in study.trials]


storage = f"sqlite:///{tempfile.mkdtemp()}/studies.db"
drawn(5, storage)
resumed, at_once = drawn(5, storage), drawn(10)
print("five, and five more:", resumed)
print("ten at once:        ", at_once)
study = optuna.create_study()
study.enqueue_trial({"x": 5.0})
study.optimize(lambda trial: -trial.suggest_float("x", 0, 1), n_trials=3)
print(f"asked for 0 to 1, best of an enqueued trial: {study.best_params}")

assert resumed[:5] == resumed[5:] and len(set(at_once)) == 10, "changed: a resumed study draws anew"
assert study.best_params == {"x": 5.0}, "changed: an enqueued value is held to the range"
PYTHON
