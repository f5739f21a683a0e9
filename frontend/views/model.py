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
from frontend.sentences.durations import importance_by_label
from frontend.sentences.fairness import say_attribute, say_group
from frontend.sentences.origins import say_instant
from frontend.views import session
from frontend.views.drawing import (
    draw,
    heading,
    minor_heading,
    show_error,
    show_facts,
    show_table,
    show_unavailable,
    theme,
)
from frontend.views.snapshot import page_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frontend.applications.snapshot import Snapshot

QUALITY = ("cost", "auc", "accuracy", "brier", "calibration_error", "mean_probability")
# Where the repository keeps the card; a deployment that has only this folder names an address instead.
MODEL_CARD = Path(__file__).resolve().parents[2] / "docs" / "model-card.md"
_FAIRNESS = ("default_rate", "refusal_rate", "false_refusal_rate", "calibration_gap")


def show_model(snapshot: Snapshot) -> None:
    """Draw the tab."""
    _show_quality(snapshot.contract["quality"])
    evidence = _evidence(snapshot)
    _show_calibration(evidence)
    _show_importance(snapshot.contract)
    _show_fairness(evidence)
    _show_limits()
    _show_identity(snapshot.contract)


def _evidence(snapshot: Snapshot) -> Mapping[str, Any]:
    """Return the evidence, where this API has it; without it the rest of the tab stands."""
    try:
        return snapshot.evidence
    except RouteAbsentError:
        return {}
    except FrontendError as error:
        show_error(error, "modele")
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
    show_table(
        {
            words("model.measure"): list(estimates),
            words("model.value"): [words.fixed(one["value"], 3) for one in estimates.values()],
            words("model.interval"): [words.fixed_interval(one["low"], one["high"], 3) for one in estimates.values()],
        }
    )
    draw(cost_figure(quality, theme=theme()))
    cheaper = [name for name, cost in quality["baselines"].items() if cost["value"] < quality["cost"]["value"]]
    if cheaper:
        names = ", ".join(words.known(f"baseline.{name}", name) for name in cheaper)
        st.markdown(words("model.cheaper", names=names))


def _show_calibration(evidence: Mapping[str, Any]) -> None:
    words = session.words()
    heading(words("model.calibration"))
    if not evidence.get("calibration"):
        show_unavailable()
        return
    draw(calibration_figure(evidence["calibration"], theme=theme()))
    st.caption(words("model.calibration_caption"))


def _show_importance(contract: Mapping[str, Any]) -> None:
    words = session.words()
    heading(words("model.importance"))
    draw(importance_figure(importance_by_label(contract, words), theme=theme()))


def _show_fairness(evidence: Mapping[str, Any]) -> None:
    words = session.words()
    heading(words("model.fairness"))
    audit = evidence.get("fairness")
    if not audit:
        show_unavailable()
        return
    st.markdown(words("model.fairness_text", n=words.number(audit["n_applications"])))
    for attribute in audit["attributes"]:
        minor_heading(say_attribute(attribute, words))
        draw(fairness_figure(attribute, theme=theme()))
        with st.expander(words("policy.table"), key=f"equite_{attribute['attribute']}"):
            _show_groups(attribute)


def _show_groups(attribute: Mapping[str, Any]) -> None:
    words, groups = session.words(), attribute["groups"]
    columns = {words("model.group"): [say_group(one, words) for one in groups]}
    columns[words("policy.n")] = [words.number(one["n_applications"]) for one in groups]
    for name in _FAIRNESS:
        columns[words(f"model.{name}")] = [_share(one[name]) for one in groups]
    show_table(columns)


def _share(estimate: Mapping[str, float]) -> str:
    words = session.words()
    return f"{words.percent(estimate['value'])} ({words.percent_interval(estimate['low'], estimate['high'])})"


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
        "model.family": words.known(f"baseline.{identity['family']}", identity["family"]),
        "model.created": say_instant(identity["created_at"], words),
        "model.run": identity["training_run_id"],
        "model.data": identity["data_fingerprint"][:16],
        "model.parity": words("model.parity_text", rows=compared, changed=words.number(parity["changed_decisions"])),
    }
    with st.expander(words("model.origin"), key="provenance"):
        show_facts({words(key): value for key, value in rows.items()}, "modele")
