"""What can be measured of scale by itself: the whole takes hours."""

from __future__ import annotations

PARTS = ("requests", "features", "train", "train_full", "by_size", "inputs", "drift_report")
