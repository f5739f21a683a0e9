"""The model: what it was measured to do, what it relies on, whom it treats how, and where it comes from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from frontend.api.errors import FrontendError, RouteAbsentError
from frontend.figures.quality import (
    calibration_figure,
    cost_figure,
    fairness_figure,
    importance_figure,
)
from frontend.sentences.decisions import say_instant
from frontend.sentences.durations import importance_by_label
from frontend.sentences.fairness import say_attribute, say_group
from frontend.views import session
from frontend.views.drawing import draw, heading, pen, show_trouble
from frontend.views.snapshot import page_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frontend.applications.snapshot import Desk

QUALITY = ("cost", "auc", "accuracy", "brier", "calibration_error", "mean_probability")
# Where the repository keeps the card; a deployment that has only this folder names an address instead.
MODEL_CARD = Path(__file__).resolve().parents[2] / "docs" / "model-card.md"
_FAIRNESS = ("default_rate", "refusal_rate", "false_refusal_rate", "calibration_gap")


def show_model(desk: Desk) -> None:
    """Draw the tab."""
    _show_quality(desk.contract["quality"])
    evidence = _evidence(desk)
    _show_calibration(evidence)
    _show_importance(desk.contract)
    _show_fairness(evidence)
    _show_limits()
    _show_identity(desk.contract)


def _evidence(desk: Desk) -> Mapping[str, Any]:
    """Return what further figures this API has; without them the rest of the tab stands."""
    try:
        return desk.evidence
    except RouteAbsentError:
        return {}
    except FrontendError as error:
        show_trouble(error, "modele")
        return {}


def _show_quality(quality: Mapping[str, Any]) -> None:
    words = session.words()
    heading(words("model.quality"))
    st.markdown(
        words(
            "model.measured",
            n=words.number(quality["n_applications"]),
            default_rate=words.percent(quality["default_rate"]),
            refusal_rate=words.percent(quality["refusal_rate"]),
        )
    )
    estimates = {words(f"quality.{name}"): quality[name] for name in QUALITY if name in quality}
    st.table(
        {
            words("model.measure"): list(estimates),
            words("model.value"): [words.fixed(one["value"], 3) for one in estimates.values()],
            words("model.interval"): [_interval(one, 3) for one in estimates.values()],
        },
        hide_index=True,
        border="horizontal",
    )
    draw(cost_figure(quality, pen=pen()))


def _interval(estimate: Mapping[str, float], decimals: int) -> str:
    return " – ".join(session.words().fixed(estimate[bound], decimals) for bound in ("low", "high"))


def _show_calibration(evidence: Mapping[str, Any]) -> None:
    words = session.words()
    heading(words("model.calibration"))
    if not evidence.get("calibration"):
        _show_unavailable()
        return
    draw(calibration_figure(evidence["calibration"], pen=pen()))
    st.caption(words("model.calibration_caption"))


def _show_unavailable() -> None:
    st.info(session.words()("page.unavailable"), icon=":material/info:")


def _show_importance(contract: Mapping[str, Any]) -> None:
    words = session.words()
    heading(words("model.importance"))
    draw(importance_figure(importance_by_label(contract, words), pen=pen()))


def _show_fairness(evidence: Mapping[str, Any]) -> None:
    words = session.words()
    heading(words("model.fairness"))
    audit = evidence.get("fairness")
    if not audit:
        _show_unavailable()
        return
    st.markdown(words("model.fairness_text", n=words.number(audit["n_applications"])))
    for attribute in audit["attributes"]:
        st.markdown(f"**{say_attribute(attribute, words)}**")
        draw(fairness_figure(attribute, pen=pen()))
        with st.expander(words("policy.table"), key=f"equite_{attribute['attribute']}"):
            _show_groups(attribute)


def _show_groups(attribute: Mapping[str, Any]) -> None:
    words, groups = session.words(), attribute["groups"]
    columns = {words("model.group"): [say_group(one, words) for one in groups]}
    columns[words("policy.n")] = [words.number(one["n_applications"]) for one in groups]
    for name in _FAIRNESS:
        columns[words(f"model.{name}")] = [_share(one[name]) for one in groups]
    st.table(columns, hide_index=True, border="horizontal")


def _share(estimate: Mapping[str, float]) -> str:
    words = session.words()
    return f"{words.percent(estimate['value'])} ({words.percent(estimate['low'])} – {words.percent(estimate['high'])})"


def _show_limits() -> None:
    words = session.words()
    heading(words("model.limits"))
    st.markdown(words("model.limits_text"))
    address = page_settings().model_card_url
    if address:
        st.link_button(words("model.card_link"), address, icon=":material/description:")
    elif MODEL_CARD.is_file():
        with st.expander(words("model.card"), key="fiche"):
            st.markdown(MODEL_CARD.read_text(encoding="utf-8"))


def _show_identity(contract: Mapping[str, Any]) -> None:
    words, identity, parity = session.words(), contract["identity"], contract["parity"]
    compared = words.number(parity["n_applications"])
    rows = {
        "model.name": identity["model_name"],
        "model.version": identity["registry_version"] or words("model.unpublished"),
        "model.family": identity["family"],
        "model.created": say_instant(identity["created_at"], words),
        "model.run": identity["training_run_id"],
        "model.data": identity["data_fingerprint"][:16],
        "model.parity": words("model.parity_text", rows=compared, changed=parity["changed_decisions"]),
    }
    with st.expander(words("model.origin"), key="provenance"):
        st.table(
            {"": [words(key) for key in rows], " ": list(rows.values())},
            hide_index=True,
            hide_header=True,
            border="horizontal",
        )
