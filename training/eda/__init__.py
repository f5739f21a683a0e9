"""The report, in French, for whoever meets the data: what it holds, what is odd, what separates defaults."""

from __future__ import annotations

from training.eda.page import eda_page

__all__ = ["eda_page"]
