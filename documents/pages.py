"""Writing pages: whole files, and regions between two markers of a page that is written by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from delivery.paths import ROOT
from training.files import written_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DOCS = ROOT / "docs"


def with_region(text: str, name: str, content: str) -> str:
    r"""Return the text with what stands between two markers replaced.

    >>> with_region("<!-- a: note -->old<!-- /a -->", "a", "new")
    '<!-- a: note -->\nnew\n<!-- /a -->'

    Raises
    ------
    ValueError
        When the markers are not there.
    """
    pattern = re.compile(rf"(<!-- {name}:[^>]*-->).*?(<!-- /{name} -->)", re.DOTALL)
    replaced, n_found = pattern.subn(lambda found: f"{found[1]}\n{content}\n{found[2]}", text)
    if not n_found:
        raise ValueError(f"there is no region `{name}`; put `<!-- {name}: … -->` and `<!-- /{name} -->` around it")
    return replaced


def write_regions(page: Path, contents: Mapping[str, str]) -> None:
    """Write the regions of a page, and leave the rest of it alone.

    Raises
    ------
    ValueError
        When the page lacks one of them.
    """
    text = page.read_text(encoding="utf-8")
    for name, content in contents.items():
        try:
            text = with_region(text, name, content)
        except ValueError as error:
            raise ValueError(f"{page}: {error}") from error
    write_page(page, text)


def write_page(path: Path, text: str) -> None:
    """Write a page whole, or leave what was there."""
    with written_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
