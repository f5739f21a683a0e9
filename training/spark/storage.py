"""Folders and files where Spark reads and writes them, on this machine or behind a URL; what is written is whole."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NewType
from uuid import uuid4

from training.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

Url = NewType("Url", str)
type Place = Path | Url

# What Spark leaves in a folder while it writes there.
_UNFINISHED = "_temporary"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or a folder."""

    url: str
    is_folder: bool

    @property
    def name(self) -> str:
        """The last part of its URL."""
        return self.url.rstrip("/").rpartition("/")[2]


def place_of(text: str) -> Place:
    """Read a folder of this machine, or a URL.

    Examples
    --------
    >>> place_of("data"), place_of("hdfs://lender/data")
    (PosixPath('data'), 'hdfs://lender/data')
    """
    return Url(text) if "://" in text else Path(text)


def url_of(place: Place) -> str:
    """Return the URL of a place: a path is one of this machine, whatever file system the cluster calls its own."""
    return f"file://{place.absolute()}" if isinstance(place, Path) else str(place)


class Storage:
    """The file systems that a Spark session knows.

    Parameters
    ----------
    session
        Open Spark session, on the driver of which file systems are asked.
    """

    def __init__(self, session: Any) -> None:
        # PySpark has no other way to Hadoop's file systems, which know every URL that Spark itself reads.
        self._java = session.sparkContext._jvm  # noqa: SLF001
        self._settings = session.sparkContext._jsc.hadoopConfiguration()  # noqa: SLF001

    def is_folder(self, url: str) -> bool:
        """Tell whether there is such a folder."""
        system, path = self._at(url)
        return bool(system.exists(path) and system.getFileStatus(path).isDirectory())

    def exists(self, url: str) -> bool:
        """Tell whether anything is there."""
        system, path = self._at(url)
        return bool(system.exists(path))

    def entries(self, url: str) -> list[Entry]:
        """Return what is in a folder, by name."""
        system, path = self._at(url)
        found = (Entry(str(one.getPath().toString()), bool(one.isDirectory())) for one in system.listStatus(path))
        return sorted(found, key=lambda entry: entry.name)

    def files(self, url: str) -> list[str]:
        """Return the files below a folder that Spark reads: those whose names, and whose folders', hide nothing.

        Raises
        ------
        DataError
            ``TRN104`` where the folder is still being written, or its writing was interrupted.
        """
        found: list[str] = []
        for entry in self.entries(url):
            if entry.name == _UNFINISHED:
                why = "it is still being written, or its writing was interrupted; write it again"
                raise DataError("TRN104", f"{url.rpartition('/')[2]} cannot be read: {why} ({url})")
            if entry.name.startswith((".", "_")):
                continue
            found += self.files(entry.url) if entry.is_folder else [entry.url]
        return found

    def move(self, source: str, target: str) -> bool:
        """Rename a folder; tell whether that was done."""
        system, path = self._at(source)
        return bool(system.rename(path, self._at(target)[1]))

    def remove(self, url: str) -> None:
        """Remove a folder with all that is in it; nothing happens where it is not there."""
        system, path = self._at(url)
        system.delete(path, True)

    def _at(self, url: str) -> tuple[Any, Any]:
        path = self._java.org.apache.hadoop.fs.Path(url)
        return path.getFileSystem(self._settings), path


@contextmanager
def written_place(storage: Storage, place: Place) -> Iterator[str]:
    """Yield the URL of a folder that takes the place of `place` on success, and is removed otherwise.

    Raises
    ------
    DataError
        ``TRN161`` when the place cannot be written.
    """
    target = url_of(place).rstrip("/")
    parent, _, name = target.rpartition("/")
    temporary = f"{parent}/.{name}.{uuid4().hex[:8]}"
    refused = partial(DataError, "TRN161")
    if storage.exists(target) and not storage.is_folder(target):
        raise refused(f"{target} cannot be written (it is a file); Spark writes a folder of parts: name another place")
    try:
        yield temporary
        aside = f"{temporary}.old"
        stood = storage.exists(target) and storage.move(target, aside)
        if not storage.move(temporary, target):
            if stood:
                storage.move(aside, target)
            raise refused(f"{target} cannot be written; give a place that exists and is yours to write")
        storage.remove(aside)
    finally:
        storage.remove(temporary)
