"""Bundles named on the command line: whatever is wrong with one is one line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scoring.contract import EXPLAINER_FILE, MODEL_FILE
from training.bundle.opening import open_bundle, open_model, open_service
from training.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scoring.bundle import Bundle


def test_folder_that_is_no_bundle_is_refused(tmp_path: Path) -> None:
    """The line names the file that was looked for."""
    with pytest.raises(DataError, match=r"TRN171: the bundle cannot be used: SCR201: .*none/contract\.json"):
        open_bundle(tmp_path / "none")


@pytest.mark.parametrize(
    ("opener", "name", "code"), [(open_model, MODEL_FILE, "SCR204"), (open_service, EXPLAINER_FILE, "SCR205")]
)
def test_bundle_of_something_else_is_refused(
    bundle: Bundle, opener: Callable[[Bundle], object], name: str, code: str
) -> None:
    """A file that was sealed and is no graph, or no tables, is found when it is needed."""
    spoilt = replace(bundle, content={**bundle.content, name: b"other"})

    with pytest.raises(DataError, match=f"TRN171: the bundle cannot be used: {code}"):
        opener(spoilt)
