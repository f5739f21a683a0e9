"""The shadow challenger: another bundle is asked what the served one was asked, and never answers anybody.

It is asked in the same invocation, for a share of the requests, after the reply is made. What it may add is a share of
what the answer itself took, or what keeps the answer within nine in ten of the last: either way the slow end of all
answers hardly moves. Where its last times promise more, it is left out, and tried again so rarely that the slow end
does not show it. Whatever goes wrong with it is a word in the log.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from scoring.bundle import Bundle
from scoring.decision import decide
from scoring.records import model_version, sampled
from scoring.service import ScoringService

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scoring.features import Value
    from scoring.service import ScoredApplication

# Answers whose times are remembered, and which of them, from the fastest, an answer with its shadow stays within.
_REMEMBERED: Final = 100
_WITHIN: Final = 90
# A slow moment is forgotten by this each time that the challenger is asked again.
_FORGETS: Final = 0.98
# Left out so often in a row it is tried again, whatever it took: half a percent of the answers, none of their 99th
# percentile.
_PATIENCE: Final = 200
_WARMING: Final = 3
# The draw of the shadow is another one than that of the audit: the same requests would always be in both.
_SALT: Final = "ombre:"


@dataclass(slots=True)
class Shadow:
    """A challenger beside a service.

    Attributes
    ----------
    share
        Of the requests it is asked for, between 0 and 1.
    budget
        What it may add to an answer, as a share of the time that the answer took.
    estimate_ms
        What asking it is expected to take: as long as the last time, or longer where an earlier one was.
    left_out
        Requests of the share for which there was no time, since the last that it was asked for.
    answers_ms
        How long the last answers took.
    """

    service: ScoringService
    identity: Mapping[str, str]
    share: float
    budget: float
    estimate_ms: float
    left_out: int = field(default=0)
    answers_ms: deque[float] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))

    @classmethod
    def open(cls, folder: Path, *, share: float, budget: float) -> Shadow:
        """Open a challenger and time it on its golden applications.

        Raises
        ------
        ContractError
            ``SCR2xx`` when its bundle does not hold together.
        """
        bundle = Bundle.open(folder)
        service = ScoringService.of(bundle)
        golden = [one["application"] for one in bundle.golden[:_WARMING]]
        times = [_timed(service, application)[1] for application in golden]
        identity = {"version_ombre": model_version(bundle), "empreinte_ombre": bundle.seal}
        return cls(service, identity, share, budget, min(times))

    def ask(
        self, request_id: str, application: Mapping[str, Value], scored: ScoredApplication, *, answer_ms: float
    ) -> dict[str, Any] | None:
        """Return what a log line says of the challenger; None where it is not asked.

        Parameters
        ----------
        answer_ms
            How long the answer took that it must not delay.
        """
        self.answers_ms.append(answer_ms)
        if not sampled(_SALT + request_id, self.share):
            return None
        tried_again = self.left_out == _PATIENCE
        if not tried_again and self.estimate_ms > max(self.budget * answer_ms, self._usual_end() - answer_ms):
            self.left_out += 1
            return None
        try:
            told, took_ms = self._told(application, scored)
        except Exception as error:  # noqa: BLE001  a challenger that fails is a word in the log, whatever it is
            told, took_ms = {"erreur": type(error).__name__}, self.estimate_ms
        self.estimate_ms = took_ms if tried_again else max(took_ms, self.estimate_ms * _FORGETS)
        told |= {"ombre_ms": round(took_ms, 3), "reponse_ms": round(answer_ms, 3), "laissees": self.left_out}
        self.left_out = 0
        return {**self.identity, **told}

    def _usual_end(self) -> float:
        """Return what nine in ten of the last answers kept within; nothing before there are enough."""
        known = sorted(self.answers_ms)
        return known[_WITHIN] if len(known) == _REMEMBERED else 0.0

    def _told(self, application: Mapping[str, Value], scored: ScoredApplication) -> tuple[dict[str, Any], float]:
        probability, took_ms = _timed(self.service, application)
        decision = decide(probability, threshold=self.service.rule.threshold)
        return {
            "classe": scored.decision.value,
            "classe_ombre": decision.value,
            "accord": decision is scored.decision,
            "ecart_de_probabilite": round(probability - scored.default_probability, 6),
        }, took_ms


def _timed(service: ScoringService, application: Mapping[str, Value]) -> tuple[float, float]:
    """Return a probability of default and how many milliseconds it took."""
    started = time.perf_counter()
    (probability,) = service.probabilities([application]).tolist()
    return probability, (time.perf_counter() - started) * 1000
