"""The dictionary against the schema, the SQL, the derivations and the real applications."""

from __future__ import annotations

import ast

import pytest

from features.tables import HISTORY_TABLES, TABLE_NAMES, load_table
from scoring.wording import say_value
from tests.builders.contracts import CONVENTIONS
from tests.builders.sample import home_credit_sample
from training.schema import InputEntry, load_derived, load_inputs
from training.sources import load_sources

FUNCTIONS = {"mean", "minimum", "maximum", "total", "missing"}
WORDS = {ast.Expression, ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Constant, ast.Load, ast.USub} | {
    ast.Add,
    ast.Sub,
    ast.Mult,
    ast.Div,
}


def test_every_application_column_is_an_input() -> None:
    """The application's columns are inputs in their order; the key and the outcome are not."""
    columns = [column.name for column in load_table("application").columns]
    inputs = [entry.name for entry in load_inputs() if entry.table == "application"]

    assert inputs == [name for name in columns if name not in {"SK_ID_CURR", "TARGET"}]


def test_names_are_unique() -> None:
    """No two inputs or derivations share a name."""
    names = [entry.name for entry in (*load_inputs(), *load_derived())]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("entry", load_inputs(), ids=lambda entry: entry.name)
def test_input_is_whole(entry: InputEntry) -> None:
    """Each input has labels, says what missing means, and has bounds or a vocabulary."""
    assert entry.table in TABLE_NAMES
    assert all((entry.label_fr, entry.label_en, entry.missing_fr, entry.missing_en))
    if entry.kind == "category":
        assert (bool(entry.categories), entry.minimum, entry.maximum, entry.unit) == (True, None, None, "")
    else:
        assert entry.minimum is not None
        assert entry.maximum is not None
        assert entry.minimum < entry.maximum
    if entry.kind == "flag":
        assert (entry.minimum, entry.maximum) == (0, 1)


@pytest.mark.parametrize("unit", sorted({entry.unit for entry in (*load_inputs(), *load_derived())} - {""}))
def test_unit_has_english_words(unit: str) -> None:
    """Units stand in the contract in French: none of them gets into an English sentence as it is."""
    assert unit not in say_value(2.5, unit, CONVENTIONS, "en")


def test_labels_tell_inputs_apart() -> None:
    """No two inputs are shown under one label, in French or in English."""
    for language in ("label_fr", "label_en"):
        labels = [getattr(entry, language) for entry in (*load_inputs(), *load_derived())]

        assert {label for label in labels if labels.count(label) > 1} == set()


def test_protected_attributes_are_sex_and_family_status() -> None:
    """What the law protects is marked; the household's size is an economic fact and stays usable."""
    assert {entry.name for entry in load_inputs() if entry.protected} == {"CODE_GENDER", "NAME_FAMILY_STATUS"}


def test_sources_are_read_from_derivations_in_the_small_language() -> None:
    """Derivations use inputs, numbers, the four operations and the known functions, and nothing else."""
    inputs = {entry.name for entry in load_inputs()}
    for entry in load_derived():
        tree = ast.parse(entry.expression, mode="eval")
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}

        assert {type(node) for node in ast.walk(tree)} <= WORDS, entry.name
        assert names - FUNCTIONS <= inputs, entry.name


def test_protected_attributes_enter_no_derivation() -> None:
    """A protected attribute does not come back through a derived feature."""
    protected = {entry.name for entry in load_inputs() if entry.protected}
    for entry in load_derived():
        names = {node.id for node in ast.walk(ast.parse(entry.expression)) if isinstance(node, ast.Name)}

        assert not names & protected, entry.name


def test_real_applications_lie_within_the_bounds() -> None:
    """No real application is outside a bound, ages of cars that stand for unknown aside; no required input lacks."""
    sources = load_sources(home_credit_sample(), tables=())
    required = [entry.name for entry in load_inputs() if entry.required]
    with sources.connect() as database:
        absent = ", ".join(f"count(*) - count({name})" for name in required)
        (lacking,) = database.execute(f"SELECT {absent} FROM application").fetchall()  # noqa: S608 - our own names

    # Ages of 64 and 65 years are the form's way to say that none was given.
    assert [note.partition(":")[0] for note in sources.notes] == [
        "application_train.OWN_CAR_AGE",
        "application_test.OWN_CAR_AGE",
    ]
    assert dict(zip(required, lacking, strict=True)) == dict.fromkeys(required, 0)


def test_histories_are_declared_for_every_table() -> None:
    """Each history table contributes inputs."""
    assert {entry.table for entry in load_inputs()} == {"application", *HISTORY_TABLES}
