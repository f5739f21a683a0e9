"""A deployment rehearsed: deploy, canary, alarm, rollback, and which version answers at each step.

The stack, its versions and its alias are moto's; what answers is the built package under the Lambda emulator, one a
version. Which of the two a request goes to follows the weights of the alias, by a seeded draw as Lambda draws.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from delivery.alarm import counted, standing
from delivery.asking import under_emulator
from delivery.emulator import Emulator
from delivery.errors import DeliveryError
from delivery.events import HttpRequest
from delivery.mocked_aws import deploy, mocked_aws
from delivery.package import with_bundle
from delivery.paths import FUNCTION
from delivery.rollback import record, roll_back, withdraw
from delivery.smoke import OK, differences
from delivery.stack import Move, Stack, now
from delivery.template import environments
from scoring.bundle import Bundle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# A canary of one in ten must come to the decisions below which the alarm says nothing.
REQUESTS, CANARY_REQUESTS = 60, 450
SEED = 8
BY = "rehearsal"


@dataclass(frozen=True, slots=True)
class Step:
    """What was done, how requests were shared then, and who answered.

    Attributes
    ----------
    shares
        Share of the requests that the alias gives to each version.
    answered
        Requests that each version answered, by the bundle that the replies name.
    refused
        Share of refusals among the answers of each version.
    """

    what: str
    shares: dict[str, float] = field(default_factory=dict)
    answered: dict[str, int] = field(default_factory=dict)
    refused: dict[str, float] = field(default_factory=dict)


class Rehearsal:
    """One walk over bundles, in a mocked AWS.

    Parameters
    ----------
    package
        The built package.
    environment
        Whose parameters rule: canary, limits of the alarm.
    """

    def __init__(self, package: Path, *, environment: str = "staging") -> None:
        self._package = package
        self._environment = environment
        self._stack = Stack(environment)
        self._bundles: dict[str, Bundle] = {}
        self._running: dict[str, Emulator] = {}

    def walk(self, first: Path, failing: Path, strange: Path, right: Path) -> Iterator[Step]:
        """Yield the steps of a first deployment, of two that an alarm ends, and of one that a person takes back."""
        bundles = [Bundle.open(folder) for folder in (first, failing, strange, right)]
        with mocked_aws(), TemporaryDirectory() as work:
            try:
                yield from self._first(bundles[0], Path(work))
                yield from self._refused_at_the_start(bundles[0], bundles[1], Path(work))
                yield from self._canary_that_fails(bundles[1], Path(work), "RefusalRateAlarm")
                yield from self._canary_that_fails(bundles[2], Path(work), "NotScoredAlarm")
                yield from self._canary_that_passes(bundles[3], Path(work))
                yield from self._taken_back()
            finally:
                for emulator in self._running.values():
                    emulator.__exit__(None, None, None)

    def _first(self, bundle: Bundle, work: Path) -> Iterator[Step]:
        version = self._deploy(bundle, work)
        yield self._step(f"version {version} is deployed: {_named(bundle)}")
        self._found_right(version)
        yield self._step(f"version {version} gives the trained model's answers, and is recorded")

    def _refused_at_the_start(self, bundle: Bundle, meant: Bundle, work: Path) -> Iterator[Step]:
        """Start a package that holds another bundle than the deployment means: what SnapStart would meet."""
        package = with_bundle(self._package, bundle.folder, work / "another")
        with Emulator(package, environment={"BUNDLE_SHA256": meant.seal}) as emulator:
            try:
                under_emulator(emulator)(HttpRequest("GET", "/health"))
            except DeliveryError as error:
                yield self._step(f"a package with another bundle than is meant is never published: {error}")
            else:
                raise DeliveryError("a package with another bundle than is meant has started")

    def _canary_that_fails(self, bundle: Bundle, work: Path, alarm: str) -> Iterator[Step]:
        version = self._deploy(bundle, work)
        yield self._canary(version, bundle)
        if (stand := self._alarms(version)) != [alarm]:
            raise DeliveryError(f"version {version} should have raised {alarm}, and raised {stand}")
        moved = withdraw(self._stack, reason=alarm, by=BY)
        if moved:
            raise DeliveryError(f"a canary is no version to withdraw, and {moved.left} was left")
        self._stack.serve(self._stack.live_version(), reason=alarm)
        yield self._step(f"{alarm} stands: the canary ends, every request is the old version's")

    def _canary_that_passes(self, bundle: Bundle, work: Path) -> Iterator[Step]:
        """Mend while the alarms of the versions before are still red: a version is judged by its own alone."""
        red = [version for version in self._running if self._alarms(version)]
        version = self._deploy(bundle, work)
        yield self._canary(version, bundle)
        if stand := self._alarms(version):
            raise DeliveryError(f"version {version} should have raised no alarm, and raised {stand}")
        self._stack.serve(version, reason="the canary passed")
        self._found_right(version)
        still = f", though those of versions {' and '.join(red)} are red" if red else ""
        yield self._step(f"no alarm of its own{still}: version {version} gets every request, and is recorded")

    def _taken_back(self) -> Iterator[Step]:
        move = roll_back(self._stack, reason="rehearsed by hand", by=BY)
        yield self._step(f"a person goes back from version {move.left} to {move.version}: {move.reason}")

    def _deploy(self, bundle: Bundle, work: Path) -> str:
        package = with_bundle(self._package, bundle.folder, work / bundle.seal[:12])
        version = deploy(self._environment, package).version
        emulator = Emulator(package, environment={"BUNDLE_SHA256": bundle.seal})
        self._running[version] = emulator.__enter__()
        self._bundles[version] = bundle
        return version

    def _canary(self, version: str, bundle: Bundle) -> Step:
        (percent,) = re.findall(r"^Canary(\d+)Percent", environments()[self._environment]["TrafficShift"])
        live = self._stack.live_version()
        self._stack.serve(live, reason="canary", beside={version: int(percent) / 100})
        return self._step(f"version {version} is a canary: {_named(bundle)}", requests=CANARY_REQUESTS)

    def _alarms(self, version: str) -> list[str]:
        logs = {one: counted(emulator.log().splitlines()) for one, emulator in self._running.items()}
        return standing({FUNCTION: logs[version]}, sum(logs.values(), Counter()), self._environment)

    def _found_right(self, version: str) -> None:
        ask = under_emulator(self._running[version])
        if found := differences(ask, self._bundles[version].folder, raw=False):
            raise DeliveryError(f"version {version} answers wrongly: {found[0]}")
        seal = self._bundles[version].seal
        record(self._stack, Move("deploy", version, "", "found right", BY, now(), bundle=seal))

    def _step(self, what: str, *, requests: int = REQUESTS) -> Step:
        shares = self._stack.shares()
        answers = list(self._answers(shares, requests))
        asked = Counter(version for version, _ in answers)
        refused = Counter(version for version, decision in answers if decision == "refuse")
        return Step(what, shares, dict(asked), {version: refused[version] / asked[version] for version in asked})

    def _answers(self, shares: Mapping[str, float], requests: int) -> Iterator[tuple[str, str]]:
        """Ask for golden applications in turn; yield the version of the reply's bundle, and the decision."""
        draw = random.Random(SEED)  # noqa: S311  no secret
        served = {bundle.seal: version for version, bundle in self._bundles.items()}
        golden = next(iter(self._bundles.values())).golden
        for one in islice(cycle(golden), requests):
            (version,) = draw.choices(list(shares), list(shares.values()))
            status, reply = under_emulator(self._running[version])(HttpRequest.post("/v1/score", one["application"]))
            if status == OK:
                yield served[reply["meta"]["empreinte"]], reply["classe"]
            else:  # a refusal of the request names no bundle
                yield version, f"status {status}"


def _named(bundle: Bundle) -> str:
    return f"bundle {bundle.seal[:8]}, threshold {bundle.contract.decision.threshold:.4f}"


def say_step(number: int, step: Step) -> str:
    """Return a step as two lines for a terminal."""
    shared = ", ".join(f"version {version} {share:.0%}" for version, share in sorted(step.shares.items()))
    answered = ", ".join(
        f"version {version} {count} ({step.refused[version]:.0%} refused)"
        for version, count in sorted(step.answered.items())
    )
    return f"{number}. {step.what}\n   alias live: {shared}; answered: {answered}"
