"""Errors of the monitoring room: the run failed, which is not the same as an alarm."""

from __future__ import annotations


class MonitoringError(Exception):
    """The run could give no report (``MON9xx``); the command line prints it on one line and exits with 2.

    Parameters
    ----------
    code
        Stable identifier, listed in ``docs/monitoring.md``.
    message
        What is wrong, what was received, what is allowed and what to do; never an applicant's value.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
