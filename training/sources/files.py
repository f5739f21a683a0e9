"""Which file of a folder holds which table, whatever the packing and the case of its name."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from features.tables import HISTORY_TABLES
from training.errors import DataError
from training.sources.faults import no_file, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

TRAIN_FILE = "application_train"
TEST_FILE = "application_test"
FILE_NAMES = (TRAIN_FILE, TEST_FILE, *HISTORY_TABLES)

_BY_LOWER_NAME = {name.lower(): name for name in FILE_NAMES}
_ENDINGS = (".parquet", ".csv", ".csv.gz")
# From here on two names are taken for one; bureau and bureau_balance stay below.
_ALIKE = 0.8
# What a browser adds to the name of a second copy.
_COPY = re.compile(r" *\(\d+\)$")


@dataclass(frozen=True)
class SourceFile:
    """One table's file: a Parquet or CSV file, or the CSV `member` of a zip."""

    name: str
    path: Path
    member: str | None = None


def find_files(folder: Path) -> dict[str, SourceFile]:
    """Find the files of the tables in `folder`, by table file name in the order of `FILE_NAMES`.

    Zips are looked into, so Kaggle's one archive works as well as a zip for each table.

    Raises
    ------
    DataError
        ``TRN101`` without such a folder, ``TRN103`` when two files hold one table, ``TRN104`` for a damaged zip,
        ``TRN105`` for a folder under the name of a table's file.
    """
    if not folder.is_dir():
        raise DataError("TRN101", f"there is no data folder {folder}; give the folder that holds the Kaggle files")
    found: dict[str, SourceFile] = {}
    for path in sorted(folder.iterdir()):
        for source in _sources_in(path):
            if source.name in found:
                other = found[source.name].path.name
                raise DataError("TRN103", f"{other} and {path.name} both hold {source.name}; keep one of them")
            found[source.name] = source
    return {name: found[name] for name in FILE_NAMES if name in found}


def similar_file(folder: Path, name: str) -> str | None:
    """Return a file that holds no table under a name much like that of `name`, or None."""
    return similar_name([path.name for path in sorted(folder.iterdir())], name)


def similar_name(names: Iterable[str], name: str) -> str | None:
    """Return the name of a file that holds no table and is called much like `name`, or None.

    A browser's second copy, a spelling mistake and a spreadsheet are found this way.

    Examples
    --------
    >>> similar_name(["bureau.csv", "bureu.csv"], "bureau")
    'bureu.csv'
    """
    stems = {_COPY.sub("", one.partition(".")[0].lower()): one for one in names if not _table_file(one)}
    alike = get_close_matches(name.lower(), stems, n=1, cutoff=_ALIKE)
    return stems[alike[0]] if alike else None


def table_of(entry: str) -> str | None:
    """Return the table that a file or a folder of parts holds by its name, or None.

    Examples
    --------
    >>> table_of("Bureau.parquet"), table_of("bureau"), table_of("bureau.txt")
    ('bureau', 'bureau', None)
    """
    return _table_file(entry) or _BY_LOWER_NAME.get(entry.lower())


def _sources_in(path: Path) -> Iterator[SourceFile]:
    """Yield the tables that `path` holds."""
    if path.suffix.lower() == ".zip":
        yield from _sources_in_zip(path)
        return
    name = _table_file(path.name)
    if name is None:
        return
    if not path.is_file():
        raise no_file(path)
    yield SourceFile(name, path)


def _sources_in_zip(path: Path) -> Iterator[SourceFile]:
    """Yield the tables among the members of a zip, leaving aside what macOS adds."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.namelist()
    except (zipfile.BadZipFile, OSError) as error:
        raise unreadable(path) from error
    for member in members:
        name = _table_file(member.rpartition("/")[2])
        if name is not None and member.lower().endswith(".csv") and not member.startswith("__MACOSX"):
            yield SourceFile(name, path, member)


def _table_file(file_name: str) -> str | None:
    """Return the table file that a file name stands for, or None.

    >>> _table_file("Application_Train.CSV.gz")
    'application_train'
    """
    lower = file_name.lower()
    endings = (ending for ending in _ENDINGS if lower.endswith(ending))
    return next(
        (_BY_LOWER_NAME[stem] for ending in endings if (stem := lower.removesuffix(ending)) in _BY_LOWER_NAME), None
    )
