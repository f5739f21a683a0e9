"""Measures of the drift monitoring: power, false alarms, size, real windows."""
