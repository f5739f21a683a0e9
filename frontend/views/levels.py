"""One value of a scenario: a slider over its usual range, or a list."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import streamlit as st

from frontend.sentences.fields import say_caption, say_choice, say_help
from frontend.views import scenario, visit
from frontend.what_if import grid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frontend.form import FormField, Value

_STEPS = 200
_LARGE = 1000


def show_level(field: FormField, contract: Mapping[str, Any]) -> None:
    """Draw the widget of one value of the scenario."""
    value = scenario.current().get(field.name)
    if field.kind == "number":
        _show_number(field, value, contract)
    else:
        _show_list(field, value)


def _show_list(field: FormField, value: Value) -> None:
    words, key = visit.words(), scenario.widget_key(field.name)
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
    words, key = visit.words(), scenario.widget_key(field.name)
    low, high, step = _slider_range(field, contract, scenario.started().get(field.name))
    if not field.required:
        known_key = f"{key}_connu"
        st.checkbox(
            words("what_if.known", label=words.of(field.label)),
            value=value is not None,
            key=known_key,
            on_change=lambda: _switch(field, (low + high) / 2, known=st.session_state[known_key]),
        )
    if value is None or isinstance(value, str):
        return
    shown = field.scale.show(value)
    st.slider(
        say_caption(field, words),
        min_value=low,
        max_value=high,
        value=min(high, max(low, float(shown))),
        step=step,
        format="localized" if max(abs(low), abs(high)) >= _LARGE else f"%.{_decimals(step)}f",
        key=key,
        help=say_help(field, words),
        on_change=lambda: scenario.change(field.name, field.scale.raw(st.session_state[key])),
    )


def _switch(field: FormField, middle: float, *, known: bool) -> None:
    scenario.change(field.name, field.scale.raw(middle) if known else None)


def _slider_range(field: FormField, contract: Mapping[str, Any], value: Value) -> tuple[float, float, float]:
    """Return both ends and the step of a slider, in the unit of the form, on round numbers around the usual values."""
    shown = [field.scale.show(one) for one in grid(contract, field.name, value) if isinstance(one, int | float)]
    low, high = min(shown), max(shown)
    step = 10 ** math.floor(math.log10((high - low) / _STEPS)) * 5 if high > low else 1.0
    low, high = math.floor(low / step) * step, math.ceil(high / step) * step
    low = low if field.minimum is None else max(low, field.minimum)
    high = high if field.maximum is None else min(high, field.maximum)
    return float(low), float(max(high, low + step)), float(step)


def _decimals(step: float) -> int:
    return max(0, -math.floor(math.log10(step)))
