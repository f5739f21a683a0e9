#!/usr/bin/env bash
# Subject:   onnxruntime against onnx's checker, operators in double precision
# Versions:  onnxruntime 1.31.1, onnx 1.23.2, numpy 2.5.5
# Behaviour: The checker with full_check accepts a graph in double precision whatever the operator, as ONNX
#            allows it; onnxruntime's CPU provider has no double version of many of them and refuses the graph
#            when it is opened, Erf, Softplus and LeakyRelu among them. Exp, Log, Sigmoid and Tanh are there. Of
#            the classical-learning operators, LinearRegressor is refused, and Scaler takes doubles but answers
#            in single precision.
# Seen:      2026-11-30
#            accepted by the checker, in float and in double: 19
#            opened in float: 19
#            opened in double: Exp Log Sigmoid Tanh
#            not in double: Acos Asin Atan Cosh Elu Erf Gelu HardSigmoid LeakyRelu Mish Selu Sinh Softplus Softsign Tan
#            LinearRegressor with double input opened: False - Scaler, answering in float: True
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet onnxruntime==1.31.1 onnx==1.23.2 numpy==2.5.5
ORT_DISABLE_TELEMETRY=1 "$folder/bin/python" - <<'PYTHON'
import onnx
import onnxruntime
from onnx import TensorProto, helper

ELEMENTWISE = """Acos Asin Atan Cosh Elu Erf Exp Gelu HardSigmoid LeakyRelu Log Mish Selu Sigmoid Sinh Softplus
                 Softsign Tan Tanh""".split()
value = helper.make_tensor_value_info


def opens(node, kind, answer):
    graph = helper.make_graph([node], "one", [value("x", kind, ["n", 1])], [value("y", answer, ["n", 1])])
    opsets = [helper.make_opsetid("", 20), helper.make_opsetid("ai.onnx.ml", 3)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    onnx.checker.check_model(model, full_check=True)
    try:
        onnxruntime.InferenceSession(model.SerializeToString())
    except Exception as error:  # its classes have no public home
        assert "NOT_IMPLEMENTED" in str(error), error
        return False
    return True


def elementwise(kind):
    return {name for name in ELEMENTWISE if opens(helper.make_node(name, ["x"], ["y"]), kind, kind)}


single, double = elementwise(TensorProto.FLOAT), elementwise(TensorProto.DOUBLE)
print("accepted by the checker, in float and in double:", len(ELEMENTWISE))
print("opened in float:", len(single))
print("opened in double:", " ".join(sorted(double)))
print("not in double:", " ".join(sorted(single - double)))
regressor = helper.make_node("LinearRegressor", ["x"], ["y"], domain="ai.onnx.ml", coefficients=[2.0], intercepts=[1.0])
scaler = helper.make_node("Scaler", ["x"], ["y"], domain="ai.onnx.ml", offset=[0.0], scale=[1.0])
linear, scaled = (opens(node, TensorProto.DOUBLE, TensorProto.FLOAT) for node in (regressor, scaler))
print("LinearRegressor with double input opened:", linear, "- Scaler, answering in float:", scaled)

assert single == set(ELEMENTWISE), "changed: an operator is missing in float"
assert double == {"Exp", "Log", "Sigmoid", "Tanh"}, "changed: other operators are there in double"
assert not linear and scaled, "changed: the classical-learning operators take doubles otherwise"
PYTHON
