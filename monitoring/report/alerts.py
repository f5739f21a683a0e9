"""Sending an alarm where it is wanted: a webhook, a topic of Amazon SNS, an issue on GitHub."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitoring.errors import MonitoringError
from monitoring.report.files import JSON_FILE, SUMMARY_FILE

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring.report.settings import AlertSettings

LABEL = "derive"
SECONDS = 20
# Amazon SNS takes no longer subject.
LONGEST_SUBJECT = 100


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is told: summary and codes of a report, never an applicant's value.

    Attributes
    ----------
    actions
        What to do, from the checks that are in alert.
    """

    level: str
    subject: str
    body: str
    codes: tuple[str, ...]
    actions: tuple[str, ...]
    version: str

    @property
    def content(self) -> dict[str, Any]:
        """Return the alarm as JSON; ``text`` is what chat services show."""
        return {
            "text": f"{self.subject}\n{', '.join(self.codes)}",
            "niveau": self.level,
            "codes": list(self.codes),
            "actions": list(self.actions),
            "version_modele": self.version,
            "resume": self.body,
        }


def alarm_of(report: Path) -> Alarm:
    """Return what a folder of a report has to say.

    Raises
    ------
    MonitoringError
        ``MON921`` when the folder holds no report.
    """
    try:
        content = json.loads((report / JSON_FILE).read_bytes())
        body = (report / SUMMARY_FILE).read_text(encoding="utf-8")
        raised = [check for check in content["checks"] if check["level"] == "alert"]
        model = f"{content['model']['name']}:{content['model']['version']}"
        return Alarm(
            level=content["level"],
            subject=f"Dérive du modèle {model} : {len(raised)} contrôle(s) en alerte"[:LONGEST_SUBJECT],
            body=body,
            codes=tuple(check["code"] for check in raised),
            actions=tuple(sorted({check["action"] for check in raised})),
            version=model,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MonitoringError(
            "MON921", f"{report} holds no report; make one with `python -m monitoring report`"
        ) from error


def send(alarm: Alarm, settings: AlertSettings) -> list[str]:
    """Send an alarm everywhere it is wanted, and say where it went.

    One way that fails does not keep the alarm from the others.

    Raises
    ------
    MonitoringError
        ``MON922`` when a way failed, once all were tried.
    """
    ways = (
        (settings.webhook, "webhook", _to_webhook),
        (settings.sns_topic, "SNS", _to_sns),
        (settings.github_repository, "GitHub", _to_github),
    )
    sent, failed = [], []
    for wanted, name, way in ways:
        if not wanted:
            continue
        try:
            sent.append(f"{name} : {way(alarm, settings)}")
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            failed.append(f"{name} ({_reason(error)})")
    if failed:
        raise MonitoringError(
            "MON922", f"the alarm did not reach {', '.join(failed)}; reached: {', '.join(sent) or '-'}"
        )
    return sent


def _reason(error: Exception) -> str:
    """Return why, without the address: it may hold a secret."""
    return f"HTTP {error.code}" if isinstance(error, urllib.error.HTTPError) else type(error).__name__


def _to_webhook(alarm: Alarm, settings: AlertSettings) -> str:
    _post(settings.webhook, alarm.content, {})
    return "envoyé"


def _to_sns(alarm: Alarm, settings: AlertSettings) -> str:
    """Publish by the command line of AWS, which knows the credentials of the place it runs in."""
    aws = shutil.which("aws")
    if aws is None:
        raise FileNotFoundError
    message = json.dumps(alarm.content, ensure_ascii=False)
    given = ["sns", "publish", "--topic-arn", settings.sns_topic, "--subject", _ascii(alarm.subject)]
    subprocess.run(  # noqa: S603  a fixed program, and arguments that no shell reads
        [aws, *given, "--message", message], check=True, capture_output=True, timeout=SECONDS
    )
    return "publié"


def _ascii(text: str) -> str:
    """Return a subject as Amazon SNS takes it."""
    return text.replace("é", "e").replace("è", "e").encode("ascii", "ignore").decode()


def _to_github(alarm: Alarm, settings: AlertSettings) -> str:
    """Comment on the open issue of an earlier alarm, or open one."""
    issues = f"{settings.github_api}/repos/{settings.github_repository}/issues"
    headers = {"Authorization": f"Bearer {settings.github_token}", "Accept": "application/vnd.github+json"}
    opened = _call(f"{issues}?labels={LABEL}&state=open&per_page=1", None, headers)
    if opened:
        _post(f"{issues}/{opened[0]['number']}/comments", {"body": alarm.body}, headers)
        return f"commentaire sur le ticket {opened[0]['number']}"
    made = _post(issues, {"title": alarm.subject, "body": alarm.body, "labels": [LABEL]}, headers)
    return f"ticket {made['number']}"


def _post(address: str, content: dict[str, Any], headers: dict[str, str]) -> Any:  # noqa: ANN401  JSON
    return _call(address, json.dumps(content, ensure_ascii=False).encode(), headers)


def _call(address: str, content: bytes | None, headers: dict[str, str]) -> Any:  # noqa: ANN401  JSON
    request = urllib.request.Request(  # noqa: S310  settings.py lets no other scheme through
        address, data=content, headers={"Content-Type": "application/json"} | headers
    )
    with urllib.request.urlopen(request, timeout=SECONDS) as reply:  # noqa: S310  the same
        answered = reply.read()
    try:
        return json.loads(answered)
    except ValueError:  # a webhook may answer "ok"
        return None
