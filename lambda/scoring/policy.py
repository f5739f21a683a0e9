"""The lender's own rules: data beside the model, sealed, dated, and changed without training anything.

A rule refuses (knock-out, affordability) or refers to a person, and is named. The strictest of the rules that hold
decides, so that their order means nothing. What cannot be known goes to a person: a value that a rule needs and the
application does not give, a file that is broken, not yet in force or no longer.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date  # noqa: TC003  pydantic resolves annotations at run time
from math import nan
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

from pydantic import Field, ValidationError, model_validator

from scoring.conditions import fields_of, normal_form, read_condition, spared_fields_of, vocabulary_of
from scoring.contract import Frozen, Text
from scoring.decision import Outcome
from scoring.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scoring.conditions import Condition
    from scoring.contract import Contract, Input

POLICY_FILE: Final = "regles.json"
# The one "rule" that holds where there should be rules and none can be read.
UNREADABLE: Final = "P000"

# A name, or a reason, of blanks alone is none.
Said = Annotated[str, Field(pattern=r"\S")]
RuleKind = Literal["exclusion", "capacite", "renvoi"]
_EFFECTS: Final[dict[str, Outcome]] = {
    "exclusion": Outcome.REFUSE,
    "capacite": Outcome.REFUSE,
    "renvoi": Outcome.REVIEW,
}
_STRICTNESS: Final = {Outcome.GRANT: 0, Outcome.REVIEW: 1, Outcome.REFUSE: 2}


class PolicyField(Frozen):
    """A number that rules need and the model does not read; it is asked for beside the inputs.

    Attributes
    ----------
    minimum, maximum
        Hard bounds: a value outside is refused as an error of the request.
    """

    name: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]
    label: Text
    unit: str
    minimum: float
    maximum: float

    @property
    def kind(self) -> str:
        """What conditions take it for."""
        return "number"

    @property
    def categories(self) -> tuple[str, ...]:
        """None: it is a number."""
        return ()


class PolicyRule(Frozen):
    """One rule of the lender.

    Attributes
    ----------
    code
        Stable name, told in replies and records.
    kind
        ``exclusion`` (knock-out) and ``capacite`` (affordability) refuse, ``renvoi`` refers to a person.
    holds_when
        Condition as `scoring.conditions` reads it. A field that is not given sends the application to a person,
        unless the condition itself asks whether it is ``known``.
    """

    code: Annotated[str, Field(pattern=r"^P[1-9]\d{2}$")]
    kind: RuleKind
    holds_when: str
    sentence: Text

    @property
    def effect(self) -> Outcome:
        """What becomes of an application it holds for."""
        return _EFFECTS[self.kind]


class Policy(Frozen):
    """A version of the rules, as `POLICY_FILE` holds it.

    Attributes
    ----------
    author, approver
        Who wrote it and who let it into force; two people.
    valid_from, valid_until
        First and last day in force; ``None`` for no end.
    seal
        SHA-256 of everything else.
    """

    version: Said
    author: Said
    approver: Said
    reason: Said
    valid_from: date
    valid_until: date | None
    fields: tuple[PolicyField, ...]
    rules: tuple[PolicyRule, ...]
    seal: str = ""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.author.strip().casefold() == self.approver.strip().casefold():
            raise ValueError("author and approver are two people")
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("valid_until is before valid_from")
        for told, what in (
            ([rule.code for rule in self.rules], "code"),
            ([normal_form(rule.holds_when) for rule in self.rules], "condition"),
            ([field.name for field in self.fields], "field"),
        ):
            twice = [one for one, count in Counter(told).items() if count > 1]
            if twice:
                raise ValueError(f"the same {what} is given twice: {twice[0]}")
        return self

    def sealed(self) -> Policy:
        """Return the policy with its seal."""
        return self.model_copy(update={"seal": self._digest()})

    @property
    def is_sealed(self) -> bool:
        """Say whether it is what was sealed."""
        return self.seal == self._digest()

    def in_force_on(self, day: date) -> bool:
        """Say whether a day is within its validity."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def _digest(self) -> str:
        content = self.model_dump(mode="json", exclude={"seal"})
        told = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(told.encode()).hexdigest()


