"""What is said of a field: its caption, its help, its problem, its value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frontend.applications.form import MARKS, as_in_contract

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from frontend.api.problems import FieldProblem
    from frontend.applications.form import FormField, Value
    from frontend.wording.words import Words

_MOST_DIGITS = 3


def say_label(field: FormField, words: Words) -> str:
    """Return the name of a field."""
    return words.of(field.label)


def say_caption(field: FormField, words: Words) -> str:
    """Return the caption of a field: label, unit, and a star when it is required."""
    unit = say_unit(field, words)
    return f"{say_label(field, words)}{f' ({unit})' if unit else ''}{' *' if field.required else ''}"


def say_unit(field: FormField, words: Words) -> str:
    """Return the unit that the form counts in; a moment is counted backwards from the application."""
    scale = field.scale
    unit = _unit_name(field, words).format(top=scale.top)
    return words("unit.before", unit=unit) if scale.before else unit


def say_help(field: FormField, words: Words) -> str:
    """Tell what is allowed, what is usual, and what leaving the field empty means."""
    sentences = []
    if field.minimum is not None or field.maximum is not None:
        sentences.append(words("form.allowed", range=say_range(field.minimum, field.maximum, field, words)))
    if field.usual_low is not None or field.usual_high is not None:
        sentences.append(words("form.usual", range=say_range(field.usual_low, field.usual_high, field, words)))
    if not field.required:
        sentences.append(words("form.empty", missing=words.of(field.missing)))
    return " ".join([*sentences, words("form.contract_name", name=field.name)])


def say_range(low: float | None, high: float | None, field: FormField, words: Words) -> str:
    """Return a range in the unit of the form."""
    decimals, unit = field.scale.decimals, _short_unit(field, words)
    if high is None:
        return "" if low is None else words("form.at_least", low=words.quantity(low, decimals, unit))
    told = words.quantity(high, decimals, unit)
    if low is None:
        return words("form.at_most", high=told)
    return words("form.between", low=words.number(low, decimals), high=told)


def say_problem(problem: FieldProblem, field: FormField, words: Words) -> str:
    """Word a problem in the units of the form; the API's own sentence where it needs no translation."""
    if problem.code == "SCR103":
        return words("problem.bounds", range=say_range(field.minimum, field.maximum, field, words))
    if problem.code == "SCR102":
        return words("problem.number")
    return words("problem.required") if problem.code == "SCR101" else problem.detail


def say_file_problem(problem: FieldProblem, item: Mapping[str, Any] | None, words: Words) -> str:
    """Word a problem of a file in the units of the contract, `item` being the contract's input it is about."""
    if item is None or (problem.code == "SCR102" and item["kind"] != "number"):
        return problem.detail
    if problem.code == "SCR104":
        return words("problem.category", values=", ".join(item["categories"]))
    return say_problem(problem, as_in_contract(item), words)


def say_value(field: FormField, value: Value, words: Words) -> str:
    """Return a value of the contract as the form counts it."""
    if value is None:
        return words("form.unknown")
    if field.kind == "flag":
        return words("form.yes" if value else "form.no")
    if isinstance(value, str):
        label = field.category_labels.get(value)
        return value if label is None else words.of(label)
    shown = field.scale.show(value)
    return words.quantity(shown, _decimals(field, shown), _short_unit(field, words))


def say_choice(field: FormField, choice: Value, words: Words) -> str:
    """Return an option of a list; the empty one says what it means."""
    if choice is None:
        return words("form.choose" if field.required else "form.unknown")
    return say_value(field, choice, words)


def say_names(names: Sequence[str], words: Words, labels: dict[str, str], *, most: int = 6) -> str:
    """Return the names of some fields, and how many more there are."""
    told = [labels.get(name, name) for name in names[:most]]
    more = len(names) - most
    return ", ".join([*told, f"… (+{words.number(more)})"] if more > 0 else told)


def say_table(table: str, fields: Sequence[FormField], words: Words) -> str:
    """Return the title of the fields of a table, and how many they are."""
    return f"{words.known(f'table.{table}', table)} ({words.number(len(fields))})"


def _decimals(field: FormField, shown: float) -> int:
    """Return how many decimals a reader wants: none for thousands, what the form writes for the rest."""
    return 0 if abs(shown) >= 10**_MOST_DIGITS else field.scale.decimals


def _short_unit(field: FormField, words: Words) -> str:
    """Return the unit as it follows a number; a mark has none, its range says it."""
    return "" if field.scale.unit in MARKS else _unit_name(field, words)


def _unit_name(field: FormField, words: Words) -> str:
    scale = field.scale
    return words.known(f"unit.{scale.unit}", scale.unit) if scale.sign is None else words.of(scale.sign)
