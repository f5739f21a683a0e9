"""The errors of the page."""

from __future__ import annotations

from frontend.api import errors
from frontend.api.errors import FrontendError


def test_the_room_of_errors_is_complete() -> None:
    """Every error class of the module is a FrontendError."""
    classes = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, Exception)]

    assert all(issubclass(one, FrontendError) for one in classes)
