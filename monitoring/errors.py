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
        super().__init__(code, message)  # both, so that the error can be pickled
        self.code = code

    def __str__(self) -> str:
        return ": ".join(self.args)
