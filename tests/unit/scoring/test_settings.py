"""Settings: the environment, read once and checked."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from scoring.errors import SettingsError
from scoring.settings import DEFAULT_BUNDLE, Settings, read_settings


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


def test_settings_cannot_be_changed() -> None:
    """Configuration is a fact of the start, not a variable."""
    with pytest.raises(ValidationError, match="frozen"):
        read_settings({}).log_level = "DEBUG"  # type: ignore[misc]
