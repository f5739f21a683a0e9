"""Fair timing: contenders take turns, so that a slow moment of the machine hits them alike."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    type Contender = Callable[[int], object]


def alternate(contenders: dict[str, Contender], *, n_turns: int, calls_a_turn: int) -> dict[str, list[float]]:
    """Return the milliseconds of each call, without those of the first turn.

    A turn is several calls after one that is not timed, because in service none of the contenders shares the
    processor's caches with the others.
    """
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(n_turns + 1):
        for name, call in contenders.items():
            call(turn)
            taken = [_time(call, turn * calls_a_turn + index) for index in range(calls_a_turn)]
            times[name] += taken if turn else []
    return times


def _time(call: Contender, index: int) -> float:
    started = time.perf_counter_ns()
    call(index)
    return (time.perf_counter_ns() - started) / 1e6


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Send the log lines where they cost as little as Lambda's pipe, and keep what training left out of collections."""
    gc.collect()
    gc.freeze()
    with (
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        contextlib.redirect_stdout(nowhere),
        _logged_to(nowhere),
        warnings.catch_warnings(),
    ):
        # shap warns on every call that its output is a list.
        warnings.simplefilter("ignore")
        yield
    gc.unfreeze()


@contextlib.contextmanager
def _logged_to(stream: TextIO) -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in ("scoring", "scoring.records")]
    before = [logger.handlers for logger in loggers]
    for logger in loggers:
        logger.handlers = [logging.StreamHandler(stream)]
    yield
    for logger, handlers in zip(loggers, before, strict=True):
        logger.handlers = handlers
