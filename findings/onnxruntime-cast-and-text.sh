#!/usr/bin/env bash
# Subject:   onnxruntime, Cast between numbers and text
# Versions:  onnxruntime 1.31.1, onnx 1.23.2, numpy 2.5.5
# Behaviour: Cast of a double to text keeps eight digits, so that two numbers become one text (onnx's own
#            reference keeps them apart); Cast of text to a double reads as far as it can and drops the rest in
#            silence, so "1,5" is 1 and "2.5abc" is 2.5. A graph that codes numbers as categories, or parses
#            fields of a form, meets both.
# Seen:      2026-11-30
#            numbers:   [365243.0, 123456789.0, 123456790.0, 1234567.25]
#            as text:   ['365243', '1.2345679e+08', '1.2345679e+08', '1234567.2']
#            reference: ['365243.0', '123456789.0', '123456790.0', '1234567.25']
#            text ['1,5', '2.5abc', '1_000', '12 000'] is read as [1.0, 2.5, 1.0, 12.0]
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet onnxruntime==1.31.1 onnx==1.23.2 numpy==2.5.5
ORT_DISABLE_TELEMETRY=1 "$folder/bin/python" - <<'PYTHON'
import numpy as np
import onnxruntime
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator


def cast(source, target):
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [helper.make_node("Cast", ["x"], ["y"], to=target)], "cast",
        [value("x", source, ["n"])], [value("y", target, ["n"])],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)


def run(model, rows):
    return onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"x": rows})[0].tolist()


to_text, to_number = cast(TensorProto.DOUBLE, TensorProto.STRING), cast(TensorProto.STRING, TensorProto.DOUBLE)
numbers = np.array([365243.0, 123456789.0, 123456790.0, 1234567.25])
texts = run(to_text, numbers)
reference = ReferenceEvaluator(to_text).run(None, {"x": numbers})[0].tolist()
print("numbers:  ", numbers.tolist())
print("as text:  ", texts)
print("reference:", reference)
fields = ["1,5", "2.5abc", "1_000", "12 000"]
read = run(to_number, np.array(fields, object))
print("text", fields, "is read as", read)

assert texts[1] == texts[2] and reference[1] != reference[2], "changed: more than eight digits are kept"
assert read == [1.0, 2.5, 1.0, 12.0], "changed: text after a number is no longer dropped"
PYTHON
