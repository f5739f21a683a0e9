"""Who is at work: the name that histories and journals keep."""

from __future__ import annotations

import getpass
import os


class NamelessError(Exception):
    """Nobody is named; the message says how to."""


def person() -> str:
    """Return the actor of the pipeline, or else the user of this machine.

    Raises
    ------
    NamelessError
        When neither has a name, as in a container that runs under a mere number.
    """
    try:
        return os.environ.get("GITHUB_ACTOR") or getpass.getuser()
    except (KeyError, OSError, ImportError) as error:  # which of them depends on the version of Python
        raise NamelessError(
            "the user of this process has a number and no name; set LOGNAME to the name that the history is to keep"
        ) from error
