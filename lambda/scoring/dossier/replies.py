"""What is said of the tables of a dossier, in the shape that `scoring.dossier.reply_schemas` describes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from features.accounts import Remark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from features.accounts import Remarked, TableAccount
    from scoring.wording import Language

_CODES: Final = {
    Remark.FUTURE: "posterieure_a_la_demande",
    Remark.OUTSIDE: "hors_limites",
    Remark.NO_CREDIT: "sans_credit",
    Remark.MONTH_TWICE: "mois_en_double",
}
_TEXTS: Final = {
    Remark.FUTURE: {
        "fr": "La date est postérieure à la demande : la ligne est écartée.",
        "en": "The date lies after the application: the record is left out.",
    },
    Remark.OUTSIDE: {
        "fr": "La valeur est impossible : elle est prise pour inconnue.",
        "en": "The value is impossible: it is taken as unknown.",
    },
    Remark.NO_CREDIT: {
        "fr": "Le crédit n'est pas nommé : toutes ces lignes comptent pour un seul.",
        "en": "The credit is not named: all of these records count as one.",
    },
    Remark.MONTH_TWICE: {
        "fr": "Ce crédit a déjà une ligne pour ce mois : toutes comptent.",
        "en": "This credit has a record for that month already: all of them count.",
    },
}


def histories(accounts: Iterable[TableAccount], language: Language) -> list[dict[str, Any]]:
    """Return what became of the records of each history."""
    return [_history(account, language) for account in accounts]


def _history(account: TableAccount, language: Language) -> dict[str, Any]:
    return {
        "table": account.table,
        "etat": "inconnue" if account.records is None else "lue" if account.records else "vide",
        "lignes_lues": account.records or 0,
        "lignes_ecartees": account.left_out,
        "remarques": [_remark(one, language) for one in account.remarks],
    }


def _remark(remarked: Remarked, language: Language) -> dict[str, Any]:
    return {
        "code": _CODES[remarked.remark],
        "nombre": remarked.count,
        "exemple": remarked.place,
        "texte": _TEXTS[remarked.remark][language],
    }
