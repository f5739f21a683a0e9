"""Size of the package as it is deployed, and what takes the room."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.programs import require_package
from delivery.package import MEBIBYTE, files_of, unzipped_size, write_zip
from delivery.paths import PACKAGE

LARGEST = 6


def measure_package_size(package: Path = PACKAGE) -> dict[str, Any]:
    """Weigh the built package, unzipped and zipped, in MiB.

    Raises
    ------
    DeliveryError
        When the package is absent.
    """
    require_package(package)
    parts = Counter[str]()
    for path in files_of(package):
        parts[path.relative_to(package).parts[0]] += path.stat().st_size
    return {
        "unzipped_mib": unzipped_size(package) / MEBIBYTE,
        "zipped_mib": zipped_size(package) / MEBIBYTE,
        "largest_parts_mib": {name: size / MEBIBYTE for name, size in parts.most_common(LARGEST)},
    }


def zipped_size(package: Path) -> int:
    """Return the bytes of the archive that is uploaded."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "package.zip"
        write_zip(package, archive)
        return archive.stat().st_size
