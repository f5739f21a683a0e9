"""Alarms sent for real, to a server on this machine and to a program that stands for the command line of AWS."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from monitoring.__main__ import main
from monitoring.errors import MonitoringError
from monitoring.report.alerts import Alarm, alarm_of, send
from monitoring.report.settings import AlertSettings, read_alert_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ALARM = Alarm("alert", "Dérive du modèle", "# Résumé", ("MON008",), ("recalibrer_le_seuil",), "essai:7")


class Receiver(HTTPServer):
    """Keeps what it is sent; answers issues as GitHub does."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[tuple[str, str, Any]] = []
        self.open_issues: list[dict[str, int]] = []
        self.status = 200

    @property
    def address(self) -> str:
        """Return where it listens."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_GET(self) -> None:
        self._answer(None, self.server.open_issues)

    def do_POST(self) -> None:
        content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(content, {"number": 12})

    def _answer(self, content: object, reply: object) -> None:
        self.server.seen.append((self.path, self.headers.get("Authorization", ""), content))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(json.dumps(reply).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Return a server that runs while the test does."""
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_webhook_is_sent_codes_and_actions(receiver: Receiver) -> None:
    """What arrives is JSON with a text that a chat service shows."""
    assert send(ALARM, AlertSettings(webhook=f"{receiver.address}/hook")) == ["webhook : envoyé"]

    ((path, _, content),) = receiver.seen
    assert path == "/hook"
    assert content["codes"] == ["MON008"]
    assert content["actions"] == ["recalibrer_le_seuil"]
    assert content["text"].startswith("Dérive")


@pytest.mark.parametrize(("opened", "last"), [([], "/issues"), ([{"number": 5}], "/issues/5/comments")])
def test_github_gets_one_issue_and_then_comments(opened: list[dict[str, int]], last: str, receiver: Receiver) -> None:
    """An alarm that lasts does not open an issue a week."""
    receiver.open_issues = opened
    destination = {"github_repository": "a/b", "github_token": "t", "github_api": receiver.address}
    send(ALARM, AlertSettings(**destination))

    assert receiver.seen[0][0].startswith("/repos/a/b/issues?labels=derive&state=open")
    assert receiver.seen[-1][0] == f"/repos/a/b{last}"
    assert {authorization for _, authorization, _ in receiver.seen} == {"Bearer t"}


def test_sns_is_reached_by_the_command_line_of_aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Topic, subject and message are its arguments; no shell reads them."""
    program = tmp_path / "aws"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {tmp_path}/given\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    assert send(ALARM, AlertSettings(sns_topic="arn:aws:sns:eu-west-3:1:t")) == ["SNS : publié"]

    given = (tmp_path / "given").read_text(encoding="utf-8").splitlines()
    assert given[:4] == ["sns", "publish", "--topic-arn", "arn:aws:sns:eu-west-3:1:t"]
    assert given[5].isascii()
    assert json.loads(given[-1])["niveau"] == "alert"


def test_one_way_that_fails_does_not_stop_the_others(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the way and not its address, which may hold a secret."""
    monkeypatch.setenv("PATH", "")
    settings = AlertSettings(webhook=f"{receiver.address}/secret", sns_topic="arn:aws:sns:x")

    with pytest.raises(MonitoringError, match=r"MON922.*SNS \(FileNotFoundError\).*webhook") as raised:
        send(ALARM, settings)

    assert "secret" not in str(raised.value)
    assert len(receiver.seen) == 1


def test_a_refusing_server_is_a_failed_run(receiver: Receiver) -> None:
    """Its status is told."""
    receiver.status = 500

    with pytest.raises(MonitoringError, match=r"MON922.*HTTP 500"):
        send(ALARM, AlertSettings(webhook=receiver.address))


@pytest.mark.parametrize(
    "environment",
    [
        {"MONITORING_WEBHOOK_URL": "file:///etc/passwd"},
        {"MONITORING_SNS_TOPIC_ARN": "topic"},
        {"MONITORING_GITHUB_REPOSITORY": "a/b"},
        {"GITHUB_API_URL": "ftp://x"},
    ],
)
def test_a_wrong_destination_is_refused(environment: dict[str, str]) -> None:
    """Before anything is sent anywhere."""
    with pytest.raises(MonitoringError, match="MON920"):
        read_alert_settings(environment)


def write_report(folder: Path, level: str) -> Path:
    """Write what a report leaves of itself."""
    checks = [{"code": "MON008", "level": level, "action": "recalibrer_le_seuil"}]
    content = {"level": level, "checks": checks, "model": {"name": "essai", "version": "7"}}
    folder.mkdir()
    (folder / "report.json").write_text(json.dumps(content), encoding="utf-8")
    (folder / "resume.md").write_text("# Résumé", encoding="utf-8")
    return folder


def test_the_command_sends_an_alert_and_nothing_else(
    receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report that only watches stays in its folder."""
    monkeypatch.setenv("MONITORING_WEBHOOK_URL", receiver.address)
    monkeypatch.delenv("MONITORING_GITHUB_REPOSITORY", raising=False)
    monkeypatch.delenv("MONITORING_SNS_TOPIC_ARN", raising=False)

    assert main(["alert", "--out", str(write_report(tmp_path / "calm", "watch"))]) == 0
    assert receiver.seen == []
    assert main(["alert", "--out", str(write_report(tmp_path / "loud", "alert"))]) == 0
    assert len(receiver.seen) == 1


def test_a_folder_without_report_is_refused(tmp_path: Path) -> None:
    """There is nothing to tell."""
    with pytest.raises(MonitoringError, match="MON921"):
        alarm_of(tmp_path)
