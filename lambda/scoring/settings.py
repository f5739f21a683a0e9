"""Facts of the environment, read and checked once when the function starts (the only reader of ``os.environ``)."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from scoring.decision import DecisionCosts
from scoring.errors import SettingsError
from scoring.log_lines import HASH_KEY, SHORTEST_KEY

if TYPE_CHECKING:
    from collections.abc import Mapping

_ROOM = Path(__file__).resolve().parent.parent
DEFAULT_BUNDLE = _ROOM / "bundle"
# Beside the bundle, where a package has them: the lender's rules and the challenger.
DEFAULT_POLICY = _ROOM / "regles.json"
DEFAULT_CHALLENGER = _ROOM / "challenger"
SHORTEST_NOTICE = timedelta(days=183)  # six months

UnknownFields = Literal["ignore", "report", "refuse"]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Settings(BaseModel):
    """Configuration of one running function.

    Attributes
    ----------
    bundle_dir
        ``BUNDLE_DIR``: folder of the sealed bundle.
    bundle_sha256
        ``BUNDLE_SHA256``: the one hash the bundle must have; unset, its seals alone are checked.
    decision_threshold
        ``DECISION_THRESHOLD``: refuse from this probability on instead of at the contract's threshold.
    false_negative_cost, false_positive_cost
        ``FALSE_NEGATIVE_COST``, ``FALSE_POSITIVE_COST``: costs that are not those of the contract; without a threshold
        of its own the threshold moves with them.
    policy_file, policy_seal
        ``POLICY_FILE``, ``POLICY_SEAL``: the lender's sealed rules, and how the one seal that is meant begins; by the
        seal alone, those beside the bundle. With neither there are no rules. A file that cannot be used, or has another
        seal, sends everything to a person.
    shadow_share
        ``SHADOW_SHARE``: of the requests, for which a challenger is asked in silence; at 0 it is not even opened.
    shadow_bundle_dir
        ``SHADOW_BUNDLE_DIR``: folder of the challenger; one whose seals are broken is not asked.
    shadow_budget
        ``SHADOW_BUDGET``: what the challenger may add to an answer, as a share of the time that the answer took.
    unknown_fields
        ``UNKNOWN_FIELDS``: what becomes of a field the contract does not have.
    reply_decimals
        ``REPLY_DECIMALS``: decimals of a probability that replies tell, one less of log-odds; unset, every one.
        Decisions, logs and audit records are exact all the same.
    max_body_bytes
        ``MAX_BODY_BYTES``: a longer body is refused.
    max_batch
        ``MAX_BATCH``: applications one call may bring.
    max_dossiers
        ``MAX_DOSSIERS``: raw dossiers one call may bring.
    max_records
        ``MAX_RECORDS``: records one table of a raw dossier may have.
    audit
        ``AUDIT``: ``on`` writes sampled audit records, inputs included; the identifier's key must be set then.
    audit_hash_secret
        ``AUDIT_HASH_SECRET``: the secret of Secrets Manager that holds the key of the identifiers' hashes, read at its
        first use; unset, the key is ``AUDIT_HASH_KEY``.
    audit_share
        ``AUDIT_SHARE``: share of the applications away from the threshold that leave a record.
    idempotency
        ``IDEMPOTENCY``: where the answers to requests with an ``Idempotency-Key`` are kept: ``dynamodb``, or ``memory``
        for a single process; ``off`` refuses the header.
    idempotency_table
        ``IDEMPOTENCY_TABLE``: name of the DynamoDB table.
    idempotency_hours
        ``IDEMPOTENCY_HOURS``: how long they are kept.
    profile
        ``PROFILE``: ``on`` writes, once for many applications, how many had which values; no single one can be read
        from it.
    metrics
        ``METRICS``: ``on`` adds CloudWatch metrics to the log lines.
    log_level
        ``LOG_LEVEL``: what the structured log keeps.
    stage_prefix
        ``STAGE_PREFIX``: path prefix that API Gateway puts before the routes, such as ``/prod``; usually empty.
    deprecated_on, sunset_on
        ``DEPRECATED_ON``, ``SUNSET_ON``: days from which on this version of the API is deprecated and may be gone, six
        months apart at least; replies announce them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    bundle_dir: Path = DEFAULT_BUNDLE
    bundle_sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    decision_threshold: Annotated[float, Field(gt=0, lt=1)] | None = None
    false_negative_cost: Positive | None = None
    false_positive_cost: Positive | None = None
    policy_file: Path | None = None
    policy_seal: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12,64}$")] | None = None
    shadow_bundle_dir: Path = DEFAULT_CHALLENGER
    shadow_share: Annotated[float, Field(ge=0, le=1)] = 0.0
    shadow_budget: Annotated[float, Field(ge=0, le=1)] = 0.15
    unknown_fields: UnknownFields = "refuse"
    reply_decimals: Annotated[int, Field(ge=2, le=6)] | None = None
    max_body_bytes: Annotated[int, Field(ge=1_000, le=6_000_000)] = 2_000_000
    max_batch: Annotated[int, Field(ge=1, le=1_000)] = 500
    max_dossiers: Annotated[int, Field(ge=1, le=50)] = 50
    max_records: Annotated[int, Field(ge=1, le=20_000)] = 5_000
    audit: Literal["on", "off"] = "off"
    audit_hash_secret: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9/_+=.@:-]{1,512}$")] | None = None
    audit_share: Annotated[float, Field(ge=0, le=1)] = 0.1
    idempotency: Literal["off", "memory", "dynamodb"] = "off"
    idempotency_table: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{3,255}$")] | None = None
    idempotency_hours: Annotated[int, Field(ge=1, le=168)] = 24
    profile: Literal["on", "off"] = "on"
    metrics: Literal["on", "off"] = "off"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    stage_prefix: Annotated[str, StringConstraints(pattern=r"^(/[A-Za-z0-9_-]+)*$")] = ""
    deprecated_on: date | None = None
    sunset_on: date | None = None

    @property
    def rules_file(self) -> Path | None:
        """Where the lender's rules are, or None where there are none."""
        return self.policy_file or (DEFAULT_POLICY if self.policy_seal else None)

    @property
    def costs(self) -> DecisionCosts | None:
        """Costs that replace the contract's, or None."""
        if self.false_negative_cost is None or self.false_positive_cost is None:
            return None
        return DecisionCosts(self.false_negative_cost, self.false_positive_cost)

    @model_validator(mode="after")
    def _costs_come_together(self) -> Self:
        if (self.false_negative_cost is None) != (self.false_positive_cost is None):
            raise ValueError("FALSE_NEGATIVE_COST and FALSE_POSITIVE_COST are given together or not at all")
        return self

    @model_validator(mode="after")
    def _keys_have_a_table(self) -> Self:
        if self.idempotency == "dynamodb" and self.idempotency_table is None:
            raise ValueError("IDEMPOTENCY=dynamodb needs IDEMPOTENCY_TABLE")
        return self

    @model_validator(mode="after")
    def _end_is_announced_in_time(self) -> Self:
        if self.sunset_on and (not self.deprecated_on or self.sunset_on - self.deprecated_on < SHORTEST_NOTICE):
            raise ValueError(f"SUNSET_ON needs DEPRECATED_ON, at least {SHORTEST_NOTICE.days} days before it")
        return self


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings that the environment gives; a variable that is set to nothing is as good as unset.

    Raises
    ------
    SettingsError
        ``SCR301`` naming the variable, its value and what is allowed; ``SCR302`` settings that do not go together.
    """
    source = os.environ if environment is None else environment
    given = {name: value for name in Settings.model_fields if (value := source.get(name.upper(), ""))}
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        raise _refused(error, given) from error
    length = len(read_audit_key(source))
    if settings.audit == "on" and length < SHORTEST_KEY and (length or not settings.audit_hash_secret):
        needed = f"{HASH_KEY} with at least {SHORTEST_KEY} characters, or AUDIT_HASH_SECRET"
        raise SettingsError("SCR302", f"AUDIT=on needs {needed}")
    return settings


def read_audit_key(environment: Mapping[str, str] | None = None) -> bytes:
    """Return the key that identifiers of applicants are hashed with, or nothing.

    It is read when it is needed and kept nowhere: what a cold start keeps ends up in the snapshot of SnapStart.
    """
    source = os.environ if environment is None else environment
    return source.get(HASH_KEY, "").encode()


def running_version(environment: Mapping[str, str] | None = None) -> tuple[str, str]:
    """Return which function runs, and which of its versions, as Lambda says; ``local`` outside of it.

    It is asked each time: the snapshot of SnapStart is older than what it is restored as.

    >>> running_version({"AWS_LAMBDA_FUNCTION_NAME": "scoring", "AWS_LAMBDA_FUNCTION_VERSION": "7"})
    ('scoring', '7')
    >>> running_version({})
    ('local', 'local')
    """
    source = os.environ if environment is None else environment
    return source.get("AWS_LAMBDA_FUNCTION_NAME", "local"), source.get("AWS_LAMBDA_FUNCTION_VERSION", "local")


def _refused(error: ValidationError, given: Mapping[str, str]) -> SettingsError:
    first = error.errors()[0]
    if not first["loc"]:
        return SettingsError("SCR302", str(first["msg"]).removeprefix("Value error, "))
    name = str(first["loc"][0])
    return SettingsError(
        "SCR301", f"environment variable {name.upper()}={given[name]!r} is not allowed: {first['msg']}"
    )
