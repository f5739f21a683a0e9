"""The figures of the report, asked of the checked tables and of the feature table; counts and shares, never a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from features.quoting import identifier
from features.tables import HISTORY_TABLES, load_table
from metrics.quality import auc, share_estimate
from scoring.numerals import FRENCH_IN_PRINT
from training.schema import load_inputs

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from training.features import FeatureTable
    from training.sources import Manifest

# Half a pseudo-count a bin, so that an empty one stays finite and shares still sum to one.
_PSEUDO_COUNT = 0.5
_BINS = 10
_FEW = 30


def table_facts(manifest: Manifest) -> pd.DataFrame:
    """Return rows, columns, keys and coverage of each file."""
    rows = []
    for entry in manifest.files:
        links = load_table(entry.table if entry.table in HISTORY_TABLES else "application").links
        rows.append(
            {
                "table": entry.table,
                "lignes": entry.rows,
                "colonnes": len(entry.columns),
                "clé": links.key or "aucune",
                "rattachée à": f"{links.parent} par {links.parent_key}" if links.parent else "",
                "couverture": entry.coverage,
                "retenue": "oui" if entry.kept else "non",
            }
        )
    return pd.DataFrame(rows)


def missing_shares(table: FeatureTable) -> pd.DataFrame:
    """Return the share of missing values of each column of the application, in train and in test."""
    names = [entry.name for entry in load_inputs() if entry.table == "application"]
    rows = _read(table, ["POPULATION", *names])
    shares = rows[names].isna().groupby(rows["POPULATION"]).mean().T
    return shares.reindex(columns=["train", "test"]).sort_values("train", ascending=False)


def joint_missing(table: FeatureTable, names: Sequence[str]) -> pd.DataFrame:
    """Return how absences go together: correlations of being missing, shape ``(n_names, n_names)``."""
    return _read(table, list(names)).isna().astype(float).corr()


def default_rates(table: FeatureTable, name: str) -> pd.DataFrame:
    """Return number, default rate and its 95 % interval in tenths of a number or by category, missing last.

    The interval is Wilson's (1927): it stays between 0 and 1, and a group without a default has one too.
    Groups of fewer than thirty applications are left out: their rate says nothing.
    """
    rows = _read(table, ["TARGET", name, "POPULATION"])
    rows = rows[rows["POPULATION"] == "train"]
    values = rows[name]
    groups = _groups(values).astype(object).where(values.notna(), "absent")
    found = rows["TARGET"].groupby(groups, sort=False).agg(["size", "mean"])
    found = found[found["size"] >= _FEW]
    rate_of = found["mean"].to_dict()
    found = found.loc[sorted(found.index, key=lambda group: _place(group, rate_of))]
    rates = [
        share_estimate(round(mean * size), int(size)) for size, mean in zip(found["size"], found["mean"], strict=True)
    ]
    found["low"], found["high"] = [one.low for one in rates], [one.high for one in rates]
    return found.set_axis([_say_group(group, values) for group in found.index])


def expected_shift(sizes: dict[str, float]) -> float:
    """Return about what the stability index of ten equal bins is when nothing changed but the draw.

    Its mean is ``(bins - 1) (1 / n + 1 / m)`` for samples of n and m.
    """
    return (_BINS - 1) * (1 / sizes["train"] + 1 / sizes["test"])


def _groups(values: pd.Series) -> pd.Series:
    """Cut a number with many values into tenths; leave categories and few values as they are."""
    if values.dtype == object or values.nunique() <= _BINS:
        return values
    return pd.qcut(values, _BINS, duplicates="drop", precision=3)


def _place(group: object, rate_of: dict[object, float]) -> tuple[bool, float]:
    """Order intervals and numbers by their size, categories by their rate; missing comes last."""
    if isinstance(group, pd.Interval):
        return False, float(group.left)
    return group == "absent", float(group) if isinstance(group, float) else -rate_of[group]


def _say_group(group: object, values: pd.Series) -> str:
    """Name a group; the first tenth begins at the smallest value and not, as pandas has it, just below."""
    if isinstance(group, pd.Interval):
        return f"{say_number(max(group.left, values.min()))} à {say_number(group.right)}"
    return say_number(group) if isinstance(group, float) else str(group)


def say_number(number: float) -> str:
    """Write a number the French way, with three figures that count or as a whole number.

    Examples
    --------
    >>> say_number(0.12345), say_number(-7.0), say_number(1234567.8)
    ('0,123', '\u22127', '1\u202f234\u202f568')
    """
    digits = 0 if abs(number) >= 100 or number == round(number) else 2 if abs(number) >= 1 else 3  # noqa: PLR2004
    return FRENCH_IN_PRINT.say(number, f"z,.{digits}f")


def shifts(table: FeatureTable) -> pd.DataFrame:
    """Return the population stability index of each column of the application, test against train."""
    entries = [entry for entry in load_inputs() if entry.table == "application"]
    rows = _read(table, ["POPULATION", *(entry.name for entry in entries)])
    train, test = (rows[rows["POPULATION"] == name] for name in ("train", "test"))
    if test.empty:
        return pd.DataFrame(columns=["psi"])
    found = {entry.name: _psi(train[entry.name], test[entry.name]) for entry in entries}
    return pd.DataFrame({"psi": found}).sort_values("psi", ascending=False)


def _psi(reference: pd.Series, current: pd.Series) -> float:
    """Sum ``(q - p) ln(q / p)`` over tenths of the reference or categories, missing being one more."""
    if reference.dtype == object:
        before, after = reference.fillna(""), current.fillna("")
    else:
        before, after = _binned(reference, reference), _binned(current, reference)
    names = before.value_counts().index.union(after.value_counts().index)
    p, q = _smoothed(before, names), _smoothed(after, names)
    return float(np.sum((q - p) * np.log(q / p)))


def _binned(values: pd.Series, reference: pd.Series) -> pd.Series:
    """Return the tenth of the reference that each value lies in; -1 where it is missing."""
    known = reference.dropna().to_numpy(float)
    edges = np.unique(np.quantile(known, np.arange(1, _BINS) / _BINS)) if len(known) else np.empty(0)
    return pd.Series(np.where(values.notna(), np.digitize(values.to_numpy(float), edges), -1))


def _smoothed(values: pd.Series, names: pd.Index) -> np.ndarray:
    counts = values.value_counts().reindex(names, fill_value=0).to_numpy(float)
    return np.asarray((counts + _PSEUDO_COUNT) / (counts.sum() + _PSEUDO_COUNT * len(names)))


def category_shares(table: FeatureTable, name: str) -> pd.DataFrame:
    """Return the share of each category in train and in test."""
    rows = _read(table, ["POPULATION", name])
    return pd.crosstab(rows[name].fillna("absent"), rows["POPULATION"], normalize="columns")


def records_per_applicant(database: duckdb.DuckDBPyConnection, table: str) -> pd.Series:
    """Return how many rows an applicant has who has any: minimum, median, mean, 95 % quantile and maximum."""
    join = "INNER JOIN bureau USING (SK_ID_BUREAU)" if table == "bureau_balance" else ""
    # Rows of people who did not apply are nobody's here, as they are in the features.
    query = (
        f"SELECT count(*) AS n FROM {identifier(table)} {join} "
        "SEMI JOIN application USING (SK_ID_CURR) GROUP BY SK_ID_CURR"
    )
    counts = database.execute(
        f"SELECT min(n), median(n), avg(n), quantile_cont(n, 0.95), max(n), count(*) FROM ({query})"
    ).fetchall()
    return pd.Series(counts[0], index=["minimum", "médiane", "moyenne", "quantile 95 %", "maximum", "demandeurs"])


def anomalies(database: duckdb.DuckDBPyConnection) -> list[tuple[str, int, str]]:
    """Return known oddities of the applications: what, how many rows, and what is done about it."""
    found = []
    for what, condition, done in _ODDITIES:
        ((count,),) = database.execute(f"SELECT count(*) FROM application WHERE {condition}").fetchall()
        found.append((what, int(count), done))
    return found


_ODDITIES = [
    (
        "DAYS_EMPLOYED vaut 365243 (près de mille ans) ou manque : surtout des retraités",
        "DAYS_EMPLOYED IS NULL",
        "la sentinelle devient une valeur absente avant tout calcul",
    ),
    (
        "ORGANIZATION_TYPE vaut XNA (employeur inconnu)",
        "ORGANIZATION_TYPE = 'XNA'",
        "gardé comme une catégorie : l’absence d’employeur informe",
    ),
    ("CODE_GENDER vaut XNA", "CODE_GENDER = 'XNA'", "sans effet : le sexe n’est jamais une entrée du modèle"),
    (
        "Revenu annuel supérieur à 10 millions",
        "AMT_INCOME_TOTAL > 1e7",
        "gardé : les arbres ne voient que l’ordre ; hors de la plage usuelle, il est signalé",
    ),
    (
        "Prix du bien supérieur au crédit demandé",
        "AMT_GOODS_PRICE > AMT_CREDIT",
        "normal (un apport) : le rapport crédit sur prix est une variable dérivée",
    ),
    (
        "Plus de 20 personnes de l’entourage observées (OBS_30_CNT_SOCIAL_CIRCLE)",
        "OBS_30_CNT_SOCIAL_CIRCLE > 20",
        "gardé : seule la part en défaut est dérivée",
    ),
    (
        "Voiture de plus de 60 ans (OWN_CAR_AGE)",
        "OWN_CAR_AGE > 60",
        "gardé : les valeurs 64 et 65 semblent dire « âge inconnu »",
    ),
]


def separation(table: FeatureTable, names: Sequence[str]) -> pd.Series:
    """Return how well each number alone tells defaults from repaid credits: AUC, whichever way it points.

    Missing values are left out; 0.5 tells nothing. Not a number where only one outcome is known.
    """
    rows = _read(table, ["TARGET", "POPULATION", *names])
    rows = rows[(rows["POPULATION"] == "train") & rows["TARGET"].notna()]
    return pd.Series({name: _area(rows.loc[rows[name].notna(), ["TARGET", name]], name) for name in names})


def _area(rows: pd.DataFrame, name: str) -> float:
    if rows["TARGET"].nunique() != 2:  # noqa: PLR2004  both outcomes
        return float("nan")
    area = auc(rows[name].to_numpy(float), rows["TARGET"].to_numpy(float))
    return max(area, 1 - area)


def numbers(table: FeatureTable, name: str, *, most: int) -> pd.DataFrame:
    """Return up to `most` values of a number with their outcome, evenly spread over the applications."""
    rows = _read(table, ["TARGET", "POPULATION", name]).dropna(subset=[name])
    return rows.iloc[:: max(1, len(rows) // most)]


def sizes(table: FeatureTable) -> dict[str, float]:
    """Return the number of applications by population and the default rate."""
    rows = _read(table, ["POPULATION", "TARGET"])
    counts = rows["POPULATION"].value_counts()
    return {
        "train": int(counts.get("train", 0)),
        "test": int(counts.get("test", 0)),
        "default_rate": float(rows.loc[rows["POPULATION"] == "train", "TARGET"].mean()),
    }


def _read(table: FeatureTable, names: list[str]) -> pd.DataFrame:
    frame: pd.DataFrame = pq.read_table(table.path, columns=list(dict.fromkeys(names))).to_pandas()
    return frame
