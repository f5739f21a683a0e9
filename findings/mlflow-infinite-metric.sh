#!/usr/bin/env bash
# Subject:   MLflow, metrics that are infinite or not a number; parameters and aliases
# Versions:  mlflow 3.17.2
# Behaviour: In a SQL store an infinite metric is kept as 1.7976931348623157e+308 and comes back as that finite
#            number, the best of all runs by a metric that is to be high. NaN stays NaN and is last in either
#            order. Aliases are told apart by their capitals: Champion and champion are two, and may stand on
#            different versions.
# Seen:      2026-11-30
#            logged 0.7: read 0.7
#            logged nan: read nan
#            logged inf: read 1.7976931348623157e+308
#            logged 0.9: read 0.9
#            DESC [1.7976931348623157e+308, 0.9, 0.7, nan]
#            ASC  [0.7, 0.9, 1.7976931348623157e+308, nan]
#            aliases: {'Champion': 1, 'champion': 2}
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet mlflow==3.17.2
MLFLOW_DISABLE_TELEMETRY=true DO_NOT_TRACK=true "$folder/bin/python" - <<'PYTHON'
import logging
import math
import os
import tempfile

logging.disable(logging.WARNING)
os.chdir(tempfile.mkdtemp())
import mlflow

mlflow.set_tracking_uri("sqlite:///store.db")
client = mlflow.MlflowClient()
experiment = mlflow.create_experiment("scores", artifact_location="artifacts")
for value in (0.7, math.nan, math.inf, 0.9):
    with mlflow.start_run(experiment_id=experiment) as run:
        mlflow.log_metric("gain", value)
    print(f"logged {value}: read {client.get_run(run.info.run_id).data.metrics['gain']!r}")
orders = {}
for order in ("DESC", "ASC"):
    runs = client.search_runs([experiment], order_by=[f"metrics.gain {order}"])
    orders[order] = [run.data.metrics["gain"] for run in runs]
    print(f"{order:4} {orders[order]}")
client.create_registered_model("scoring")
for version in (1, 2):
    client.create_model_version("scoring", "file:///nowhere", None)
client.set_registered_model_alias("scoring", "Champion", "1")
client.set_registered_model_alias("scoring", "champion", "2")
aliases = {name: int(version) for name, version in client.get_registered_model("scoring").aliases.items()}
print("aliases:", dict(sorted(aliases.items())))

largest = orders["DESC"][0]
assert math.isfinite(largest) and largest > 1e308, "changed: infinity is kept, or refused"
assert math.isnan(orders["DESC"][-1]) and math.isnan(orders["ASC"][-1]), "changed: the place of NaN"
assert aliases == {"Champion": 1, "champion": 2}, "changed: capitals no longer count in aliases"
PYTHON
