"""What is wrong with a file that cannot be read, in words that say what to do about it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from training.errors import DataError

if TYPE_CHECKING:
    from pathlib import PurePath

# How a file of each form begins, and how its name has to end.
_FORMS = (
    (b"\x1f\x8b", "a gzip file", ".csv.gz"),
    (b"PK\x03\x04", "a zip archive", ".zip"),
    (b"PAR1", "a Parquet file", ".parquet"),
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = ";\t|"
_OR_EXCEL = ", or read it with --dialect excel"


def unreadable(
    path: PurePath, where: str = "", *, why: str = "it is damaged or cut short; fetch it again"
) -> DataError:
    """Return the error for a file that is cut short, not text, or not what its name says."""
    return DataError("TRN104", f"{path.name} cannot be read{where}: {_disguise(path) or why} ({path})")


def not_text(path: Path) -> DataError:
    """Return the error for a CSV file in another encoding than UTF-8."""
    return unreadable(path, why=f"it is not UTF-8 text; save it as UTF-8{_OR_EXCEL}")


def no_file(path: Path) -> DataError:
    """Return the error for something that has the name of a table's file and is none."""
    what = "a folder" if path.is_dir() else "a link that leads nowhere"
    return DataError("TRN105", f"{path} is {what}, not a file; put the file itself in its place, or remove it")


def empty(name: str, *, has_header: bool = True) -> DataError:
    """Return the error for applications without rows, and for a file without so much as a header."""
    what = "has a header and no rows" if has_header else "has no header: its first line is empty, or the whole file"
    return DataError("TRN107", f"{name} {what}; fetch it again, or take it away where it is not needed")


def header_hint(header: tuple[str, ...], missing: list[str]) -> str:
    """Say why declared columns may not be found in a header; empty when nothing suggests itself.

    Examples
    --------
    >>> header_hint(("TARGET;AMT_CREDIT",), ["TARGET", "AMT_CREDIT"])
    "the header is separated by ';'"
    >>> header_hint(("target", "AMT_CREDIT"), ["TARGET"])
    "column names are read as they are written, and the header has 'target'"
    """
    if len(header) == 1:
        found = next((separator for separator in _SEPARATORS if separator in header[0]), None)
        return "" if found is None else f"the header is separated by {found!r}"
    alike = next((name for name in header if name.strip().upper() in missing), None)
    return "" if alike is None else f"column names are read as they are written, and the header has {alike!r}"


def _disguise(path: PurePath) -> str:
    """Say that a file is of another form than its name says; empty when it is not, or when that cannot be told."""
    try:
        with Path(path).open("rb") as file:
            start = file.read(4)
    except OSError as error:
        return f"{error.strerror}; make it readable"
    name = path.name.lower()
    if start.startswith(_UTF16):
        return f"it is UTF-16 text; save it as UTF-8{_OR_EXCEL}"
    for mark, form, ending in _FORMS:
        if start.startswith(mark) and not name.endswith(ending):
            return f"it is {form}; give it a name that ends in {ending}"
    return next(
        (
            f"it is not {form}, as its name says; name it after what it is, or fetch it again"
            for mark, form, ending in _FORMS
            if name.endswith(ending) and not start.startswith(mark)
        ),
        "",
    )
