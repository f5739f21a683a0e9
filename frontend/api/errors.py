"""Errors of the page: one class per thing its reader can do about it.

::

    FrontendError
    ├── ApiUnreachableError        nobody answers at the address
    ├── ApiAsleepError             somebody is there, but no answer came in time
    ├── KeyRefusedError            401 or 403
    ├── QuotaReachedError          429
    ├── InvalidApplicationError    400 or 422: the fields and what is wrong with them
    ├── RouteAbsentError           404: this API does not offer what was asked
    ├── TooLargeError              413: more in one request than the API takes
    ├── ApiFailedError             any other status
    ├── ContractTooNewError        a contract this page does not know how to read
    ├── ContractTooOldError        a contract that lacks what this page shows
    ├── UnexpectedReplyError       an answer that is not what this page can read
    └── BundleUnusableError        in process only: there is no sound bundle to answer from

`frontend.sentences.errors` words them; nothing here carries a value of the applicant.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from frontend.api.problems import FieldProblem


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


class InvalidApplicationError(FrontendError):
    """The application was not scored; `problems` names the reasons, `omitted` says how many more there are."""

    def __init__(self, problems: Sequence[FieldProblem], omitted: int = 0) -> None:
        super().__init__(f"{len(problems)} problem(s)")
        self.problems = tuple(problems)
        self.omitted = omitted


class RouteAbsentError(FrontendError):
    """The API does not offer this route."""


class TooLargeError(FrontendError):
    """The request is larger than the API takes."""


class ApiFailedError(FrontendError):
    """The API failed with `status`; `request_id` is what its operators ask for."""

    def __init__(self, status: int, request_id: str = "") -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.request_id = request_id


class ContractTooNewError(FrontendError):
    """The contract is of a later schema than this page can read."""


class ContractTooOldError(FrontendError):
    """The contract is of an earlier schema, without what this page shows."""


class UnexpectedReplyError(FrontendError):
    """The answer lacks something this page needs: it is not the API, or not one this page knows."""


class BundleUnusableError(FrontendError):
    """The bundle to answer from in process is absent or does not hold together."""


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Turn a part that is absent, or of another kind, into an `UnexpectedReplyError`; a function may wear it, too.

    >>> with reading("the answer"):
    ...     {}["seuil"]
    Traceback (most recent call last):
        ...
    frontend.api.errors.UnexpectedReplyError: the answer has no usable 'seuil'
    """
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, StopIteration) as error:
        raise UnexpectedReplyError(f"{what} has no usable {error}") from error
