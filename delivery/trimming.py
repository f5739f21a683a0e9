"""What the dependencies ship and the function never reads.

Half of the installed bytes are of no use on Lambda. Each pattern says why; a pattern that matches nothing fails the
build, so that the list follows the dependencies.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from delivery.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

UNNEEDED = {
    ".lock": "the installer's own",
    "bin": "console scripts",
    "**/tests": "the libraries' own tests",
    "annotated_types/test_cases.py": "for tests",
    "**/*.pyi": "for type checkers",
    "**/py.typed": "for type checkers",
    "**/*.pxd": "for Cython",
    "**/*.h": "for C compilers",
    "**/*.a": "for linkers",
    "**/*.md": "notes for people",
    "onnxruntime/capi/libonnxruntime.so.*": "the C library: the Python extension has the runtime linked in",
    "onnxruntime/ThirdPartyNotices.txt": "notes for people",
    "onnxruntime/backend": "onnx's test interface",
    "onnxruntime/datasets": "sample models",
    "onnxruntime/quantization": "prepares models",
    "onnxruntime/tools": "prepares models",
    "onnxruntime/transformers": "prepares models",
    "google": "protobuf: only the parts of onnxruntime that prepare models read it",
    "protobuf-*.dist-info": "the same",
    "flatbuffers*": "the same",
    "packaging*": "the same",
    "numpy/f2py": "compiles Fortran",
    "numpy/_core/include": "for C compilers",
    "numpy/_core/lib": "for linkers",
    "numpy/_core/_*_tests.*.so": "numpy's own tests",
    "numpy/_core/_simd.*.so": "read by numpy's own tests only",
    "numpy/testing": "for tests",
    "numpy/conftest.py": "for tests",
    # FastAPI goes on without it, and importing it takes a tenth of the cold start.
    "pydantic/v1": "the former pydantic, for models this project does not have",
}
UNNEEDED_OF_DUCKDB = {
    "_duckdb-stubs": "for type checkers",
    "adbc_driver_duckdb": "another way in, which nobody takes",
    "duckdb/experimental": "Spark's interface",
}
# METADATA stays: scanners of deployed functions read versions there. OpenTelemetry finds its parts by entry point.
KEPT_OF_DIST_INFO = frozenset({"METADATA", "entry_points.txt"})


def trim(package: Path, unneeded: Mapping[str, str]) -> None:
    """Remove from an installed tree what is not needed at run time: patterns, each with its reason.

    Raises
    ------
    DeliveryError
        When a pattern matches nothing.
    """
    for pattern in unneeded:
        found = list(package.glob(pattern))
        if not found:
            raise DeliveryError(f"{pattern} matches nothing in the package; bring delivery/trimming.py up to date")
        for path in found:
            _remove(path)
    for described in package.glob("*.dist-info"):
        for path in described.iterdir():
            if path.name not in KEPT_OF_DIST_INFO:
                _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
