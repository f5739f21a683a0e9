"""How far a window has moved: inputs, answers, performance, calibration."""
