"""The names that columns of a window bear, and those of the predictions beside it."""

from __future__ import annotations

from scoring.log_lines import REQUEST

KEY = "SK_ID_CURR"
POPULATION = "POPULATION"
OUTCOME = "TARGET"
VINTAGE = "MILLESIME"
THRESHOLD = "seuil"
WEIGHT = "POIDS"
PROBABILITY = "probabilite_de_defaut"
DECISION = "classe"
# Columns that name, date or judge a row instead of describing the application.
ABOUT_THE_ROW = frozenset({KEY, POPULATION, OUTCOME, VINTAGE, THRESHOLD, WEIGHT, REQUEST})
