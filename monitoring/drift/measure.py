"""The measured drift: everything the checks, the summary and the files are made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics.values import NotApplicable
from monitoring.drift.all_requests import AllRequests, measure_all_requests
from monitoring.drift.context import ContextDrift, measure_context
from monitoring.drift.inputs import InputDrift, measure_inputs
from monitoring.drift.partners import PartnerDeclarations, measure_partners
from monitoring.drift.predictions import PredictionDrift, measure_predictions
from monitoring.drift.rules import RuleShares, measure_rules
from monitoring.drift.segments import Segments, measure_segments
from monitoring.windows.service_log import ServiceLog

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitoring.config import MonitoringConfig
    from monitoring.drift.domain_classifier import Separation
    from monitoring.drift.overrides import Overrides
    from monitoring.windows.audit_records import WindowReading
    from monitoring.windows.protocol import ReadableWindow
    from monitoring.windows.service_log import ServiceHealth
    from scoring.contract import Contract


NO_DECISIONS = NotApplicable("aucune décision de chargé de clientèle n’a été donnée (--decisions)")


@dataclass(frozen=True, slots=True)
class WindowFacts:
    """What was read.

    Attributes
    ----------
    n_effective
        Applications by weight: so many equally weighted ones tell at most as much.
    """

    source: str
    scores: str | None
    n_applications: int
    n_effective: float


@dataclass(frozen=True, slots=True)
class Drift:
    """Current window against reference window.

    Attributes
    ----------
    weighted_psi
        PSI of the inputs, averaged by importance.
    separation
        How well all inputs together tell the windows apart.
    service
        What the API's log lines say of the same period.
    requests
        All requests of it, by the profile that the function leaves.
    overrides
        Decisions of officers against the proposal.
    partners
        What partners declare to be absent, where the window was read from audit records.
    reading
        What was left out of audit records, where the current window was read from them.
    context
        Columns that the model does not read, the most moved first.
    segments
        Which segments moved, and what moved inside them.
    rules
        How many applications of each window break the contract's rules across fields.
    """

    reference: WindowFacts
    current: WindowFacts
    inputs: tuple[InputDrift, ...]
    weighted_psi: float
    predictions: PredictionDrift | NotApplicable
    separation: Separation | NotApplicable
    service: ServiceHealth | NotApplicable
    requests: AllRequests | NotApplicable = field(default_factory=lambda: NotApplicable("non mesuré"))
    partners: tuple[PartnerDeclarations, ...] = ()
    reading: WindowReading | None = None
    overrides: Overrides | NotApplicable = field(default_factory=lambda: NO_DECISIONS)
    rules: tuple[RuleShares, ...] = ()
    context: tuple[ContextDrift, ...] = ()
    segments: Segments | NotApplicable = field(default_factory=lambda: NotApplicable("non mesuré"))


def measure_drift(
    contract: Contract,
    reference: ReadableWindow,
    current: ReadableWindow,
    config: MonitoringConfig,
    *,
    log: ServiceLog | None = None,
    reading: WindowReading | None = None,
    overrides: Overrides | NotApplicable | None = None,
    advance: Callable[[str], object] = lambda _: None,
) -> Drift:
    """Measure everything, on all rows of both windows.

    Parameters
    ----------
    log
        What the API's log lines say, where some were given.
    """
    # Imported here: reading comes first, and need not hold scikit-learn, which takes as much memory as a large window.
    from monitoring.drift.domain_classifier import measure_separation  # noqa: PLC0415

    log = log or ServiceLog(*[NotApplicable("aucun journal de l’API n’a été donné (--logs)")] * 2)
    inputs = measure_inputs(contract, reference, current, config=config, advance=advance)
    separation = measure_separation(contract, reference, current, config)
    advance("séparation")
    return Drift(
        reference=_facts(reference),
        current=_facts(current),
        inputs=inputs,
        weighted_psi=sum(item.weighted_psi for item in inputs),
        predictions=_predictions(contract, reference, current, config),
        separation=separation,
        service=log.health,
        requests=measure_all_requests(contract, reference, log.profile),
        partners=() if reading is None else _partners(contract, reading),
        reading=reading,
        overrides=overrides or NO_DECISIONS,
        rules=measure_rules(contract, reference, current),
        context=measure_context(contract, reference, current),
        segments=measure_segments(contract, reference, current, config),
    )


def _partners(contract: Contract, reading: WindowReading) -> tuple[PartnerDeclarations, ...]:
    n_inputs = sum(not item.required for item in contract.inputs)
    return measure_partners(reading.declared, reading.declared_before, n_inputs=n_inputs)


def _predictions(
    contract: Contract, reference: ReadableWindow, current: ReadableWindow, config: MonitoringConfig
) -> PredictionDrift | NotApplicable:
    threshold = contract.decision.threshold
    predictions = current.predictions(threshold=threshold)
    if predictions is None:
        return NotApplicable("aucune réponse du modèle pour la fenêtre courante (--current-scores)")
    return measure_predictions(contract, reference.predictions(threshold=threshold), predictions, config)


def _facts(window: ReadableWindow) -> WindowFacts:
    return WindowFacts(window.name, window.scores_name, window.n_applications, window.n_effective)
