"""The measured drift: everything the checks, the summary and the files are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring.answer_drift import AnswerDrift, measure_answers
from monitoring.config import Level, MonitoringConfig
from monitoring.figures import NotApplicable
from monitoring.input_drift import InputDrift, measure_inputs

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitoring.windows import Window
    from scoring.contract import Contract


@dataclass(frozen=True, slots=True)
class WindowFacts:
    """What was read."""

    source: str
    scores: str | None
    n_applications: int


@dataclass(frozen=True, slots=True)
class Drift:
    """Current window against reference window.

    Attributes
    ----------
    weighted_psi
        PSI of the inputs, averaged by importance.
    importance_in_alert
        Share of the model's importance that rests on inputs whose PSI is in alert.
    """

    reference: WindowFacts
    current: WindowFacts
    inputs: tuple[InputDrift, ...]
    weighted_psi: float
    importance_in_alert: float
    answers: AnswerDrift | NotApplicable


def measure_drift(
    contract: Contract,
    reference: Window,
    current: Window,
    config: MonitoringConfig,
    *,
    advance: Callable[[str], object] = lambda _: None,
) -> Drift:
    """Measure every figure, on all rows of both windows."""
    inputs = measure_inputs(contract, reference, current, config=config, advance=advance)
    in_alert = [item.importance for item in inputs if config.psi.level(item.psi) is Level.ALERT]
    return Drift(
        reference=_facts(reference),
        current=_facts(current),
        inputs=inputs,
        weighted_psi=sum(item.importance * item.psi for item in inputs),
        importance_in_alert=sum(in_alert),
        answers=_answers(contract, reference, current),
    )


def _answers(contract: Contract, reference: Window, current: Window) -> AnswerDrift | NotApplicable:
    threshold = contract.decision.threshold
    answered = current.answers(threshold=threshold)
    if answered is None:
        return NotApplicable("aucune réponse du modèle pour la fenêtre courante (--current-scores)")
    return measure_answers(contract, reference.answers(threshold=threshold), answered)


def _facts(window: Window) -> WindowFacts:
    scores = None if window.source.scores is None else window.source.scores.name
    return WindowFacts(window.source.name, scores, window.n_applications)
