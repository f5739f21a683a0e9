#!/usr/bin/env bash
# Subject:   onnxruntime, trees in double precision (TreeEnsemble of ai.onnx.ml 5 and TreeEnsembleRegressor of 3)
# Versions:  onnxruntime 1.31.1, onnx 1.23.2, numpy 2.5.5
# Behaviour: TreeEnsemble takes double thresholds, leaves and inputs and answers in double, bit for bit. The
#            older TreeEnsembleRegressor takes double thresholds and leaves as well and routes by them, but
#            answers in single precision. In single precision the three neighbours around a threshold are one
#            number and all go left.
# Seen:      2026-11-30
#            TreeEnsemble, double              float64 [0.2, 0.2, 0.7]
#            TreeEnsemble, float               float32 [0.20000000298023224, 0.20000000298023224, 0.20000000298023224]
#            TreeEnsembleRegressor, in double  float32 [0.20000000298023224, 0.20000000298023224, 0.699999988079071]
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet onnxruntime==1.31.1 onnx==1.23.2 numpy==2.5.5
ORT_DISABLE_TELEMETRY=1 "$folder/bin/python" - <<'PYTHON'
import numpy as np
import onnxruntime
from onnx import TensorProto, checker, helper, numpy_helper

THRESHOLD, LEAVES = 0.1, (0.2, 0.7)
ROWS = np.array([np.nextafter(THRESHOLD, 0), THRESHOLD, np.nextafter(THRESHOLD, 1)])[:, None]


def session(node, inputs, outputs, version):
    value = helper.make_tensor_value_info
    graph = helper.make_graph([node], "tree", [value("x", inputs, ["n", 1])], [value("y", outputs, ["n", 1])])
    opsets = [helper.make_opsetid("", 20), helper.make_opsetid("ai.onnx.ml", version)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    checker.check_model(model, full_check=True)
    return onnxruntime.InferenceSession(model.SerializeToString())


def ensemble(dtype, kind):
    node = helper.make_node(
        "TreeEnsemble", ["x"], ["y"], domain="ai.onnx.ml", n_targets=1, aggregate_function=1, post_transform=0,
        tree_roots=[0], nodes_featureids=[0], nodes_modes=numpy_helper.from_array(np.zeros(1, np.uint8)),
        nodes_splits=numpy_helper.from_array(np.array([THRESHOLD], dtype)), nodes_truenodeids=[0],
        nodes_trueleafs=[1], nodes_falsenodeids=[1], nodes_falseleafs=[1], leaf_targetids=[0, 0],
        leaf_weights=numpy_helper.from_array(np.array(LEAVES, dtype)),
    )
    return session(node, kind, kind, 5).run(None, {"x": ROWS.astype(dtype)})[0].ravel()


def regressor():
    node = helper.make_node(
        "TreeEnsembleRegressor", ["x"], ["y"], domain="ai.onnx.ml", n_targets=1,
        nodes_treeids=[0] * 3, nodes_nodeids=[0, 1, 2], nodes_featureids=[0] * 3,
        nodes_modes=["BRANCH_LEQ", "LEAF", "LEAF"], nodes_truenodeids=[1, 0, 0], nodes_falsenodeids=[2, 0, 0],
        nodes_values_as_tensor=numpy_helper.from_array(np.array([THRESHOLD, 0, 0])),
        target_treeids=[0, 0], target_nodeids=[1, 2], target_ids=[0, 0],
        target_weights_as_tensor=numpy_helper.from_array(np.array(LEAVES)),
    )
    return session(node, TensorProto.DOUBLE, TensorProto.FLOAT, 3).run(None, {"x": ROWS})[0].ravel()


answers = {
    "TreeEnsemble, double": ensemble(np.float64, TensorProto.DOUBLE),
    "TreeEnsemble, float": ensemble(np.float32, TensorProto.FLOAT),
    "TreeEnsembleRegressor, in double": regressor(),
}
for name, answer in answers.items():
    print(f"{name:33} {answer.dtype} {answer.tolist()}")
low, high = LEAVES

assert answers["TreeEnsemble, double"].tolist() == [low, low, high], "changed: TreeEnsemble is not exact in double"
assert len(set(answers["TreeEnsemble, float"].tolist())) == 1, "changed: single precision tells neighbours apart"
old = answers["TreeEnsembleRegressor, in double"]
assert old.dtype == np.float32 and len(set(old.tolist())) == 2, "changed: TreeEnsembleRegressor answers otherwise"
PYTHON
