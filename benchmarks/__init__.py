"""Measures that anyone can take again (``make bench``), into ``reports/bench.json``; no page is written here."""
