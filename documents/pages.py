"""Writing pages: whole files, and regions between two markers of a page that is written by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from training.files import written_file

if TYPE_CHECKING:
    from pathlib import Path


def with_region(text: str, name: str, content: str) -> str:
    r"""Return the text with what stands between two markers replaced.

    >>> with_region("<!-- a: note -->old<!-- /a -->", "a", "new")
    '<!-- a: note -->\nnew\n<!-- /a -->'
    """
    pattern = re.compile(rf"(<!-- {name}:[^>]*-->).*?(<!-- /{name} -->)", re.DOTALL)
    return pattern.sub(lambda found: f"{found[1]}\n{content}\n{found[2]}", text)


def write_page(path: Path, text: str) -> None:
    """Write a page whole, or leave what was there."""
    with written_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
