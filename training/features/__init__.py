"""The feature table: one row per application over the checked tables, and the matrix that models read."""

from __future__ import annotations

from training.features.build import FeatureTable, build_features

__all__ = ["FeatureTable", "build_features"]
