"""What reports say of their origin."""

from __future__ import annotations

from datetime import UTC, datetime

from commandline.colophon import Colophon


def test_nothing_of_an_origin_becomes_markup() -> None:
    """A name is text, whatever it is made of."""
    tags = Colophon('1"><b>', "modèle").tags

    assert "<b>" not in tags


def test_a_report_tells_when_it_was_made() -> None:
    """Under its title in the French form, in its head as programs read it."""
    origin = Colophon("1.2", "modèle:3", datetime(2026, 12, 1, 9, tzinfo=UTC))

    assert origin.line.endswith("établi le 01/12/2026")
    assert 'name="dcterms.created" content="2026-12-01T09:00:00+00:00"' in origin.tags
