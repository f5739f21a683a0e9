"""Errors of the training room: one class per reaction, each message says what to do next."""

from __future__ import annotations


class TrainingError(Exception):
    """Something the person at the keyboard can mend; the command line prints it on one line.

    Parameters
    ----------
    code
        Stable identifier, listed in ``docs/errors.md``.
    message
        What is wrong, what was received, what is allowed and what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)  # both, so that the error can be pickled
        self.code = code

    def __str__(self) -> str:
        return ": ".join(self.args)


class DataError(TrainingError):
    """The data cannot be used as it is (``TRN1xx``): mend the files and run again."""


class ModelError(TrainingError):
    """The run cannot give a model that may be served (``TRN2xx``): change the run."""


class RegistryError(TrainingError):
    """The registry does not hold what was asked for (``TRN3xx``): look with ``make mlflow``."""


class ParityError(TrainingError):
    """The exported graph is not the validated model (``TRN4xx``): no bundle is written."""
