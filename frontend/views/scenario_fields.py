"""One value of a scenario: a slider over its usual range, or a list."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import streamlit as st

from frontend.applications.scenarios import grid, varied
from frontend.sentences.fields import say_caption, say_choice, say_help
from frontend.views import scenario, session

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from frontend.applications.form import FormField, Value

_MOST_STEPS = 400
_HALF = 0.5


def is_drawn(field: FormField) -> bool:
    """Tell whether a value has a widget: a number that is unknown has none."""
    return field.kind != "number" or isinstance(scenario.current().get(field.name), int | float)


def show_field(field: FormField, contract: Mapping[str, Any]) -> None:
    """Draw the widget of one value of the scenario."""
    value = scenario.current().get(field.name)
    if field.kind == "number":
        _show_number(field, value, contract)
    else:
        _show_list(field, value)


def _show_list(field: FormField, value: Value) -> None:
    words, key = session.words(), scenario.widget_key(field.name)
    known = (1, 0) if field.kind == "flag" else tuple(field.category_labels)
    options = known if field.required else (None, *known)
    st.selectbox(
        say_caption(field, words),
        options,
        index=options.index(value) if value in options else 0,
        format_func=lambda one: say_choice(field, one, words),
        key=key,
        help=say_help(field, words),
        on_change=lambda: scenario.change(field.name, st.session_state[key]),
    )


def _show_number(field: FormField, value: Value, contract: Mapping[str, Any]) -> None:
    if value is None or isinstance(value, str):
        return
    words, key = session.words(), scenario.widget_key(field.name)
    low, high, step = _slider_range(field, contract, scenario.started().get(field.name))
    shown = min(high, max(low, float(field.scale.show(value))))
    # Of a list, whose numbers are written in the language of the page; a plain slider has that of the browser.
    st.select_slider(
        say_caption(field, words),
        _steps(low, high, step, shown),
        value=shown,
        format_func=lambda one: words.number(one, field.scale.decimals),
        key=key,
        help=say_help(field, words),
        on_change=lambda: scenario.change_together(
            varied(contract, scenario.current(), field.name, field.scale.raw(st.session_state[key]))
        ),
    )


def show_unknown(fields: Mapping[str, FormField], contract: Mapping[str, Any]) -> None:
    """Draw the list of numbers that the scenario leaves unknown."""
    words, key = session.words(), scenario.widget_key("")
    optional = [name for name, field in fields.items() if field.kind == "number" and not field.required]
    if not optional:
        return
    st.multiselect(
        words("what_if.unknown"),
        optional,
        default=[name for name in optional if scenario.current().get(name) is None],
        format_func=lambda name: words.of(fields[name].label),
        key=key,
        placeholder="",
        on_change=lambda: _set_unknown(optional, st.session_state[key], fields, contract),
    )


def _set_unknown(
    optional: Sequence[str], unknown: Sequence[str], fields: Mapping[str, FormField], contract: Mapping[str, Any]
) -> None:
    """Forget the numbers that are unknown now, and begin the others anew from their usual middle."""
    for name in optional:
        value = scenario.current().get(name)
        if name in unknown and value is not None:
            scenario.change(name, None)
        elif name not in unknown and value is None:
            low, high, _ = _slider_range(fields[name], contract, None)
            scenario.change(name, fields[name].scale.raw((low + high) / 2))


def _slider_range(field: FormField, contract: Mapping[str, Any], value: Value) -> tuple[float, float, float]:
    """Return both ends and the step of a slider, in the unit of the form, on round numbers around the usual values."""
    shown = [field.scale.show(one) for one in grid(contract, field.name, value) if isinstance(one, int | float)]
    low, high = min(shown), max(shown)
    step = _round_step((high - low) / _MOST_STEPS) if high > low else 1.0
    step = max(step, 1.0) if field.scale.counted else step
    low, high = math.floor(low / step) * step, math.ceil(high / step) * step
    low = low if field.minimum is None else max(low, field.minimum)
    high = high if field.maximum is None else min(high, field.maximum)
    return float(low), float(max(high, low + step)), float(step)


def _steps(low: float, high: float, step: float, shown: float) -> list[float]:
    """Return the values of a slider, the one that it begins at among them.

    >>> _steps(0.0, 1.0, 0.5, 0.53)
    [0.0, 0.5, 0.53, 1.0]
    """
    n_steps = max(1, math.ceil((high - low) / step - _HALF))
    return sorted({round(low + place * step, 12) for place in range(n_steps)} | {high, shown})


def _round_step(least: float) -> float:
    """Return the smallest of 1, 2, 5, 10, 20 … (or 0.5, 0.2 …) that is no less.

    >>> _round_step(11_500), _round_step(0.0021)
    (20000.0, 0.005)
    """
    tens = 10.0 ** math.floor(math.log10(least))
    return next(round(digit * tens, 12) for digit in (1, 2, 5, 10) if digit * tens >= least)
