#!/usr/bin/env bash
# Subject:   onnxruntime, telemetry of the Linux wheel: what is there before anything is sent
# Versions:  onnxruntime 1.31.1, onnx 1.23.2, numpy 2.5.5
# Behaviour: With nothing set, the first session leaves an identifier of the device and a queue of events in the home
#            folder and starts one more thread. DO_NOT_TRACK=1, ORT_DISABLE_TELEMETRY=0 and
#            disable_telemetry_events() after the import change nothing of this; ORT_DISABLE_TELEMETRY=1 in the
#            environment before the import leaves no file and no thread. Run here in a namespace without a network
#            (util-linux's unshare), so that nothing can be sent.
# Seen:      2026-11-30
#            nothing set                 threads 2, left in the home folder: deviceid, onnxruntime.db
#            DO_NOT_TRACK=1              threads 2, left in the home folder: deviceid, onnxruntime.db
#            ORT_DISABLE_TELEMETRY=0     threads 2, left in the home folder: deviceid, onnxruntime.db
#            disable_telemetry_events()  threads 2, left in the home folder: deviceid, onnxruntime.db
#            ORT_DISABLE_TELEMETRY=1     threads 1, left in the home folder: nothing
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet onnxruntime==1.31.1 onnx==1.23.2 numpy==2.5.5
cat >"$folder/session.py" <<'PYTHON'
import os
import sys
import time
from pathlib import Path

import onnxruntime
from onnx import TensorProto, helper

if "after" in sys.argv:
    onnxruntime.disable_telemetry_events()
value = helper.make_tensor_value_info
graph = helper.make_graph(
    [helper.make_node("Identity", ["x"], ["y"])], "same",
    [value("x", TensorProto.FLOAT, [1])], [value("y", TensorProto.FLOAT, [1])],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(model.SerializeToString(), options)
time.sleep(3)
files = sorted(path.name for path in Path.home().rglob("*") if path.is_file() and "-" not in path.name)
print(len(os.listdir("/proc/self/task")), *files)
PYTHON
"$folder/bin/python" - "$folder" <<'PYTHON'
import subprocess
import sys
import tempfile

CASES = {
    "nothing set": ({}, []),
    "DO_NOT_TRACK=1": ({"DO_NOT_TRACK": "1"}, []),
    "ORT_DISABLE_TELEMETRY=0": ({"ORT_DISABLE_TELEMETRY": "0"}, []),
    "disable_telemetry_events()": ({}, ["after"]),
    "ORT_DISABLE_TELEMETRY=1": ({"ORT_DISABLE_TELEMETRY": "1"}, []),
}
folder = sys.argv[1]
found = {}
for name, (settings, words) in CASES.items():
    with tempfile.TemporaryDirectory(dir=folder) as home:
        command = ["unshare", "--map-root-user", "--net", f"{folder}/bin/python", f"{folder}/session.py", *words]
        environment = {"HOME": home, "PATH": "/usr/bin:/bin", "OPENBLAS_NUM_THREADS": "1", **settings}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        threads, *files = done.stdout.split()
        found[name] = (int(threads), files)
        print(f"{name:27} threads {threads}, left in the home folder: {', '.join(files) or 'nothing'}")

quiet = found.pop("ORT_DISABLE_TELEMETRY=1")
assert quiet == (1, []), "changed: ORT_DISABLE_TELEMETRY=1 no longer keeps the start quiet"
left = [threads > 1 and "deviceid" in files for threads, files in found.values()]
assert all(left), "changed: nothing is left by default"
PYTHON
