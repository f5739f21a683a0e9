#!/usr/bin/env bash
# Subject:   FastAPI, its share of a cold start beside what it stands on
# Versions:  fastapi 0.165.0, starlette 1.10.0, pydantic 2.14.3
# Behaviour: Importing FastAPI after pydantic and Starlette costs more processor time than importing those two,
#            and more than half of the whole: most of it builds pydantic models of OpenAPI that an API without
#            documentation never uses, and OpenTelemetry's interface is imported though nothing is traced.
#            Seconds depend on the machine, and are printed; the order of the two is checked, by the medians of
#            nine runs.
# Seen:      2026-11-30
#            pydantic and Starlette 143 ms, FastAPI on top 208 ms: 59% of the import
#            imported with it: fastapi.openapi.models opentelemetry
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet fastapi==0.165.0 starlette==1.10.0 pydantic==2.14.3
"$folder/bin/python" - <<'PYTHON'
import statistics
import subprocess
import sys

TIMED = """
import sys, time
started = time.process_time()
import pydantic, starlette.applications, starlette.routing
below = time.process_time()
import fastapi
done = time.process_time()
slow = [name for name in ("fastapi.openapi.models", "opentelemetry") if name in sys.modules]
print(below - started, done - below, *slow)
"""
runs = []
for _ in range(9):
    answer = subprocess.run([sys.executable, "-c", TIMED], capture_output=True, text=True, check=True).stdout.split()
    runs.append((float(answer[0]), float(answer[1]), answer[2:]))
below, above = (statistics.median(run[part] for run in runs) for part in (0, 1))
print(f"pydantic and Starlette {below * 1e3:.0f} ms, FastAPI on top {above * 1e3:.0f} ms: "
      f"{above / (above + below):.0%} of the import")
print("imported with it:", *runs[0][2])

assert above > below, "changed: FastAPI costs less than what it stands on"
assert runs[0][2] == ["fastapi.openapi.models", "opentelemetry"], "changed: what FastAPI imports"
PYTHON
