"""What went wrong, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontend.api.errors import (
    ApiAsleepError,
    ApiFailedError,
    ApiUnreachableError,
    BundleUnusableError,
    ContractTooNewError,
    ContractTooOldError,
    FrontendError,
    KeyRefusedError,
    QuotaReachedError,
    RouteAbsentError,
    TooLargeError,
    UnexpectedReplyError,
)
from frontend.sentences.fields import say_label

if TYPE_CHECKING:
    from frontend.api.errors import ApplicationRefusedError
    from frontend.applications.form import Form
    from frontend.wording.words import Words

_TROUBLES: dict[type[FrontendError], str] = {
    ApiUnreachableError: "trouble.unreachable",
    ApiAsleepError: "trouble.asleep",
    KeyRefusedError: "trouble.key",
    RouteAbsentError: "trouble.absent",
    TooLargeError: "trouble.too_large",
    ContractTooNewError: "trouble.too_new",
    ContractTooOldError: "trouble.too_old",
    UnexpectedReplyError: "trouble.unexpected",
}


def say_trouble(error: FrontendError, words: Words) -> str:
    """Tell what happened and what to do about it."""
    return f"{_trouble(error, words)} {words('trouble.kept')}"


def say_refusal(error: ApplicationRefusedError, form: Form, words: Words) -> str:
    """Name every field to correct; what concerns the whole application is told as the API tells it."""
    named = dict.fromkeys(problem.field for problem in error.problems if problem.field)
    sentences = [problem.detail for problem in error.problems if not problem.field]
    if named:
        labels = ", ".join(_label_of(name, form, words) for name in named)
        sentences.insert(0, words.counted("problem.fields", len(named), names=labels))
    if error.omitted:
        sentences.append(words("problem.omitted", n=error.omitted))
    return " ".join(sentences)


def _label_of(name: str, form: Form, words: Words) -> str:
    field = form.field(name)
    return name if field is None else say_label(field, words)


def _trouble(error: FrontendError, words: Words) -> str:
    if isinstance(error, QuotaReachedError):
        return words("trouble.quota_wait", seconds=error.retry_after) if error.retry_after else words("trouble.quota")
    if isinstance(error, ApiFailedError):
        key = "trouble.failed_cited" if error.request_id else "trouble.failed"
        return words(key, status=error.status, request=error.request_id)
    if isinstance(error, BundleUnusableError):
        return words("trouble.bundle", cause=error)
    return words(_TROUBLES.get(type(error), "trouble.other"))
