"""The report of a comparison: its result, its pages, its history and its alarms."""
