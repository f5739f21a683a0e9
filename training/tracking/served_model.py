"""The registered model as MLflow serves it: the sealed bundle behind ``predict``, so the class is the business one.

MLflow runs this file when it logs and when it loads the model ("models from code"): nothing is pickled.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import mlflow
import pandas as pd
from scoring.service import ScoringService

if TYPE_CHECKING:
    from mlflow.pyfunc import PythonModelContext


class SealedBundle(mlflow.pyfunc.PythonModel):  # type: ignore[misc]  # mlflow's base class is untyped
    """A bundle that answers data frames with probability and class."""

    def load_context(self, context: PythonModelContext) -> None:
        """Read and check the bundle."""
        self.service = ScoringService.load(Path(context.artifacts["bundle"]))

    def predict(
        self,
        context: PythonModelContext,
        model_input: pd.DataFrame,
        params: dict[str, Any] | None = None,
    ) -> pd.DataFrame:
        """Return ``probabilite_de_defaut`` and ``classe`` for each row."""
        del context, params
        known = model_input.astype(object).where(model_input.notna(), None)
        applications = [
            {str(name): value for name, value in row.items()} for row in known.to_dict(orient="records")
        ]
        scored = [self.service.score(application, n_reasons=0) for application in applications]
        return pd.DataFrame(
            {
                "probabilite_de_defaut": [one.default_probability for one in scored],
                "classe": [one.decision.value for one in scored],
            }
        )


mlflow.models.set_model(SealedBundle())
