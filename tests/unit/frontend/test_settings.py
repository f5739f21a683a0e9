"""Settings."""

from pathlib import Path

from frontend.settings import DEFAULT_BUNDLE, read_settings


def test_secrets_go_before_the_environment() -> None:
    """Streamlit Cloud's secrets win; what they lack comes from the environment."""
    settings = read_settings({"API_KEY": "a"}, {"API_KEY": "b", "API_URL": "https://x/ "})

    assert (settings.api_key, settings.api_url) == ("a", "https://x")


def test_nothing_set_means_in_process_with_the_delivered_bundle() -> None:
    """A fresh clone needs no configuration."""
    settings = read_settings({}, {})

    assert (settings.api_url, settings.bundle_dir) == ("", DEFAULT_BUNDLE)


def test_another_bundle_may_be_named() -> None:
    """``BUNDLE_DIR`` is the same name that the API reads."""
    assert Path("elsewhere") == read_settings({}, {"BUNDLE_DIR": "elsewhere"}).bundle_dir


def test_the_key_is_never_printed() -> None:
    """A settings object in a log or a traceback does not show the key."""
    assert "secret" not in repr(read_settings({"API_KEY": "secret"}, {}))


def test_the_model_card_may_live_elsewhere() -> None:
    """A deployment without the repository names the card's address."""
    assert read_settings({"MODEL_CARD_URL": "https://x/card"}, {}).model_card_url == "https://x/card"
