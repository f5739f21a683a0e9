#!/usr/bin/env bash
# Subject:   PyYAML and ruamel.yaml: one file of settings, two readings
# Versions:  pyyaml 6.0.3, ruamel.yaml 0.19.1
# Behaviour: PyYAML reads YAML 1.1, ruamel.yaml 1.2. A learning rate of 1e-3 is text to PyYAML (which wants
#            1.0e-3) and a number to ruamel.yaml; 012 is 10 and 12; 12:30:00 is 45000 seconds and text; no is
#            False and text. LightGBM, which takes its parameters as text, hides the first.
# Seen:      2026-11-30
#            1e-3      PyYAML '1e-3'    ruamel.yaml 0.001
#            1.0e-3    PyYAML 0.001     ruamel.yaml 0.001
#            012       PyYAML 10        ruamel.yaml 12
#            12:30:00  PyYAML 45000     ruamel.yaml '12:30:00'
#            no        PyYAML False     ruamel.yaml 'no'
#            1_000     PyYAML 1000      ruamel.yaml 1000
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet pyyaml==6.0.3 ruamel.yaml==0.19.1
"$folder/bin/python" - <<'PYTHON'
import yaml
from ruamel.yaml import YAML

TEXTS = ("1e-3", "1.0e-3", "012", "12:30:00", "no", "1_000")
found = {text: (yaml.safe_load(text), YAML(typ="safe").load(text)) for text in TEXTS}
for text, (old, new) in found.items():
    print(f"{text:9} PyYAML {old!r:9} ruamel.yaml {new!r}")

assert found["1e-3"] == ("1e-3", 0.001) and found["1.0e-3"] == (0.001, 0.001), "changed: exponents"
assert found["012"] == (10, 12) and found["12:30:00"] == (45000, "12:30:00"), "changed: zeros and colons"
assert found["no"] == (False, "no"), "changed: no"
PYTHON
