"""The whole way on Spark, for tables that one machine does not hold: reading, checks, features, scoring, a sample.

The same declarations, the same SQL and the same sealed bundle as on one machine; what the engines see differently is in
``docs/engines.md``. PySpark and sqlglot are in an environment of their own (``.venv-spark``), hence imported when they
are used and not before.
"""
