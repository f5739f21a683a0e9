"""What is new in a client's file: what the client is asked, and how the answers change a dossier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from frontend.applications.form import MONEY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frontend.applications.form import Form, FormField, Value
    from frontend.wording.words import Words

# Kaggle's way of writing that there is no date.
NO_DATE = 365_243
_APPLICATION = "application"
# In the contract's words, who can say what an input is.
_APPLICANT = "applicant"


@dataclass(frozen=True, slots=True)
class NewFields:
    """The fields that are asked of a client: what is applied for, and the client's situation."""

    request: tuple[FormField, ...]
    person: tuple[FormField, ...]

    @property
    def all(self) -> tuple[FormField, ...]:
        """Every field, what is applied for first."""
        return self.request + self.person


def new_fields(contract: Mapping[str, Any], form: Form) -> NewFields:
    """Return the fields that a person fills beside what is in the file already."""
    asked = [
        (item, field)
        for item in contract["inputs"]
        if item["table"] == _APPLICATION
        and item["known_by"] == _APPLICANT
        and (field := form.field(item["name"])) is not None
    ]
    return NewFields(
        request=tuple(field for item, field in asked if item["unit"] == MONEY),
        person=tuple(field for item, field in asked if item["unit"] != MONEY),
    )


def with_new_values(
    dossier: Mapping[str, Any], fields: NewFields, entries: Mapping[str, Value], words: Words
) -> dict[str, Any]:
    """Return the dossier with what was entered; an entry that was not touched leaves the file's own value.

    The form rounds what it shows: writing that back would change an age by some days.
    """
    application = dict(dossier[_APPLICATION])
    for field in fields.all:
        entry = entries.get(field.name)
        if entry != field.to_entry(known_value(field, application), words):
            application[field.name] = _raw(field.to_contract(entry, words))
    return {**dossier, _APPLICATION: application}


def known_value(field: FormField, application: Mapping[str, Any]) -> Value:
    """Return what a file says of a field; what is no plain value stays in the file, for the API to refuse."""
    value = application.get(field.name)
    if field.kind == "number":
        return value if isinstance(value, int | float | str) and value != NO_DATE else None
    options = (1, 0) if field.kind == "flag" else tuple(field.category_labels)
    return value if value in options else None


def coverage_of(form: Form, application: Mapping[str, Value]) -> float:
    """Return the share of the information that is given so far, as the API will weigh it."""
    return sum(field.importance for field in form.fields if application.get(field.name) is not None)


def _raw(value: Value) -> Value:
    """Return a number as Kaggle's columns have it, where whole numbers have no decimals."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
