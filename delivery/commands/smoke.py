"""Ask a deployment for the bundle's golden applications; status 1 where it answers otherwise than the trained model.

The deployment is the stack of an environment, an address with a key, or the built package under the emulator.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.asking import over_http, under_emulator
from delivery.emulator import Emulator
from delivery.errors import DeliveryError
from delivery.package import function_of
from delivery.paths import BUNDLE, DOSSIER_FUNCTION
from delivery.smoke import differences
from delivery.stack import Stack

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from delivery.smoke import Ask

WRONG = 1
SHOWN = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--environment", help="its stack, with the first partner's key: dev, staging or production")
    what.add_argument("--url", help="address of the API, stage included")
    what.add_argument("--package", type=Path, metavar="FOLDER", help="built package, run under the emulator")
    parser.add_argument("--key-env", metavar="NAME", help="variable that holds the API key of --url; none by default")
    parser.add_argument("--bundle", type=Path, default=BUNDLE, help="bundle that should be served (lambda/bundle)")


def run(args: argparse.Namespace) -> int:
    """Ask, and say what differs."""
    raw = args.package is None or function_of(args.package) == DOSSIER_FUNCTION
    with _deployment(args) as ask:
        found = differences(ask, args.bundle, raw=raw)
    for sentence in found[:SHOWN]:
        print(f"wrong {sentence}", file=sys.stderr)
    what = args.environment or args.url or args.package
    if found:
        print(f"wrong {what}: {len(found)} differences from the trained model's answers", file=sys.stderr)
        return WRONG
    print(f"smoke: {what} gives the trained model's answers")
    return 0


@contextmanager
def _deployment(args: argparse.Namespace) -> Iterator[Ask]:
    if args.environment is not None:
        stack = Stack(args.environment)
        with over_http(stack.output("ApiUrl"), stack.api_key()) as ask:
            yield ask
    elif args.package:
        with Emulator(args.package.resolve()) as emulator:
            yield under_emulator(emulator)
    else:
        with over_http(args.url, _key(args.key_env)) as ask:
            yield ask


def _key(variable: str | None) -> str | None:
    if variable is None:
        return None
    if not os.environ.get(variable):
        raise DeliveryError(f"the variable {variable} is not set; put the API key into it")
    return os.environ[variable]
