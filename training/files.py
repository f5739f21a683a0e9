"""The checkout, and outputs of this room that appear complete or not at all."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from commandline import files
from training.errors import DataError

ROOT = Path(__file__).resolve().parents[1]
_REFUSED = partial(DataError, "TRN161")
written_file = partial(files.written_file, refused=_REFUSED)
written_folder = partial(files.written_folder, refused=_REFUSED)
