#!/usr/bin/env bash
# Subject:   DuckDB's Python binding and gc.freeze
# Versions:  duckdb 2.0.0, CPython 3.12
# Behaviour: gc.freeze after start-up spares a server looking through what it keeps. A connection that hangs in any
#            cycle of references (an application object, say) is then never taken away, not even when the
#            interpreter ends, and DuckDB's binding tells the user of leaked instances, types and functions and of a
#            reference counting issue. The exit status stays 0. gc.unfreeze at exit (atexit) is enough against it.
# Seen:      2026-12-01
#            as it is: 0 lines, status 0
#            frozen: 28 lines, first "nanobind: leaked 28 instances!", status 0
#            frozen, unfrozen at exit: 0 lines, status 0
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet duckdb==2.0.0
cat > "$folder/server.py" <<'PYTHON'
import atexit
import gc
import sys

import duckdb


class Application:
    def __init__(self):
        self.database = duckdb.connect()
        self.database.execute("SELECT 42").fetchall()
        self.routes = {"/": self.answer}  # a bound method: the object is in a cycle

    def answer(self):
        return self.database


application = Application()
if "freeze" in sys.argv:
    gc.freeze()
if "unfreeze" in sys.argv:
    atexit.register(gc.unfreeze)
PYTHON
"$folder/bin/python" - "$folder/server.py" <<'PYTHON'
import subprocess
import sys


def end(*options):
    done = subprocess.run([sys.executable, sys.argv[1], *options], capture_output=True, text=True)
    return done.returncode, done.stderr.splitlines()


ways = {"as it is": end(), "frozen": end("freeze"), "frozen, unfrozen at exit": end("freeze", "unfreeze")}
for name, (status, lines) in ways.items():
    first = f', first "{lines[0]}"' if lines else ""
    print(f"{name}: {len(lines)} lines{first}, status {status}")

assert [status for status, _ in ways.values()] == [0, 0, 0], "changed: the status"
assert not ways["as it is"][1] and not ways["frozen, unfrozen at exit"][1], "changed: without freezing"
assert "leaked" in ways["frozen"][1][0], "changed: what is told after freezing"
PYTHON
