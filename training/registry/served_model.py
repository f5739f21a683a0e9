"""The registered model as MLflow serves it: the sealed bundle behind ``predict``, so the class is the business one.

MLflow runs this file when it logs and when it loads the model ("models from code"): nothing is pickled.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from mlflow.models import set_model
from mlflow.pyfunc.model import PythonModel, PythonModelContext

from scoring.bundle import Bundle
from scoring.service import ScoringService


class SealedBundle(PythonModel):
    """A bundle that answers data frames with probability and class."""

    def load_context(self, context: PythonModelContext) -> None:
        """Read and check the bundle."""
        self.service = ScoringService.of(Bundle.open(Path(context.artifacts["bundle"])))

    def predict(
        self,
        context: PythonModelContext,
        model_input: pd.DataFrame,
        params: dict[str, Any] | None = None,
    ) -> pd.DataFrame:
        """Return ``probabilite_de_defaut`` and ``classe`` for each row."""
        del context, params
        rows = model_input.to_dict(orient="records")
        applications = [{str(name): None if pd.isna(value) else value for name, value in row.items()} for row in rows]
        scored = [self.service.score(application, n_reasons=0) for application in applications]
        return pd.DataFrame(
            {
                "probabilite_de_defaut": [one.default_probability for one in scored],
                "classe": [one.decision.value for one in scored],
            }
        )


set_model(SealedBundle())
