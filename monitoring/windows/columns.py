"""The names that columns of a window bear, and those of the predictions beside it."""

from __future__ import annotations

KEY = "SK_ID_CURR"
POPULATION = "POPULATION"
OUTCOME = "TARGET"
VINTAGE = "MILLESIME"
THRESHOLD = "seuil"
PROBABILITY = "probabilite_de_defaut"
DECISION = "classe"
