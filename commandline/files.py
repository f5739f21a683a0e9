"""Outputs that appear complete or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from errno import EISDIR, ENOTDIR
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    type Refusal = Callable[[str], Exception]


@contextmanager
def written_file(path: Path, *, refused: Refusal) -> Iterator[Path]:
    """Yield a temporary path beside `path` and rename it to `path` on success.

    A reader never sees half a file; on any error the temporary file is removed and what stood at `path` stays.

    Parameters
    ----------
    refused
        Makes the room's own error of a sentence that says why `path` cannot be written.
    """
    with _told(path, refused):
        if path.is_dir():
            raise IsADirectoryError(EISDIR, "it is a folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        os.close(handle)
    temporary = Path(name)
    # mkstemp gives 0600; a data file is as readable as any other file its owner makes.
    temporary.chmod(0o666 & ~_umask())
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def written_folder(path: Path, *, refused: Refusal) -> Iterator[Path]:
    """Yield a temporary folder beside `path` that takes the place of `path` on success.

    What stood at `path` is kept aside until the new folder is in place, then removed.
    """
    path = path.absolute()
    with _told(path, refused):
        if path.exists() and (not path.is_dir() or path == Path.cwd()):
            raise NotADirectoryError(ENOTDIR, "it is a file, or the folder you are in")
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    temporary.chmod(0o777 & ~_umask())
    try:
        yield temporary
        with _told(path, refused):
            _swap(temporary, path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def _told(path: Path, refused: Refusal) -> Iterator[None]:
    """Turn a place that cannot be written into one line that says what to do."""
    try:
        yield
    except OSError as error:
        advice = "give a place that exists and is yours to write"
        raise refused(f"{path} cannot be written ({error.strerror}); {advice}") from error


def _swap(new: Path, path: Path) -> None:
    """Rename `new` to `path`, putting back what stood there if the rename fails."""
    if not path.exists():
        new.replace(path)
        return
    aside = new.with_name(new.name + ".old")
    path.replace(aside)
    try:
        new.replace(path)
    except BaseException:  # an interruption too must leave what stood there
        aside.replace(path)
        raise
    shutil.rmtree(aside)


def _umask() -> int:
    """Return the process umask (reading it means setting it)."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
