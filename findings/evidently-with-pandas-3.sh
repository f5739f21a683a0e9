#!/usr/bin/env bash
# Subject:   Evidently, installed today without a pin for pandas
# Versions:  evidently 0.7.23, pandas 3.1.1
# Behaviour: Evidently declares pandas 1.3.5 or later, so that a fresh installation brings pandas 3; its import
#            then fails, on a name that pandas 3 no longer has. pip reports no conflict. pandas 2.3.3 beside it
#            works.
# Seen:      2026-11-30
#            evidently 0.7.23 requires ['pandas[parquet]>=1.3.5']
#            pandas 3.1.1: pip check passes; ImportError: cannot import name 'infer_dtype_from_object'
#            pandas 2.3.3: pip check passes; imported
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet evidently==0.7.23 pandas==3.1.1
DO_NOT_TRACK=1 "$folder/bin/python" - <<'PYTHON'
import importlib.metadata
import subprocess
import sys

declared = importlib.metadata.requires("evidently")
required = [line for line in declared if line.startswith("pandas") and "extra" not in line]
print("evidently", importlib.metadata.version("evidently"), "requires", required)
found = []
for version in ("3.1.1", "2.3.3"):
    install = [sys.executable, "-m", "pip", "install", "--quiet", f"pandas=={version}"]
    subprocess.run(install, check=True, stderr=subprocess.DEVNULL)
    check = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True)
    command = [sys.executable, "-W", "ignore", "-c", "import evidently"]
    imported = subprocess.run(command, capture_output=True, text=True)
    found.append(imported.returncode)
    said = imported.stderr.strip().splitlines()[-1].partition(" from ")[0] if imported.returncode else "imported"
    print(f"pandas {version}: pip check {'passes' if check.returncode == 0 else 'complains'}; {said}")

assert found == [1, 0], "changed: Evidently and pandas 3, or 2, go together otherwise"
PYTHON
