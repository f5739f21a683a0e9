"""One row per application: its own columns and what its history amounts to, computed by SQL.

One file of SQL per source table; each gives one row per ``SK_ID_CURR``. The files stay within what translates to Spark
SQL: explicit casts, no DuckDB-only functions. Amounts are summed as DECIMAL, so that row order never changes a result.
"""

from __future__ import annotations

from training.features.build import FeatureTable, build_features

__all__ = ["FeatureTable", "build_features"]
