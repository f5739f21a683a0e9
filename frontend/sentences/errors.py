"""What went wrong, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontend.api import errors
from frontend.sentences.fields import say_label

if TYPE_CHECKING:
    from frontend.applications.form import Form
    from frontend.wording.words import Words

_SENTENCES: dict[type[errors.FrontendError], str] = {
    errors.ApiUnreachableError: "error.unreachable",
    errors.ApiAsleepError: "error.asleep",
    errors.KeyRefusedError: "error.key",
    errors.RouteAbsentError: "error.absent",
    errors.TooLargeError: "error.too_large",
    errors.ContractTooNewError: "error.too_new",
    errors.ContractTooOldError: "error.too_old",
    errors.UnexpectedReplyError: "error.unexpected",
}


def say_error(error: errors.FrontendError, words: Words) -> str:
    """Tell what happened and what to do about it."""
    return f"{_sentence(error, words)} {words('error.kept')}"


def say_invalid_application(error: errors.InvalidApplicationError, form: Form, words: Words) -> str:
    """Name every field to correct; what concerns the whole application is told as the API tells it."""
    named = dict.fromkeys(problem.field for problem in error.problems if problem.field)
    sentences = [problem.detail for problem in error.problems if not problem.field]
    if named:
        labels = ", ".join(_label_of(name, form, words) for name in named)
        sentences.insert(0, words.counted("problem.fields", len(named), names=labels))
    if error.omitted:
        sentences.append(words("problem.omitted", n=words.number(error.omitted)))
    return " ".join(sentences)


def _label_of(name: str, form: Form, words: Words) -> str:
    field = form.field(name)
    return name if field is None else say_label(field, words)


def _sentence(error: errors.FrontendError, words: Words) -> str:
    if isinstance(error, errors.QuotaReachedError):
        if not error.retry_after:
            return words("error.quota")
        return words("error.quota_wait", seconds=words.number(error.retry_after))
    if isinstance(error, errors.ApiFailedError):
        key = "error.failed_cited" if error.request_id else "error.failed"
        return words(key, status=error.status, request=error.request_id)
    if isinstance(error, errors.BundleUnusableError):
        return words("error.bundle", cause=error)
    return words(_SENTENCES.get(type(error), "error.other"))
