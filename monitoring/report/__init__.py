"""The drift report: its result, its pages, its history and its alarms."""
