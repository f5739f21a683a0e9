"""Runs and the model registry (the only importer of mlflow).

The default store is one SQLite file and one folder of artefacts in the checkout; ``MLFLOW_TRACKING_URI`` names another.
"""
