"""How far a window has moved: inputs, predictions, performance, calibration."""
