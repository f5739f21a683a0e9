"""Measures of the drift monitoring: false alarms and power, size, drift through the API, drift of the real sample."""
