"""Regions of pages that are written by hand: they are replaced, and nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from documents.pages import with_region, write_regions

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "before <!-- x: note -->1<!-- /x --> between <!-- y: note -->2<!-- /y --> after"


def test_with_region_leaves_the_rest_alone() -> None:
    """Only what stands between the markers changes."""
    assert with_region("a <!-- x: n -->1<!-- /x --> b", "x", "2") == "a <!-- x: n -->\n2\n<!-- /x --> b"


def test_content_is_taken_as_it_is() -> None:
    r"""A content with a backslash, as LaTeX or a Windows path has, is no pattern."""
    assert r"\1 \d" in with_region("<!-- x: n --><!-- /x -->", "x", r"\1 \d")


def test_regions_of_a_page_are_written_together(tmp_path: Path) -> None:
    """Two regions, one page, and the words around them."""
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")

    write_regions(page, {"x": "one", "y": "two"})

    assert page.read_text("utf-8") == (
        "before <!-- x: note -->\none\n<!-- /x --> between <!-- y: note -->\ntwo\n<!-- /y --> after"
    )


def test_page_without_its_region_is_refused(tmp_path: Path) -> None:
    """Figures that nobody would see are an error that names page and region, and the page stays as it was."""
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")

    with pytest.raises(ValueError, match=r"page\.md: there is no region `z`"):
        write_regions(page, {"x": "one", "z": "three"})
    assert page.read_text("utf-8") == PAGE
