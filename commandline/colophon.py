"""What every report says of itself: who wrote it, with which version of the software, about what, and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import Final

AUTHOR: Final = "Prêt à dépenser"


@dataclass(frozen=True, slots=True)
class Colophon:
    """The origin of a report.

    Attributes
    ----------
    software
        Version of the code.
    about
        What the report is about, in French: a version of the model, a set of data.
    made
        When it was written.
    """

    software: str
    about: str
    made: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def tags(self) -> str:
        """Return the tags of the head of an HTML page.

        >>> Colophon("1.2", "modèle:3", datetime(2026, 12, 1, tzinfo=UTC)).tags[:44]
        '<meta name="author" content="Prêt à dépenser'
        """
        facts = {
            "author": AUTHOR,
            "generator": f"{AUTHOR} {self.software}",
            "dcterms.created": self.made.isoformat(timespec="seconds"),
        }
        return "".join(f'<meta name="{name}" content="{escape(value)}"/>' for name, value in facts.items())

    @property
    def line(self) -> str:
        """Return the line under the title, as text.

        >>> Colophon("1.2", "modèle:3", datetime(2026, 12, 1, tzinfo=UTC)).line
        'Prêt à dépenser · modèle:3 · logiciel 1.2 · établi le 01/12/2026'
        """
        return f"{AUTHOR} · {self.about} · logiciel {self.software} · établi le {self.made:%d/%m/%Y}"
