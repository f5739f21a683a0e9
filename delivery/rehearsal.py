"""A deployment rehearsed: deploy, canary, alarm, rollback, and which versions answer at each step.

The stack, its versions and its aliases are moto's; what answers are the built packages of both functions under the
Lambda emulator, one a version. Which version a request goes to follows the weights of the alias of its function, by a
seeded draw as Lambda draws.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, replace
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
from delivery.paths import DOSSIER_FUNCTION, FUNCTION, FUNCTIONS
from delivery.rollback import record, roll_back, withdraw
from delivery.smoke import OK, differences
from delivery.stack import Move, Stack, now
from delivery.template import environments
from scoring.bundle import Bundle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

# A canary of one in ten must come to the decisions below which the alarm says nothing.
REQUESTS, CANARY_REQUESTS = 60, 450
APPLICATIONS_A_DOSSIER = 5  # a dossier takes the emulator many times as long
SEED = 8
BY = "rehearsal"


@dataclass(frozen=True, slots=True)
class Answered:
    """Who answered for one of the functions.

    Attributes
    ----------
    shares
        Share of the requests that the alias gives to each version.
    answered
        Requests that each version answered, by the bundle that the replies name.
    refused
        Share of refusals among the answers of each version.
    """

    shares: dict[str, float]
    answered: dict[str, int]
    refused: dict[str, float]


@dataclass(frozen=True, slots=True)
class Step:
    """What was done, and who answered for applications and for dossiers then."""

    what: str
    applications: Answered
    dossiers: Answered


class Rehearsal:
    """One walk over bundles, in a mocked AWS.

    Parameters
    ----------
    package, dossier_package
        The built packages of the two functions.
    environment
        Whose parameters rule: canary, limits of the alarm.
    """

    def __init__(self, package: Path, dossier_package: Path, *, environment: str = "staging") -> None:
        self._packages = {FUNCTION: package, DOSSIER_FUNCTION: dossier_package}
        self._environment = environment
        self._stack = Stack(environment)
        self._bundles: dict[str, Bundle] = {}
        self._running: dict[str, dict[str, Emulator]] = {}

    def walk(self, first: Path, failing: Path, strange: Path, right: Path) -> Iterator[Step]:
        """Yield the steps of a first deployment, of two that an alarm ends, and of one that a person takes back."""
        bundles = [Bundle.open(folder) for folder in (first, failing, strange, right)]
        with mocked_aws(), TemporaryDirectory() as work, ExitStack() as self._emulators:
            yield from self._first(bundles[0], Path(work))
            yield from self._refused_at_the_start(bundles[0], bundles[1], Path(work))
            yield from self._canary_that_fails(bundles[1], Path(work), "RefusalRateAlarm")
            yield from self._canary_that_fails(bundles[2], Path(work), "NotScoredAlarm")
            yield from self._canary_that_passes(bundles[3], Path(work))
            yield from self._taken_back()

    def _first(self, bundle: Bundle, work: Path) -> Iterator[Step]:
        version = self._deploy(bundle, work)
        yield self._step(f"version {version} is deployed: {_named(bundle)}")
        self._found_right(version)
        yield self._step(f"version {version} gives the trained model's answers, and is recorded")

    def _refused_at_the_start(self, bundle: Bundle, meant: Bundle, work: Path) -> Iterator[Step]:
        """Start a package that holds another bundle than the deployment means: what SnapStart would meet."""
        package = with_bundle(self._packages[FUNCTION], bundle.folder, work / "another")
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
        for function in FUNCTIONS:
            self._stack.serve(function, self._stack.routing(function)[0], reason=alarm)
        yield self._step(f"{alarm} stands: the canary of both functions ends, every request is the old versions'")

    def _canary_that_passes(self, bundle: Bundle, work: Path) -> Iterator[Step]:
        """Mend while the alarms of the versions before are still red: a version is judged by its own alone."""
        red = [version for version in self._running if self._alarms(version)]
        version = self._deploy(bundle, work)
        yield self._canary(version, bundle)
        if stand := self._alarms(version):
            raise DeliveryError(f"version {version} should have raised no alarm, and raised {stand}")
        for function in FUNCTIONS:
            self._stack.serve(function, version, reason="the canary passed")
        self._found_right(version)
        still = f", though those of versions {' and '.join(red)} are red" if red else ""
        yield self._step(f"no alarm of its own{still}: version {version} gets every request, and is recorded")

    def _taken_back(self) -> Iterator[Step]:
        move = roll_back(self._stack, reason="rehearsed by hand", by=BY)
        yield self._step(f"a person goes back from {move.left_release} to {move.release}: {move.reason}")

    def _deploy(self, bundle: Bundle, work: Path) -> str:
        """Deploy both functions with a bundle; moto numbers their versions alike, as none is ever published alone."""
        packages = {
            function: with_bundle(package, bundle.folder, work / function / bundle.seal[:12])
            for function, package in self._packages.items()
        }
        release = deploy(self._environment, packages[FUNCTION]).release
        if release.scoring != release.dossier:
            raise DeliveryError(f"the functions were published apart: {release}")
        self._running[release.scoring] = {
            function: self._emulators.enter_context(Emulator(package, environment={"BUNDLE_SHA256": bundle.seal}))
            for function, package in packages.items()
        }
        self._bundles[release.scoring] = bundle
        return release.scoring

    def _canary(self, version: str, bundle: Bundle) -> Step:
        (percent,) = re.findall(r"^Canary(\d+)Percent", environments()[self._environment]["TrafficShift"])
        for function in FUNCTIONS:
            live, _ = self._stack.routing(function)
            self._stack.serve(function, live, reason="canary", beside={version: int(percent) / 100})
        return self._step(f"version {version} is a canary: {_named(bundle)}", requests=CANARY_REQUESTS)

    def _alarms(self, version: str) -> list[str]:
        logs = {
            one: {function: counted(emulator.log().splitlines()) for function, emulator in running.items()}
            for one, running in self._running.items()
        }
        everything = sum((count for of_version in logs.values() for count in of_version.values()), Counter())
        return standing(logs[version], everything, self._environment)

    def _found_right(self, version: str) -> None:
        for function in FUNCTIONS:
            ask = under_emulator(self._running[version][function])
            if found := differences(ask, self._bundles[version].folder, raw=function == DOSSIER_FUNCTION):
                raise DeliveryError(f"version {version} of {function} answers wrongly: {found[0]}")
        move = Move("deploy", version, "", "found right", BY, now(), dossier_version=version)
        record(self._stack, replace(move, bundle=self._bundles[version].seal))

    def _step(self, what: str, *, requests: int = REQUESTS) -> Step:
        first = next(iter(self._bundles.values()))
        applications = [HttpRequest.post("/v1/score", one["application"]) for one in first.golden]
        dossiers = [HttpRequest.post("/v1/dossier", one["dossier"]) for one in first.golden_dossiers]
        return Step(
            what,
            self._asked(FUNCTION, applications, requests),
            self._asked(DOSSIER_FUNCTION, dossiers, requests // APPLICATIONS_A_DOSSIER),
        )

    def _asked(self, function: str, golden: Sequence[HttpRequest], requests: int) -> Answered:
        shares = self._stack.shares(function)
        answers = list(self._answers(function, shares, islice(cycle(golden), requests)))
        asked = Counter(version for version, _ in answers)
        refused = Counter(version for version, decision in answers if decision == "refuse")
        return Answered(shares, dict(asked), {version: refused[version] / asked[version] for version in asked})

    def _answers(
        self, function: str, shares: Mapping[str, float], requests: Iterable[HttpRequest]
    ) -> Iterator[tuple[str, str]]:
        """Ask in turn; yield the version of the reply's bundle, and the decision."""
        draw = random.Random(SEED)  # noqa: S311  no secret
        served = {bundle.seal: version for version, bundle in self._bundles.items()}
        for request in requests:
            (version,) = draw.choices(list(shares), list(shares.values()))
            status, reply = under_emulator(self._running[version][function])(request)
            if status == OK:
                yield served[reply["meta"]["empreinte"]], reply["classe"]
            else:  # a refusal of the request names no bundle
                yield version, f"status {status}"


def _named(bundle: Bundle) -> str:
    return f"bundle {bundle.seal[:8]}, threshold {bundle.contract.decision.threshold:.4f}"


def say_step(number: int, step: Step) -> str:
    """Return a step as three lines for a terminal."""
    told = [f"   {name}: {_said(one)}" for name, one in (("score", step.applications), ("dossier", step.dossiers))]
    return "\n".join([f"{number}. {step.what}", *told])


def _said(one: Answered) -> str:
    shared = ", ".join(f"version {version} {share:.0%}" for version, share in sorted(one.shares.items()))
    answered = ", ".join(
        f"version {version} {count} ({one.refused[version]:.0%} refused)"
        for version, count in sorted(one.answered.items())
    )
    return f"alias live: {shared}; answered: {answered}"
