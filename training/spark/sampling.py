"""A sample of stated size to learn from: strata by outcome, chosen by a hash of the key, written as an ordinary folder.

A hash of the key chooses the same applications on any cluster, whatever the parts, their order or a task that ran
twice; a seeded random number after a repartition does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from features.quoting import identifier, literal
from features.sql import KEY
from features.tables import HISTORY_TABLES
from training.errors import DataError
from training.files import written_folder
from training.sources.database import Workspace, open_database, within_limits
from training.sources.files import TEST_FILE, TRAIN_FILE
from training.spark.dialect import to_spark_sql
from training.spark.storage import url_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from training.spark.tables import ClusterTables

# Digits of the hash by which applications are counted before some are chosen: 4,096 counts a stratum.
_PREFIX: Final = 3
_CHOSEN: Final = "chosen_applications"

type Stratum = tuple[str, int | None]


class Cut(NamedTuple):
    """Where the sample of a stratum ends: all below a prefix of the hash, and the first few of that prefix."""

    prefix: str
    rest: int


def take_sample(
    tables: ClusterTables, n_applications: int, seed: int, out: Path, *, memory_limit: str
) -> dict[Stratum, int]:
    """Write the raw rows of a stratified sample of the applicants; return how many each stratum has.

    Parameters
    ----------
    tables
        Checked tables; the histories that are kept are written.
    n_applications
        Training applications of the sample; test applications are drawn at the same rate, for the gate of parity.
    seed
        Another one, another sample.
    out
        Folder to write, which every machine of the cluster has to reach: the parts are put together there.
    memory_limit
        What that may use on this machine.

    Raises
    ------
    DataError
        ``TRN128`` when there are not so many applications, or the parts are not to be found in the folder.
    """
    counts = _counts(tables, seed)
    sizes = sample_sizes({stratum: sum(found.values()) for stratum, found in counts.items()}, n_applications)
    cuts = {stratum: cut_of(counts[stratum], size) for stratum, size in sizes.items() if size}
    tables.database.execute(f"CREATE TEMP TABLE {_CHOSEN} AS {_chosen_sql(cuts, seed)}")
    with written_folder(out) as folder:
        for name, query in _rows_of_sample(tables).items():
            parts = folder / f"{name}.parts"
            tables.database.session.sql(to_spark_sql(query)).write.parquet(url_of(parts))
            _put_together(parts, folder / f"{name}.parquet", memory_limit)
            tables.storage.remove(url_of(parts))
    return sizes


def sample_sizes(available: Mapping[Stratum, int], n_applications: int) -> dict[Stratum, int]:
    """Share out a sample over the strata in proportion, the remainders to the largest fractions.

    Raises
    ------
    DataError
        ``TRN128`` when there are not so many training applications.

    Examples
    --------
    >>> sample_sizes({("train", 0): 900, ("train", 1): 100, ("test", None): 500}, 101)
    {('train', 0): 91, ('train', 1): 10, ('test', None): 50}
    """
    train = {stratum: count for stratum, count in available.items() if stratum[0] == "train"}
    total = sum(train.values())
    if n_applications > total:
        raise DataError(
            "TRN128", f"--sample asks for {n_applications:,} of {total:,} training applications; ask for less"
        )
    sizes = {stratum: n_applications * count // total for stratum, count in train.items()}
    by_fraction = sorted(train, key=lambda stratum: (-(n_applications * train[stratum] % total), str(stratum)))
    for stratum in by_fraction[: n_applications - sum(sizes.values())]:
        sizes[stratum] += 1
    return {
        stratum: sizes[stratum] if stratum in sizes else n_applications * count // total
        for stratum, count in available.items()
    }


def cut_of(counts: Mapping[str, int], size: int) -> Cut:
    """Return where a sample of some size ends.

    Parameters
    ----------
    counts
        Applications by the first digits of their hash.

    Examples
    --------
    >>> cut_of({"00a": 3, "00b": 2, "00c": 4}, 4)
    Cut(prefix='00b', rest=1)
    """
    left = size
    for prefix in sorted(counts):
        if left <= counts[prefix]:
            return Cut(prefix, left)
        left -= counts[prefix]
    raise ValueError(size)


def _hash_sql(seed: int) -> str:
    return f"md5(concat('{seed}:', CAST({KEY} AS VARCHAR)))"


def _counts(tables: ClusterTables, seed: int) -> dict[Stratum, dict[str, int]]:
    query = f"""
        SELECT POPULATION, TARGET, prefix, count(*)
        FROM (SELECT POPULATION, TARGET, substr({_hash_sql(seed)}, 1, {_PREFIX}) AS prefix FROM application)
        GROUP BY POPULATION, TARGET, prefix ORDER BY POPULATION, TARGET, prefix
    """
    counts: dict[Stratum, dict[str, int]] = {}
    for population, outcome, prefix, count in tables.database.execute(query).fetchall():
        counts.setdefault((population, outcome), {})[prefix] = count
    return counts


def _chosen_sql(cuts: Mapping[Stratum, Cut], seed: int) -> str:
    """Return the SELECT of the keys of the sample: hashes in order, ties, which MD5 hardly has, by the key."""
    conditions = " OR ".join(
        f"({_is(stratum)} AND (prefix < '{cut.prefix}' OR (prefix = '{cut.prefix}' AND place <= {cut.rest})))"
        for stratum, cut in cuts.items()
    )
    return f"""
        SELECT {KEY}
        FROM (
            SELECT *, ROW_NUMBER() OVER (PARTITION BY POPULATION, TARGET, prefix ORDER BY hash, {KEY}) AS place
            FROM (
                SELECT *, substr(hash, 1, {_PREFIX}) AS prefix
                FROM (SELECT {KEY}, POPULATION, TARGET, {_hash_sql(seed)} AS hash FROM application)
            )
        )
        WHERE {conditions}
    """


def _is(stratum: Stratum) -> str:
    population, outcome = stratum
    return f"POPULATION = '{population}' AND TARGET {'IS NULL' if outcome is None else f'= {outcome}'}"


def _rows_of_sample(tables: ClusterTables) -> dict[str, str]:
    """Return by table the SELECT of the rows of the chosen, as they are stored."""
    applications = [name for name in (TRAIN_FILE, TEST_FILE) if name in tables.checked]
    queries = {}
    for name in (*applications, *(name for name in HISTORY_TABLES if name in tables.kept)):
        links = tables.checked[name].raw.table.links
        keys = f"SELECT {KEY} FROM {_CHOSEN}"
        key = KEY
        if links.parent not in (None, "application"):
            key = str(links.parent_key)
            keys = f"SELECT {identifier(key)} FROM {identifier(str(links.parent))} WHERE {KEY} IN ({keys})"
        queries[name] = f"SELECT * FROM ({tables.checked[name].stored}) WHERE {identifier(key)} IN ({keys})"
    return queries


def _put_together(parts: Path, target: Path, memory_limit: str) -> None:
    """Write the parts of a table as one file, rows in one order whatever the parts."""
    found: Iterable[Path] = sorted(parts.glob("*.parquet")) if parts.is_dir() else []
    listed = ", ".join(literal(str(path)) for path in found)
    if not listed:
        advice = "name with --cache a folder that every machine of the cluster reaches"
        raise DataError("TRN128", f"the sample that the executors wrote is not in {parts.parent}; {advice}")
    with open_database(Workspace(), memory_limit) as database, within_limits(memory_limit):
        # Else a column is declared never null, or not, by what the statistics of so many parts can prove.
        database.execute("SET disabled_optimizers = 'statistics_propagation'")
        rows = f"SELECT * FROM read_parquet([{listed}]) ORDER BY ALL"
        database.execute(f"COPY ({rows}) TO {literal(str(target))} (FORMAT parquet)")
