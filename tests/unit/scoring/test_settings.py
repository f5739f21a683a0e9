"""Settings: the environment, read once and checked."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from scoring.decision import DecisionCosts
from scoring.errors import SettingsError
from scoring.settings import DEFAULT_BUNDLE, Settings, read_audit_key, read_settings


def test_settings_have_defaults_for_a_bare_environment() -> None:
    """Nothing has to be set: the bundle beside the package is served, and INFO is logged."""
    assert read_settings({}) == Settings(bundle_dir=DEFAULT_BUNDLE, log_level="INFO", stage_prefix="")


def test_default_bundle_lies_beside_the_package() -> None:
    """The package and its bundle are deployed side by side."""
    import scoring  # noqa: PLC0415  its place is what is tested

    assert Path(scoring.__file__).parent.parent / "bundle" == DEFAULT_BUNDLE


def test_settings_come_from_variables_in_capitals() -> None:
    """Each setting has one variable, its name in capitals; others are not looked at."""
    environment = {"BUNDLE_DIR": "/opt/bundle", "LOG_LEVEL": "DEBUG", "STAGE_PREFIX": "/prod", "log_level": "x"}

    assert read_settings(environment) == Settings(
        bundle_dir=Path("/opt/bundle"), log_level="DEBUG", stage_prefix="/prod"
    )


def test_settings_are_read_from_the_process_when_no_environment_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """The function itself calls without arguments."""
    monkeypatch.setenv("LOG_LEVEL", "ERROR")

    assert read_settings().log_level == "ERROR"


@pytest.mark.parametrize("level", ["info", " ", "CRITICAL", "10"])
def test_settings_refuse_an_unknown_log_level(level: str) -> None:
    """A wrong value stops the start, and the message names variable, value and what is allowed."""
    with pytest.raises(SettingsError, match=rf"^SCR301: environment variable LOG_LEVEL='{level}'.*'WARNING'"):
        read_settings({"LOG_LEVEL": level})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("UNKNOWN_FIELDS", "allow"),
        ("DECISION_THRESHOLD", "0"),
        ("DECISION_THRESHOLD", "1"),
        ("DECISION_THRESHOLD", "nan"),
        ("DECISION_THRESHOLD", "10 %"),
        ("FALSE_NEGATIVE_COST", "-1"),
        ("FALSE_POSITIVE_COST", "inf"),
        ("MAX_BODY_BYTES", "999"),
        ("MAX_BODY_BYTES", "6000001"),
        ("MAX_BATCH", "0"),
        ("MAX_BATCH", "1001"),
        ("AUDIT", "yes"),
        ("AUDIT_SHARE", "1.1"),
        ("METRICS", "1"),
        ("IDEMPOTENCY", "on"),
        ("IDEMPOTENCY_TABLE", "a table"),
        ("IDEMPOTENCY_HOURS", "0"),
        ("BUNDLE_SHA256", "abc"),
        ("STAGE_PREFIX", "prod"),
        ("DEPRECATED_ON", "01/02/2027"),
        ("SUNSET_ON", "soon"),
    ],
)
def test_settings_refuse_a_wrong_value(name: str, value: str) -> None:
    """Whatever is out of its range stops the start, under its own name."""
    with pytest.raises(SettingsError, match=rf"^SCR301: environment variable {name}="):
        read_settings({name: value})


def test_settings_take_a_variable_without_value_as_unset() -> None:
    """A template gives an empty text for a parameter nobody set."""
    assert read_settings({"DECISION_THRESHOLD": "", "LOG_LEVEL": ""}) == Settings()


def test_settings_give_both_costs_or_none() -> None:
    """The rule needs their ratio."""
    costs = {"FALSE_NEGATIVE_COST": "5", "FALSE_POSITIVE_COST": "2"}

    assert read_settings(costs).costs == DecisionCosts(false_negative=5, false_positive=2)
    assert read_settings({}).costs is None
    with pytest.raises(SettingsError, match=r"^SCR302: FALSE_NEGATIVE_COST and FALSE_POSITIVE_COST are given together"):
        read_settings({"FALSE_NEGATIVE_COST": "5"})


@pytest.mark.parametrize("deprecated_on", ["", "2027-01-02"])
def test_settings_announce_the_end_six_months_ahead(deprecated_on: str) -> None:
    """A version is not switched off before its clients had the time that they were promised."""
    assert read_settings({"DEPRECATED_ON": "2027-01-01", "SUNSET_ON": "2027-07-03"}).sunset_on == date(2027, 7, 3)
    with pytest.raises(SettingsError, match=r"^SCR302: SUNSET_ON needs DEPRECATED_ON, at least 183 days before it"):
        read_settings({"DEPRECATED_ON": deprecated_on, "SUNSET_ON": "2027-07-03"})


@pytest.mark.parametrize("key", [{}, {"AUDIT_HASH_KEY": "short"}])
def test_settings_refuse_an_audit_without_a_key(key: dict[str, str]) -> None:
    """Identifiers hashed with a key that can be guessed would be as good as plain."""
    with pytest.raises(SettingsError, match=r"^SCR302: AUDIT=on needs AUDIT_HASH_KEY with at least 16 characters"):
        read_settings({"AUDIT": "on"} | key)


def test_settings_take_an_audit_whose_key_is_a_secret() -> None:
    """The key is read at its first use, not at the start; a short one beside it is still a mistake."""
    assert (
        read_settings({"AUDIT": "on", "AUDIT_HASH_SECRET": "arn:aws:secretsmanager:eu-west-3:1:secret:k-a"}).audit
        == "on"
    )
    with pytest.raises(SettingsError, match=r"^SCR302"):
        read_settings({"AUDIT": "on", "AUDIT_HASH_SECRET": "name", "AUDIT_HASH_KEY": "short"})


def test_settings_name_the_table_of_kept_answers() -> None:
    """A table without a name would fail with the first key instead of the start."""
    with pytest.raises(SettingsError, match=r"^SCR302: IDEMPOTENCY=dynamodb needs IDEMPOTENCY_TABLE$"):
        read_settings({"IDEMPOTENCY": "dynamodb"})


def test_settings_never_hold_the_key() -> None:
    """What the cold start keeps ends up in a snapshot: the key is read when it is needed."""
    environment = {"AUDIT": "on", "AUDIT_HASH_KEY": "sixteen characters"}

    assert "sixteen" not in repr(read_settings(environment))
    assert read_audit_key(environment) == b"sixteen characters"


def test_audit_key_is_read_from_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The function itself calls without arguments, each time anew."""
    monkeypatch.setenv("AUDIT_HASH_KEY", "first")
    first = read_audit_key()
    monkeypatch.setenv("AUDIT_HASH_KEY", "second")

    assert (first, read_audit_key()) == (b"first", b"second")


def test_settings_cannot_be_changed() -> None:
    """Configuration is a fact of the start, not a variable."""
    with pytest.raises(ValidationError, match="frozen"):
        read_settings({}).log_level = "DEBUG"  # type: ignore[misc]
