"""What is wrong with a dossier, in the words and under the codes of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from features.rows import Fault
from features.tables import HISTORY_TABLES, LARGEST_INTEGER, TABLE_NAMES
from scoring.errors import FieldProblem
from scoring.http.bodies import RepeatedNames
from scoring.http.request_problems import LARGEST_TEXT_ECHO, echo, repeated_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from features.rows import Problem

_TABLES: Final = ", ".join(TABLE_NAMES)
_WORDS: Final = {
    Fault.NO_OBJECT: ("SCR102", "Un objet JSON est attendu, avec une valeur par colonne."),
    Fault.NO_LIST: (
        "SCR102",
        "Une liste est attendue ; envoyez [] s'il n'y a rien, et ne donnez pas la table si on n'en sait rien.",
    ),
    Fault.NO_APPLICATION: ("SCR101", "La demande elle-même est absente : un objet « application » est obligatoire."),
    Fault.UNKNOWN_TABLE: ("SCR105", f"Table inconnue ; un dossier porte {_TABLES}."),
    Fault.TOO_MANY: ("SCR130", "La table a trop de lignes ; voir « limites » de GET /v1/model."),
    Fault.UNKNOWN_COLUMN: ("SCR105", "Colonne inconnue de cette table ; voir /docs."),
    Fault.NO_NUMBER: ("SCR102", "Type incorrect : un nombre JSON (ni chaîne, ni booléen) est attendu."),
    Fault.NO_WHOLE_NUMBER: ("SCR102", "Type incorrect : un nombre entier est attendu."),
    Fault.NO_TEXT: ("SCR102", "Type incorrect : un texte est attendu."),
    Fault.NAN: ("SCR110", "NaN n'est pas du JSON ; envoyez null pour une valeur inconnue."),
    Fault.TOO_LARGE: ("SCR106", f"Le nombre est trop grand ; un entier va jusqu'à {LARGEST_INTEGER}."),
    Fault.VOCABULARY: ("SCR104", "Valeur inconnue"),
    Fault.NO_KEY: ("SCR101", "La ligne n'a pas de clé, ou pas celle du crédit dont elle dépend."),
    Fault.FOREIGN: (
        "SCR131",
        "La ligne est d'un autre demandeur que « application » ; un dossier est celui d'une seule personne.",
    ),
    Fault.ORPHAN: ("SCR132", "Aucune ligne de la table « bureau » du dossier n'est ce crédit."),
    Fault.TWICE: ("SCR133", "Deux lignes ont cette clé ; gardez-en une."),
}


def field_problem(problem: Problem) -> FieldProblem:
    """Return a problem as the sender reads it."""
    code, detail = _WORDS[problem.fault]
    if problem.fault is Fault.VOCABULARY and problem.column is not None:
        detail = f"{detail} ; valeurs admises : {', '.join(map(repr, problem.column.categories))}."
    received = "NaN" if problem.fault is Fault.NAN else echo(problem.received)
    return FieldProblem(problem.place[:LARGEST_TEXT_ECHO], code, detail, received)


def names_given_twice(content: object) -> Iterator[FieldProblem]:
    """Yield the names that an object of a dossier has twice: the dossier itself, the application, a record."""
    if not isinstance(content, dict):
        return
    for place, found in _objects(content):
        if isinstance(found, RepeatedNames):
            for one in repeated_names(found):
                yield FieldProblem(f"{place}{one.champ}", one.code, one.detail)


def _objects(content: dict[str, object]) -> Iterator[tuple[str, object]]:
    yield "", content
    yield f"{TABLE_NAMES[0]}.", content.get(TABLE_NAMES[0])
    for name in HISTORY_TABLES:
        records = content.get(name)
        for row, record in enumerate(records if isinstance(records, list) else ()):
            yield f"{name}[{row}].", record
