"""The model: what it was measured to do, what it costs to be wrong, what it relies on, where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from frontend import wording
from frontend.figures import cost_figure, importance_figure
from frontend.numerals import say_fixed, say_percent
from frontend.views.drawing import draw, ink

if TYPE_CHECKING:
    from collections.abc import Mapping


def show_model(contract: Mapping[str, Any]) -> None:
    """Draw the tab."""
    _show_quality(contract["quality"])
    _show_policy(contract["decision"], contract["quality"])
    _show_importance(contract)
    _show_identity(contract)


def _show_quality(quality: Mapping[str, Any]) -> None:
    st.subheader("Qualité mesurée", anchor=False)
    st.markdown(wording.say_measured_on(quality["n_applications"], quality["default_rate"]))
    estimates = [(label, quality[name]) for name, label in wording.QUALITY.items() if name in quality]
    st.table(
        {
            "Mesure": [label for label, _ in estimates],
            "Valeur": [say_fixed(one["value"], 3) for _, one in estimates],
            "Intervalle à 95 %": [f"{say_fixed(one['low'], 3)} – {say_fixed(one['high'], 3)}" for _, one in estimates],
        },
        hide_index=True,
        border="horizontal",
    )
    draw(cost_figure(quality, ink=ink()))


def _show_policy(policy: Mapping[str, Any], quality: Mapping[str, Any]) -> None:
    st.subheader("Règle de décision", anchor=False)
    st.markdown(wording.say_policy(policy))
    st.markdown(f"À ce seuil, {say_percent(quality['refusal_rate'])} des dossiers de contrôle sont refusés.")


def _show_importance(contract: Mapping[str, Any]) -> None:
    st.subheader("Ce qui compte pour le modèle", anchor=False)
    shares = [(one["label"]["fr"], one["importance"]) for one in contract["features"]]
    draw(importance_figure(shares, ink=ink()))


def _show_identity(contract: Mapping[str, Any]) -> None:
    identity, parity = contract["identity"], contract["parity"]
    with st.expander(wording.ORIGIN):
        st.table(
            {
                "": ["Modèle", "Version", "Famille", "Créé le", "Entraînement", "Données", "Parité"],
                " ": [
                    identity["model_name"],
                    identity["registry_version"] or "non publiée",
                    identity["family"],
                    wording.say_instant(identity["created_at"]),
                    identity["training_run_id"],
                    identity["data_fingerprint"][:16],
                    wording.say_parity(parity),
                ],
            },
            hide_index=True,
            hide_header=True,
            border="horizontal",
        )
