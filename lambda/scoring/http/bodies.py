"""Bodies of requests: their size, their type, and JSON read as RFC 8259 has it."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from scoring.errors import FieldProblem, InvalidApplicationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

_NOT_JSON = "Le corps de la requête n'est pas du JSON valide en UTF-8 ; envoyez un objet JSON."
_CONSTANT = "{} n'est pas du JSON ; envoyez null pour une valeur inconnue."


class RepeatedNames(dict[str, object]):
    """A JSON object in which some names are given more than once; the last value counts.

    Attributes
    ----------
    names
        Which names, sorted.
    """

    names: tuple[str, ...] = ()


class Content:
    """What a body holds.

    Attributes
    ----------
    value
        The JSON value; ``NaN`` and infinities are floats in it, for the fields that hold them to be named.
    constants
        The words ``NaN``, ``Infinity`` and ``-Infinity`` that were read, each once: they are no JSON.
    """

    __slots__ = ("constants", "value")

    def __init__(self, body: bytes) -> None:
        self.constants: list[str] = []
        try:
            self.value = self._parsed(body.decode("utf-8"))
            if b"\\u" in body:
                _check_characters(self.value)
        except (ValueError, RecursionError) as error:  # bad UTF-8, bad JSON and half characters are all ValueError
            raise InvalidApplicationError([FieldProblem("", "SCR110", _NOT_JSON)], status=400) from error

    def _parsed(self, text: str) -> object:
        hooks: dict[str, Any] = {"object_pairs_hook": _object, "parse_constant": self._note_constant}
        try:
            return json.loads(text, **hooks)
        except json.JSONDecodeError:
            raise
        except ValueError:
            # Python reads no whole number of thousands of digits; as a double it is infinite, and its field is named.
            return json.loads(text, parse_int=float, **hooks)

    def _note_constant(self, name: str) -> float:
        if name not in self.constants:
            self.constants.append(name)
        return float(name)

    def refusal(self, found: Sequence[FieldProblem]) -> InvalidApplicationError | None:
        """Return the refusal of a body in which `found` is wrong, None where nothing is.

        NaN is no JSON, wherever it stands: the fields that hold it are named along with all other problems.
        """
        if self.constants:
            named = any(problem.code == "SCR110" for problem in found)
            return InvalidApplicationError(found if named else [*self.constant_problems(), *found], status=400)
        return InvalidApplicationError(found) if found else None

    def constant_problems(self) -> list[FieldProblem]:
        """Return one problem for each word that is no JSON."""
        return [FieldProblem("", "SCR110", _CONSTANT.format(name), name) for name in self.constants]


def _object(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) == len(pairs):
        return content
    repeated = RepeatedNames(content)
    times = Counter(name for name, _ in pairs)
    repeated.names = tuple(sorted(name for name, count in times.items() if count > 1))
    return repeated


def _check_characters(content: object) -> None:
    """Raise `UnicodeEncodeError` for half a surrogate pair: JSON can escape one, no reply could repeat it."""
    json.dumps(content, ensure_ascii=False).encode("utf-8")


async def read_body(request: Request, *, limit: int) -> bytes:
    """Return the body of a request that says it is JSON and is not too long.

    Raises
    ------
    InvalidApplicationError
        ``SCR415`` another type or an encoding (415), ``SCR413`` a body over the limit (413).
    """
    headers = {name: value for name, value in request.scope["headers"] if name.startswith(b"content-")}
    if headers.get(b"content-type") != b"application/json" or b"content-encoding" in headers:
        _check_type(request)
    announced = headers.get(b"content-length", b"")
    if announced.isdigit() and int(announced[:20]) > limit:
        raise _too_long(limit)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise _too_long(limit)
    return bytes(body)


def _check_type(request: Request) -> None:
    """Refuse what claims not to be JSON in UTF-8; a body that claims nothing is read as JSON."""
    claimed = request.headers.get("content-type", "")
    media_type, *parameters = (part.strip().lower() for part in claimed.split(";"))
    charsets = [one.partition("=")[2].strip('"') for one in parameters if one.startswith("charset=")]
    if media_type not in {"", "application/json"} or any(one not in {"utf-8", "utf8"} for one in charsets):
        raise _unsupported("Content-Type", claimed, "envoyez application/json, en UTF-8.")
    encoding = request.headers.get("content-encoding", "identity")
    if encoding.lower() != "identity":
        raise _unsupported("Content-Encoding", encoding, "envoyez le corps sans compression.")


def _unsupported(header: str, received: str, advice: str) -> InvalidApplicationError:
    problem = FieldProblem(header, "SCR415", f"L'en-tête {header} n'est pas admis ; {advice}", received[:80])
    return InvalidApplicationError([problem], status=415)


def _too_long(limit: int) -> InvalidApplicationError:
    detail = f"Le corps dépasse {limit} octets ; envoyez moins de demandes par appel."
    return InvalidApplicationError([FieldProblem("", "SCR413", detail)], status=413)
