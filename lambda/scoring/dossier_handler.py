"""The entry point of the function for dossiers: bundle and feature SQL are read once, in the cold start."""

# ruff: noqa: E402  the collector is off before anything is imported
from __future__ import annotations

import atexit
import gc

# What a cold start makes it keeps: looking for garbage in it a hundred times takes a tenth of its time.
gc.disable()

from scoring.dossier.app import open_dossier_app
from scoring.entry import Entry

entry = Entry.of(open_dossier_app)
app, adapter, handler = entry.app, entry.adapter, entry.handler
# Nor is it looked through again while requests are answered.
gc.freeze()
# But at the end, where DuckDB would miss what is still held.
atexit.register(gc.unfreeze)
gc.enable()
