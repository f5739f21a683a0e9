"""Put the report together: one HTML page that needs nothing but itself."""

from __future__ import annotations

from html import escape
from math import isnan
from typing import TYPE_CHECKING

from commandline.colophon import Colophon
from features.tables import HISTORY_TABLES
from metrics.distances import PSI_ALERT, PSI_WATCH
from scoring import __version__
from training.eda import charts, facts
from training.schema import load_inputs
from training.wording import percent, say_count, say_decimal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from training.features import FeatureTable
    from training.schema import InputEntry
    from training.sources import Sources

TOP = 25
POINTS = 60_000
STRONG = (
    ("EXT_SOURCE_2", "EXT_SOURCE_3", "EXT_SOURCE_1", "DAYS_BIRTH", "DAYS_EMPLOYED", "AMT_CREDIT", "AMT_GOODS_PRICE"),
    ("NAME_EDUCATION_TYPE", "NAME_INCOME_TYPE", "OCCUPATION_TYPE", "NAME_CONTRACT_TYPE", "REGION_RATING_CLIENT_W_CITY"),
)
TELLING = (
    "BUREAU_DAYS_CREDIT_MEAN",
    "BUREAU_ACTIVE_DEBT_RATIO",
    "BUREAU_BALANCE_STATUS_MEAN",
    "PREVIOUS_REFUSED_SHARE",
    "PREVIOUS_REFUSED_SHARE_LAST3",
    "POS_INSTALMENTS_LEFT_RATIO",
    "INSTALMENTS_LATE_SHARE",
    "INSTALMENTS_UNDERPAID_SHARE",
    "CARD_UTILISATION_MEAN",
    "CARD_CASH_NUMBER_MEAN",
)
TOGETHER = (
    "EXT_SOURCE_1",
    "EXT_SOURCE_3",
    "OCCUPATION_TYPE",
    "OWN_CAR_AGE",
    "APARTMENTS_AVG",
    "LIVINGAREA_AVG",
    "COMMONAREA_AVG",
    "TOTALAREA_MODE",
    "HOUSETYPE_MODE",
    "AMT_REQ_CREDIT_BUREAU_YEAR",
)
_READ = "<p>Messages de lecture (en anglais, comme les commandes les impriment) : constats et suites données.</p>"
_STYLE = """
body{font:15px/1.55 system-ui,sans-serif;color:#1f2937;max-width:1080px;margin:2rem auto;padding:0 1.2rem}
h1{font-size:1.7rem;margin-bottom:.2rem}h2{margin-top:2.6rem;border-bottom:2px solid #1f5a8a;padding-bottom:.2rem}
nav{margin-top:1.2rem}nav a{margin-right:1rem;color:#1f5a8a}
table{display:block;overflow-x:auto;border-collapse:collapse;font-size:.86rem;margin:.8rem 0}
th,td{padding:.28rem .7rem;border-bottom:1px solid #e5e7eb;text-align:left}td.n,th.n{text-align:right}
.grid{display:grid;grid-template-columns:1fr 1fr;gap:1rem}@media(max-width:900px){.grid{grid-template-columns:1fr}}
svg{width:100%;height:auto}.lead{color:#4b5563}.kpi{display:flex;gap:1rem;flex-wrap:wrap}
.kpi div{background:#eef3f8;border-radius:8px;padding:.7rem 1.1rem}.kpi b{display:block;font-size:1.35rem}
li{margin:.25rem 0}li,p{overflow-wrap:anywhere}code{font-size:.85em}
"""


def eda_page(sources: Sources, table: FeatureTable) -> str:
    """Return the report on checked tables and their features."""
    overall = facts.sizes(table)
    sections = {
        "Tables et clés": _tables(sources),
        "Valeurs manquantes": _missing(table),
        "Défaut selon les variables fortes": _strong(table, overall["default_rate"]),
        "Anomalies": _anomalies(sources),
        "Train et test": _shifts(table, overall),
        "Historiques": _histories(sources, table, overall["default_rate"]),
    }
    links = " ".join(f'<a href="#s{number}">{escape(name)}</a>' for number, name in enumerate(sections))
    body = "".join(
        f'<h2 id="s{number}">{escape(name)}</h2>{html}' for number, (name, html) in enumerate(sections.items())
    )
    origin = Colophon(__version__, f"données {sources.manifest.fingerprint[:16]}")
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Exploration des données</title>'
        f"{origin.tags}"
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
        f'<h1>Exploration des données</h1><p class="lead">{escape(origin.line)}</p>{_summary(sources, overall)}'
        f"<nav>{links}</nav>{body}</body></html>\n"
    )


