"""Where clients are looked up: a folder of files, or an adapter of the lender's own.

An adapter is any object with the two methods of `ClientSource`; ``CLIENT_SOURCE=package.module:function`` names a
function without arguments that returns one.
"""

from __future__ import annotations

import importlib
import json
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

type Dossier = Mapping[str, Any]

MOST_FOUND = 20
_FACTORY = ":"


class ClientSourceError(Exception):
    """The clients cannot be read; `reason` is a key of the locales, `detail` names what is at fault."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class ClientName:
    """Who a client is, as a search finds them."""

    number: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Client:
    """A client and the raw tables that are known of them.

    Attributes
    ----------
    address
        Lines of the postal address, for letters.
    dossier
        As ``POST /v1/dossier`` takes it: ``application`` and the histories under their Kaggle names.
    """

    number: str
    dossier: Dossier = field(repr=False)
    name: str = ""
    address: tuple[str, ...] = ()


@runtime_checkable
class ClientSource(Protocol):
    """A place where clients are looked up; either method may raise `ClientSourceError`."""

    def search(self, text: str) -> tuple[ClientName, ...]:
        """Return the clients whose number begins with `text`, or whose name holds it; `MOST_FOUND` at most."""

    def open(self, number: str) -> Client:
        """Return one client; ``client.unknown`` where there is none of that number."""


class ClientFolder:
    """A folder with a JSON file a client, named by the client's number.

    A file holds ``{"client": {"nom": …, "adresse": [lines]}, "dossier": {…}}``, or a dossier alone.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def search(self, text: str) -> tuple[ClientName, ...]:
        """Return the clients whose number begins with `text`, or whose name holds it."""
        return matching(text, (ClientName(one.number, one.name) for one in map(self._read, self._paths())))

    def open(self, number: str) -> Client:
        """Return one client."""
        # Looked for among the files that are there: a number never becomes a path.
        path = next((one for one in self._paths() if one.stem == number), None)
        if path is None:
            raise ClientSourceError("client.unknown", number)
        return self._read(path)

    def _paths(self) -> list[Path]:
        if not self._folder.is_dir():
            raise ClientSourceError("client.no_folder", str(self._folder))
        return sorted(self._folder.glob("*.json"))

    @staticmethod
    def _read(path: Path) -> Client:
        try:
            return client_of(json.loads(path.read_text(encoding="utf-8")), number=path.stem)
        except (OSError, ValueError) as error:
            raise ClientSourceError("client.unreadable", path.name) from error


def client_of(content: object, *, number: str = "") -> Client:
    """Return the client of a file's content.

    Raises
    ------
    ValueError
        When it is neither a client nor a dossier.
    """
    if not isinstance(content, dict):
        raise ValueError("no JSON object")  # noqa: TRY004  for a reader, a file of the wrong kind is unreadable
    person = content.get("client", {}) if "dossier" in content else {}
    dossier = content.get("dossier", content)
    if not isinstance(person, dict) or not isinstance(dossier, dict) or "application" not in dossier:
        raise ValueError("no application")
    application = dossier["application"]
    told = application.get("SK_ID_CURR", "") if isinstance(application, dict) else ""
    return Client(
        number=number or str(told),
        name=str(person.get("nom", "")),
        address=tuple(str(line) for line in person.get("adresse", ())),
        dossier=dossier,
    )


def matching(text: str, names: Iterable[ClientName]) -> tuple[ClientName, ...]:
    """Return the names that a search finds, whatever its accents and capitals.

    >>> matching("helene", [ClientName("7", "Hélène Roy"), ClientName("8", "Paul Roy")])
    (ClientName(number='7', name='Hélène Roy'),)
    """
    wanted = _plain(text)
    found = [one for one in names if one.number.startswith(wanted) or wanted in _plain(one.name)]
    return tuple(found[:MOST_FOUND])


def open_source(setting: str) -> ClientSource:
    """Return the source that a setting names: a folder, or ``package.module:function``.

    Raises
    ------
    ClientSourceError
        When an adapter cannot be imported, or gives something else.
    """
    module, found, function = setting.partition(_FACTORY)
    if not found or Path(setting).is_dir():
        return ClientFolder(Path(setting))
    try:
        source = getattr(importlib.import_module(module), function)()
    except (ImportError, AttributeError, TypeError) as error:
        raise ClientSourceError("client.no_adapter", setting) from error
    if not isinstance(source, ClientSource):
        raise ClientSourceError("client.no_adapter", setting)
    return source


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(one for one in letters if not unicodedata.combining(one))
