"""Errors of the page: one class per thing its reader can do about it.

::

    FrontendError
    ├── ApiUnreachableError        nobody answers at the address
    ├── ApiAsleepError             somebody is there, but no answer came in time
    ├── KeyRefusedError            401 or 403
    ├── QuotaReachedError          429
    ├── ApplicationRefusedError    400 or 422: the fields and what is wrong with them
    ├── ApiFailedError             any other status
    ├── UnexpectedReplyError       an answer that is not what this page can read
    └── BundleUnusableError        in process only: there is no sound bundle to answer from

The French sentences are in `frontend.wording`; nothing here carries a value of the applicant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class FrontendError(Exception):
    """Root of the room's errors."""


class ApiUnreachableError(FrontendError):
    """Nobody answers at the address."""


class ApiAsleepError(FrontendError):
    """No answer came in time, after every attempt."""


class KeyRefusedError(FrontendError):
    """The API does not accept the key, or there is none."""


class QuotaReachedError(FrontendError):
    """Too many requests; `retry_after` are the seconds the API asks to wait, when it says so."""

    def __init__(self, retry_after: int | None = None) -> None:
        super().__init__("quota reached")
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What the API says of one field.

    Attributes
    ----------
    field
        Name of the input, empty when the application as a whole is at fault.
    code
        Stable code of the API, ``SCR1xx``.
    detail
        Its French sentence.
    """

    field: str
    code: str
    detail: str


class ApplicationRefusedError(FrontendError):
    """The application was not scored; `problems` names every reason."""

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__(f"{len(problems)} problem(s)")
        self.problems = tuple(problems)


class ApiFailedError(FrontendError):
    """The API failed with `status`; `request_id` is what its operators ask for."""

    def __init__(self, status: int, request_id: str = "") -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.request_id = request_id


class UnexpectedReplyError(FrontendError):
    """The answer lacks something this page needs: it is newer, older, or not the API at all."""


class BundleUnusableError(FrontendError):
    """The bundle to answer from in process is absent or does not hold together."""