def _summary(sources: Sources, overall: dict[str, float]) -> str:
    figures = [
        (say_count(int(overall["train"])), "demandes à l’issue connue"),
        (say_count(int(overall["test"])), "demandes sans issue (test)"),
        (percent(overall["default_rate"]), "de défauts"),
        (say_count(sum(entry.rows for entry in sources.manifest.files)), "lignes lues"),
    ]
    tiles = "".join(f"<div><b>{value}</b>{escape(name)}</div>" for value, name in figures)
    return (
        f'<p class="lead">Dossier <code>{escape(sources.folder.name)}</code>, empreinte des données '
        f"<code>{sources.manifest.fingerprint[:16]}</code>. Chaque chiffre est calculé sur ces données.</p>"
        f'<div class="kpi">{tiles}</div>'
    )


def _tables(sources: Sources) -> str:
    found = facts.table_facts(sources.manifest)
    found["lignes"] = found["lignes"].map(say_count)
    found["couverture"] = [("" if value != value else percent(value)) for value in found["couverture"].astype(float)]  # noqa: PLR0124  NaN
    notes = "".join(f"<li>{escape(note)}</li>" for note in sources.notes)
    said = f"{_READ}<ul>{notes}</ul>" if notes else ""
    return (
        "<p>Une ligne par demande dans <code>application_train</code> et <code>application_test</code> ; les six "
        "historiques s’y rattachent. La couverture est la part des demandes d’apprentissage qui ont au moins "
        "une ligne.</p>"
        f"{_table(found.columns, found.itertuples(index=False), numeric=('lignes', 'colonnes', 'couverture'))}{said}"
    )


def _missing(table: FeatureTable) -> str:
    shares = facts.missing_shares(table)
    some = shares[shares["train"] > 0]
    complete = len(shares) - len(some)
    title = f"Les {min(TOP, len(some))} colonnes les plus absentes"
    return (
        f"<p>{len(some)} des {len(shares)} colonnes de la demande ont des valeurs absentes, {complete} n’en ont pas. "
        "Les colonnes du bâtiment manquent ensemble : une même enquête n’a pas eu lieu. Rien n’est imputé : les arbres "
        "traitent l’absence comme une information, et la régression reçoit un indicateur.</p><div class='grid'>"
        f"{charts.share_chart(some.head(TOP), title, 'part des demandes sans valeur')}"
        f"{charts.matrix_chart(facts.joint_missing(table, TOGETHER), 'Absences qui vont ensemble (corrélation)')}</div>"
    )


def _strong(table: FeatureTable, overall: float) -> str:
    names = [name for group in STRONG for name in group]
    rates = [charts.rate_chart(facts.default_rates(table, name), _title(name), overall) for name in names]
    drawn = [
        charts.distribution_chart(
            _known(facts.numbers(table, name, most=POINTS)), name, f"Répartition : {_title(name)}"
        )
        for name in ("EXT_SOURCE_2", "EXT_SOURCE_3")
    ]
    return (
        "<p>Par dixièmes de la population pour les nombres, par catégorie sinon ; les groupes de moins de "
        f"{facts.LEAST_APPLICATIONS} demandes ne sont pas montrés. {_separation(table)} Les jours se comptent depuis "
        "la demande, donc en négatif.</p>"
        f"<div class='grid'>{''.join(rates + drawn)}</div>"
    )


