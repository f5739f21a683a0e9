"""Split, folds, calibration, assessment, search and the written rule that picks a model."""