def policy_bytes(policy: Policy) -> bytes:
    """Return the one byte form of a policy."""
    return (json.dumps(policy.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n").encode()


def parse_policy(content: bytes) -> Policy:
    """Return the policy written in `content`, sealed or not.

    Raises
    ------
    ContractError
        ``SCR209`` when it is none.
    """
    try:
        return Policy.model_validate_json(content)
    except (ValidationError, ValueError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else {"loc": (), "msg": str(error)}
        place = ".".join(str(part) for part in first["loc"]) or "whole file"
        raise ContractError("SCR209", f"{POLICY_FILE} is no policy ({place}: {first['msg']}); seal it anew") from error


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that has a say in one application.

    Attributes
    ----------
    unknown
        Whether it does because a value that it needs is not given.
    """

    code: str
    kind: str
    effect: Outcome
    sentence: Text
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class PolicyOutcome:
    """What the rules say of one application.

    Attributes
    ----------
    version, seal
        Of the policy; empty where it could not be read.
    findings
        Rules that have a say, by code; none leaves the application to the model.
    """

    version: str
    seal: str
    findings: tuple[Finding, ...]

    @property
    def effect(self) -> Outcome:
        """The strictest effect; `Outcome.GRANT` where no rule has a say."""
        return max((one.effect for one in self.findings), key=_STRICTNESS.__getitem__, default=Outcome.GRANT)


@dataclass(frozen=True, slots=True)
class _ReadRule:
    rule: PolicyRule
    holds: Condition
    needed: tuple[int, ...]


class PolicyBook:
    """The rules of a policy, ready to be held against applications of a contract.

    Raises
    ------
    ContractError
        ``SCR209`` when a rule cannot be read over the inputs and the fields of the policy.
    """

    def __init__(self, policy: Policy, contract: Contract) -> None:
        inputs = {item.name: item for item in contract.inputs}
        # A field that the model reads as well is the contract's to describe.
        self.fields = tuple(field for field in policy.fields if field.name not in inputs)
        columns: list[Input | PolicyField] = [*contract.inputs, *self.fields]
        self.policy = policy
        self._codes = tuple(
            (item.name, {name: float(code) for code, name in enumerate(item.categories)}) for item in columns
        )
        place = {item.name: index for index, item in enumerate(columns)}
        try:
            vocabulary = vocabulary_of(columns)
            self._rules = tuple(
                _ReadRule(rule, read_condition(rule.holds_when, vocabulary), _needed(rule, place))
                for rule in sorted(policy.rules, key=lambda one: one.code)
            )
        except ValueError as error:
            raise ContractError("SCR209", f"a rule of {POLICY_FILE} cannot be read: {error}") from error

    def judge(self, application: Mapping[str, Any]) -> PolicyOutcome:
        """Return what the rules say of one application, whatever day it is.

        Parameters
        ----------
        application
            Values by input and policy field; ``None`` and what is not there are unknown.
        """
        row = [_number(application.get(name), codes) for name, codes in self._codes]
        findings = []
        for one in self._rules:
            rule = one.rule
            if one.holds(row):
                findings.append(Finding(rule.code, rule.kind, rule.effect, rule.sentence))
            elif any(row[place] != row[place] for place in one.needed):
                findings.append(Finding(rule.code, rule.kind, Outcome.REVIEW, rule.sentence, unknown=True))
        return PolicyOutcome(self.policy.version, self.policy.seal, tuple(findings))


def _needed(rule: PolicyRule, place: Mapping[str, int]) -> tuple[int, ...]:
    """Return the columns whose absence leaves a rule open."""
    spared = spared_fields_of(rule.holds_when)
    return tuple(place[name] for name in fields_of(rule.holds_when) if name not in spared)


def _number(value: float | str | None, codes: Mapping[str, float]) -> float:
    if value is None:
        return nan
    return codes.get(str(value), nan) if codes else float(value)


def _sealed_policy(path: Path, expected_seal: str) -> Policy:
    """Return the policy of a file, as it was sealed.

    Raises
    ------
    ContractError
        ``SCR209`` when there is none, or it is not what was sealed; ``SCR210`` when another one is meant.
    """
    try:
        policy = parse_policy(path.read_bytes())
    except OSError as error:
        raise ContractError(
            "SCR209", f"{path} cannot be read ({type(error).__name__}); give the sealed rules"
        ) from error
    if not policy.is_sealed:
        raise ContractError("SCR209", f"{path} is not what was sealed; seal it anew (python -m training policy)")
    if not policy.seal.startswith(expected_seal):
        raise ContractError("SCR210", f"{path} holds other rules than POLICY_SEAL names; give those")
    return policy


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """The policy that a function was given, or why it has none that can be used: everything then goes to a person."""

    book: PolicyBook | None
    trouble: ContractError | None = None

    @classmethod
    def open(cls, path: Path, contract: Contract, *, expected_seal: str = "") -> PolicyInForce:
        """Read a policy; whatever is wrong with it is kept in its place, and never raised.

        Parameters
        ----------
        expected_seal
            How the seal that it must have begins, where one is meant.
        """
        try:
            return cls(PolicyBook(_sealed_policy(path, expected_seal), contract))
        except ContractError as error:
            return cls(None, error)

    @property
    def fields(self) -> tuple[PolicyField, ...]:
        """What requests may give beside the inputs."""
        return self.book.fields if self.book else ()

    def judge(self, application: Mapping[str, Any], day: date) -> PolicyOutcome:
        """Return what the rules say of one application on a day."""
        if self.book is None or not self.book.policy.in_force_on(day):
            trouble = _BROKEN if self.book is None else _OUT_OF_DATE
            told = Finding(UNREADABLE, "renvoi", Outcome.REVIEW, trouble, unknown=True)
            policy = self.book.policy if self.book else None
            return PolicyOutcome(policy.version if policy else "", policy.seal if policy else "", (told,))
        return self.book.judge(application)


_BROKEN: Final = Text(
    fr="Les règles de la politique ne peuvent pas être lues : une personne décide.",
    en="The rules of the policy cannot be read: a person decides.",
)
_OUT_OF_DATE: Final = Text(
    fr="Aucune version des règles de la politique n’est en vigueur : une personne décide.",
    en="No version of the rules of the policy is in force: a person decides.",
)


def told_outcome(outcome: PolicyOutcome) -> dict[str, Any]:
    """Return what replies and records tell of an outcome; sentences are for the reply to add."""
    return {
        "version": outcome.version,
        "empreinte": outcome.seal,
        "resultat": outcome.effect.value,
        "regles": [
            {"code": one.code, "genre": one.kind, "effet": one.effect.value, "inconnue": one.unknown}
            for one in outcome.findings
        ],
    }