def _separation(table: FeatureTable) -> str:
    """Say which of the numbers tell defaults from repaid credits best, each alone."""
    areas = facts.separation(table, STRONG[0]).sort_values(ascending=False).head(3)
    said = ", ".join(f"{escape(label_of(str(name)))} ({say_decimal(area, 3)})" for name, area in areas.items())
    return (
        f"Prises une à une, les variables qui séparent le mieux défauts et remboursements sont : {said} (AUC ; 0,5 ne "
        "sépare rien)."
    )


def _known(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["TARGET"].notna()]


def _anomalies(sources: Sources) -> str:
    with sources.connect() as database:
        found = facts.anomalies(database)
    rows = [(what, say_count(count), done) for what, count, done in found]
    return _table(("constat", "demandes", "ce qui en est fait"), rows, numeric=("demandes",))


def _shifts(table: FeatureTable, overall: dict[str, float]) -> str:
    found = facts.shifts(table)
    if found.empty:
        return "<p>Il n’y a pas de demandes de test dans ce dossier.</p>"
    strongest = found["psi"].head(15)
    categories = facts.category_shares(table, "NAME_CONTRACT_TYPE")
    moved = int((found["psi"] >= PSI_WATCH).sum())
    watch, alert = (say_decimal(mark, 2) for mark in (PSI_WATCH, PSI_ALERT))
    return (
        "<p>Indice de stabilité (PSI) de chaque colonne, test contre train, sur les dixièmes de train ; sous "
        f"{watch} la répartition est stable, au-delà de {alert} elle a changé. Colonnes au-dessus de {watch} : "
        f"{moved} sur {len(found)}. Entre deux tirages de ces tailles dans une même population, un PSI de l’ordre de "
        f"{say_decimal(facts.expected_shift(overall))} est dû au seul hasard.</p>"
        "<div class='grid'>"
        f"{charts.psi_chart(strongest, 'Les 15 colonnes qui changent le plus')}"
        f"{charts.share_chart(categories, _title('NAME_CONTRACT_TYPE'), 'part des demandes')}</div>"
    )


def _histories(sources: Sources, table: FeatureTable, overall: float) -> str:
    kept = [name for name in HISTORY_TABLES if name in sources.tables]
    if not kept:
        return "<p>Aucun historique n’est retenu : absents du dossier, ou couvrant trop peu de demandes.</p>"
    with sources.connect() as database:
        counts = {name: facts.records_per_applicant(database, name) for name in kept}
    header = ("table", *next(iter(counts.values())).index)
    # Nobody has a row of a table kept for its counts of 0 alone.
    rows = [
        (name, *("–" if isnan(value) else say_count(round(value)) for value in found)) for name, found in counts.items()
    ]
    names = [name for name in TELLING if name in table.columns]
    drawn = "".join(charts.rate_chart(facts.default_rates(table, name), _title(name), overall) for name in names)
    return (
        f"<p>Lignes par demandeur, parmi ceux qui en ont :</p>{_table(header, rows, numeric=header[1:])}"
        "<p>Taux de défaut selon quelques agrégats ; « absent » rassemble ceux pour qui l’agrégat n’existe pas : sans "
        "historique, ou sans rien à y mesurer (aucun crédit en cours, par exemple).</p>"
        f"<div class='grid'>{drawn}</div>"
    )


def _title(name: str) -> str:
    entry = _entry(name)
    unit = f" ({entry.unit})" if entry.unit else ""
    return f"{entry.label_fr}{unit}\n{name}"


def label_of(name: str) -> str:
    """Return the French label of a column or feature."""
    return _entry(name).label_fr


def _entry(name: str) -> InputEntry:
    (entry,) = (entry for entry in load_inputs() if entry.name == name)
    return entry


def _table(header: Iterable[str], rows: Iterable[Sequence[object]], *, numeric: Sequence[str]) -> str:
    names = list(header)
    kinds = [' class="n"' if name in numeric else "" for name in names]
    head = "".join(f"<th{kind}>{escape(name)}</th>" for name, kind in zip(names, kinds, strict=True))
    body = "".join(
        f"<tr>{''.join(f'<td{kind}>{escape(str(cell))}</td>' for cell, kind in zip(row, kinds, strict=True))}</tr>"
        for row in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"
