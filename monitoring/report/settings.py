"""The environment of the room: where alarms go. The only reader of ``os.environ`` here."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from monitoring.errors import MonitoringError

if TYPE_CHECKING:
    from collections.abc import Mapping

WEB = ("https://", "http://")
GITHUB_API = "https://api.github.com"


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """Where an alarm goes; nowhere by default.

    Attributes
    ----------
    webhook
        Address that is sent the alarm as JSON, with a ``text`` that chat services show.
    sns_topic
        Topic of Amazon SNS; the command line of AWS sends to it.
    github_repository, github_token, github_api
        Repository that gets an issue, or a comment on the one that is still open.
    """

    webhook: str = ""
    sns_topic: str = ""
    github_repository: str = ""
    github_token: str = field(default="", repr=False)
    github_api: str = GITHUB_API


def read_alert_settings(environment: Mapping[str, str] | None = None) -> AlertSettings:
    """Read ``MONITORING_WEBHOOK_URL``, ``MONITORING_SNS_TOPIC_ARN``, ``MONITORING_GITHUB_REPOSITORY``.

    ``GITHUB_TOKEN`` and ``GITHUB_API_URL`` go with the last, as GitHub Actions sets them.

    Raises
    ------
    MonitoringError
        ``MON920`` when an address is none, or the token is missing.
    """
    given = os.environ if environment is None else environment
    settings = AlertSettings(
        webhook=given.get("MONITORING_WEBHOOK_URL", ""),
        sns_topic=given.get("MONITORING_SNS_TOPIC_ARN", ""),
        github_repository=given.get("MONITORING_GITHUB_REPOSITORY", ""),
        github_token=given.get("GITHUB_TOKEN", ""),
        github_api=given.get("GITHUB_API_URL", "") or GITHUB_API,
    )
    for name, address in (("MONITORING_WEBHOOK_URL", settings.webhook), ("GITHUB_API_URL", settings.github_api)):
        if address and not address.startswith(WEB):
            raise MonitoringError("MON920", f"{name} is no http(s) address; correct or unset it")
    if settings.sns_topic and not settings.sns_topic.startswith("arn:"):
        raise MonitoringError("MON920", "MONITORING_SNS_TOPIC_ARN is no ARN; correct or unset it")
    if settings.github_repository and not settings.github_token:
        raise MonitoringError("MON920", "MONITORING_GITHUB_REPOSITORY needs GITHUB_TOKEN; set it or unset both")
    return settings
