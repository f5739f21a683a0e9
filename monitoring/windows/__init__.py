"""Windows of applications: from Parquet, from arrays, from audit records."""
