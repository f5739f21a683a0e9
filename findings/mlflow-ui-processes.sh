#!/usr/bin/env bash
# Subject:   MLflow, the processes of mlflow ui
# Versions:  mlflow 3.17.2, psutil 7.2.2
# Behaviour: One command on a laptop starts a family of processes: uvicorn and four workers, and for jobs that
#            nobody has asked for a runner with consumers of its own, which come in the first minute. Each has
#            the libraries in its own memory, gigabytes together. With --workers 1 and
#            MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false two are left. How many consumers there are depends on when
#            one looks: at least eight processes are checked.
# Seen:      2026-11-30
#            mlflow ui: 15 processes, 3197 MB
#              7 job consumer
#              1 job runner
#              1 resource tracker
#              1 the command
#              1 uvicorn
#              4 worker
#            one worker, no jobs: 2 processes, 507 MB
#              1 the command
#              1 uvicorn
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet mlflow==3.17.2 psutil==7.2.2
MLFLOW_DISABLE_TELEMETRY=true DO_NOT_TRACK=true "$folder/bin/python" - <<'PYTHON'
import collections
import os
import socket
import subprocess
import sys
import tempfile
import time

import psutil


KINDS = {
    "resource_tracker": "resource tracker",
    "_job_runner": "job runner",
    "huey": "job consumer",
    "mlflow ui": "the command",
    "uvicorn": "uvicorn",
    "spawn_main": "worker",
}


def kind_of(process):
    command = " ".join(process.cmdline())
    return next((kind for word, kind in KINDS.items() if word in command), "another")


def processes(options, settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tempfile.mkdtemp()
    command = [sys.executable, "-m", "mlflow", "ui", "--host", "127.0.0.1", "--port", str(port), *options]
    command += ["--backend-store-uri", f"sqlite:///{folder}/store.db"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, cwd=folder, env=os.environ | settings, **quiet)
    try:
        for _ in range(360):
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.5)
        time.sleep(30)  # workers come one after the other
        family = [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]
        memory = sum(process.memory_info().rss for process in family) / 1e6
        return collections.Counter(kind_of(process) for process in family), memory
    finally:
        family = psutil.Process(server.pid).children(recursive=True)
        for process in (server, *family):
            process.terminate()
        for process in psutil.wait_procs(family, timeout=20)[1]:
            process.kill()
        server.wait(20)


def said(kinds, memory):
    named = "".join(f"\n  {number} {kind}" for kind, number in sorted(kinds.items()))
    return f"{kinds.total()} processes, {memory:.0f} MB{named}"


many, memory = processes([], {})
print("mlflow ui:", said(many, memory))
few, less = processes(["--workers", "1"], {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"})
print("one worker, no jobs:", said(few, less))

assert many.total() >= 8 and many["worker"] == 4, "changed: mlflow ui starts fewer processes"
assert few.total() == 2, "changed: what one worker without jobs starts"
PYTHON
