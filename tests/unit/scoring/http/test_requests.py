"""Requests: what may be sent, and everything that is wrong with what was sent."""

from __future__ import annotations

import json
import time
import traceback
from typing import TYPE_CHECKING

import pytest

from scoring.errors import InvalidApplicationError
from scoring.http.requests import ApplicationReader

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.contract import Contract, Input
    from scoring.errors import FieldProblem

VALID = '{"AMT_CREDIT": 450000.0, "NAME_CONTRACT_TYPE": "Cash loans", "FLAG_PHONE": 1, "EXT_SOURCE_1": 0.5}'


@pytest.fixture(scope="module")
def small_contract(a_contract: Callable[..., Contract], an_input: Callable[..., Input]) -> Contract:
    """Return the contract of a bounded amount, a category, a flag and a score that may be absent."""
    return a_contract(
        an_input("AMT_CREDIT", minimum=1.0, maximum=1e9),
        an_input("NAME_CONTRACT_TYPE", kind="category", categories=("Cash loans", "Revolving loans")),
        an_input("FLAG_PHONE", kind="flag"),
        an_input("EXT_SOURCE_1", required=False, minimum=0.0, maximum=1.0, unit="note 0–1"),
    )


@pytest.fixture(scope="module")
def reader(small_contract: Contract) -> ApplicationReader:
    """Return the reader of that contract's applications."""
    return ApplicationReader(small_contract)


@pytest.fixture(scope="module")
def refuse(reader: ApplicationReader) -> Callable[[bytes | str], InvalidApplicationError]:
    """Return the refusal of a body; a body that is accepted fails the test."""

    def parse(body: bytes | str) -> InvalidApplicationError:
        with pytest.raises(InvalidApplicationError, match="SCR100") as refused:
            reader.read(body.encode() if isinstance(body, str) else body)
        return refused.value

    return parse


@pytest.fixture(scope="module")
def problem_with(refuse: Callable[[str], InvalidApplicationError]) -> Callable[[str, str], FieldProblem]:
    """Return the one problem of a valid body in which one field has another value, given as JSON."""

    def change(name: str, value: str) -> FieldProblem:
        fields = {key: json.dumps(given) for key, given in json.loads(VALID).items()} | {name: value}
        error = refuse("{" + ", ".join(f'"{key}": {given}' for key, given in fields.items()) + "}")
        (problem,) = error.problems
        assert error.status == 422
        return problem

    return change


def test_parse_returns_the_values_of_a_valid_application(reader: ApplicationReader) -> None:
    """Values come back as they were sent, under their names."""
    assert reader.read(VALID.encode()).values == json.loads(VALID)


def test_parse_tells_what_is_declared_absent_from_what_is_left_out(reader: ApplicationReader) -> None:
    """A null declares that there is none; nothing is known of a field that is not sent."""
    body = b'{"AMT_CREDIT": 1, "NAME_CONTRACT_TYPE": "Cash loans", "FLAG_PHONE": 0%b}'
    declared, left_out = (reader.read(body % more).values for more in (b', "EXT_SOURCE_1": null', b""))

    assert declared["EXT_SOURCE_1"] is None
    assert "EXT_SOURCE_1" not in left_out


@pytest.mark.parametrize("amount", ["1", "1.0", "1e0", "1000000000", "999999999.9999999"])
def test_parse_accepts_every_number_within_bounds(reader: ApplicationReader, amount: str) -> None:
    """Bounds are included, and a whole number is a number."""
    body = VALID.replace("450000.0", amount).encode()

    assert reader.read(body).values["AMT_CREDIT"] == float(amount)


@pytest.mark.parametrize("flag", ["0", "1", "1.0"])
def test_parse_accepts_a_flag_as_a_number(reader: ApplicationReader, flag: str) -> None:
    """JSON has one kind of number: 1.0 is 1."""
    body = VALID.replace('"FLAG_PHONE": 1', f'"FLAG_PHONE": {flag}').encode()

    assert reader.read(body).values["FLAG_PHONE"] == float(flag)


@pytest.mark.parametrize("name", ["AMT_CREDIT", "NAME_CONTRACT_TYPE", "FLAG_PHONE"])
def test_parse_refuses_null_for_a_required_field(problem_with: Callable[..., FieldProblem], name: str) -> None:
    """Null is an absence: SCR101, whatever the kind of the field."""
    problem = problem_with(name, "null")

    assert (problem.champ, problem.code, problem.recu) == (name, "SCR101", None)


def test_parse_refuses_what_is_left_out(refuse: Callable[..., InvalidApplicationError]) -> None:
    """An empty object lacks every required field, and each is named."""
    problems = refuse("{}").problems

    assert [(one.champ, one.code) for one in problems] == [
        ("AMT_CREDIT", "SCR101"),
        ("NAME_CONTRACT_TYPE", "SCR101"),
        ("FLAG_PHONE", "SCR101"),
    ]


@pytest.mark.parametrize("name", ["AMT_CREDIT", "EXT_SOURCE_1", "FLAG_PHONE"])
@pytest.mark.parametrize("value", ["true", "false"])
def test_parse_refuses_booleans_for_numbers(problem_with: Callable[..., FieldProblem], name: str, value: str) -> None:
    """True is not 1: SCR102, for a flag as for an amount."""
    problem = problem_with(name, value)

    assert (problem.champ, problem.code, problem.recu) == (name, "SCR102", json.loads(value))


@pytest.mark.parametrize(
    ("value", "echo"),
    [('"450000"', "450000"), ('""', ""), ("[1]", "liste"), ('{"a": 1}', "objet"), ('{"a": 1, "a": 2}', "objet")],
)
@pytest.mark.parametrize("name", ["AMT_CREDIT", "EXT_SOURCE_1"])
def test_parse_refuses_other_types_for_a_number(
    problem_with: Callable[..., FieldProblem], name: str, value: str, echo: str
) -> None:
    """A number in a string is a string, and a list is told by its kind alone."""
    problem = problem_with(name, value)

    assert (problem.champ, problem.code, problem.recu) == (name, "SCR102", echo)


@pytest.mark.parametrize(
    ("amount", "detail"),
    [
        ("0.999", "Valeur trop petite : le minimum est 1."),
        ("-1e300", "Valeur trop petite : le minimum est 1."),
        ("1000000000.0000001", "Valeur trop grande : le maximum est 1000000000."),
        ("1" + "0" * 300, "Valeur trop grande : le maximum est 1000000000."),
    ],
)
def test_parse_refuses_what_is_out_of_bounds(
    problem_with: Callable[..., FieldProblem], amount: str, detail: str
) -> None:
    """Beyond a bound is SCR103, and the bound is written out."""
    problem = problem_with("AMT_CREDIT", amount)

    assert (problem.code, problem.detail) == ("SCR103", detail)


@pytest.mark.parametrize("value", ['"cash loans"', '""', '"Cash loans "', "1", "true", "[]", '["Cash loans"]', "{}"])
def test_parse_refuses_an_unknown_category(problem_with: Callable[..., FieldProblem], value: str) -> None:
    """What is not in the vocabulary is SCR104, and the vocabulary is given."""
    problem = problem_with("NAME_CONTRACT_TYPE", value)

    assert (problem.code, problem.detail) == (
        "SCR104",
        "Valeur inconnue ; valeurs admises : 'Cash loans' ou 'Revolving loans'.",
    )


@pytest.mark.parametrize("value", ["2", "-1", "0.5", '"1"', "[1]", "1e400"])
def test_parse_refuses_a_flag_that_is_neither_0_nor_1(problem_with: Callable[..., FieldProblem], value: str) -> None:
    """A flag has two values: SCR104 otherwise."""
    problem = problem_with("FLAG_PHONE", value)

    assert (problem.code, problem.detail) == ("SCR104", "Valeur inconnue ; valeurs admises : 0 ou 1.")


@pytest.mark.parametrize("name", ["CODE_GENDER", "float", "", "amt_credit"])
@pytest.mark.parametrize("value", ["1", "null"])
def test_parse_refuses_an_unknown_field(problem_with: Callable[..., FieldProblem], name: str, value: str) -> None:
    """A field the contract does not have is SCR105, under its own name, even if it is null."""
    problem = problem_with(name, value)

    assert (problem.champ, problem.code) == (name, "SCR105")


@pytest.mark.parametrize("name", ["AMT_CREDIT", "EXT_SOURCE_1"])
@pytest.mark.parametrize("number", ["1e400", "-1e400"])
def test_parse_refuses_a_number_that_is_not_finite(
    problem_with: Callable[..., FieldProblem], name: str, number: str
) -> None:
    """A number too large for a double is SCR106; it goes back as a word, because JSON cannot hold it."""
    problem = problem_with(name, number)

    assert (problem.champ, problem.code) == (name, "SCR106")
    assert problem.recu == ("-Infinity" if number.startswith("-") else "Infinity")


@pytest.mark.parametrize("name", ["AMT_CREDIT", "FLAG_PHONE"])
def test_parse_refuses_a_huge_whole_number(problem_with: Callable[..., FieldProblem], name: str) -> None:
    """Four hundred digits fit no double: SCR106, with the first of them."""
    problem = problem_with(name, "1" + "0" * 400)

    assert (problem.champ, problem.code, problem.recu) == (name, "SCR106", "1" + "0" * 79)


def test_parse_names_the_field_of_more_digits_than_python_reads(problem_with: Callable[..., FieldProblem]) -> None:
    """Five thousand digits are JSON all the same: the field is named, as for four hundred."""
    problem = problem_with("AMT_CREDIT", "-" + "1" * 5_000)

    assert (problem.champ, problem.code, problem.recu) == ("AMT_CREDIT", "SCR106", "-Infinity")


def test_parse_names_every_field_given_twice(refuse: Callable[..., InvalidApplicationError]) -> None:
    """Which of two values is meant cannot be known: SCR107 for each such name, beside all other problems."""
    problems = refuse('{"B": 1, "AMT_CREDIT": 1, "AMT_CREDIT": 0, "B": 2, "B": 3}').problems

    assert [(one.champ, one.code) for one in problems] == [
        ("AMT_CREDIT", "SCR103"),
        ("NAME_CONTRACT_TYPE", "SCR101"),
        ("FLAG_PHONE", "SCR101"),
        ("AMT_CREDIT", "SCR107"),
        ("B", "SCR107"),
        ("B", "SCR105"),
    ]


def test_parse_finds_names_given_twice_in_linear_time(refuse: Callable[..., InvalidApplicationError]) -> None:
    """A hundred thousand names are no way to keep the function busy."""
    body = "{" + ",".join(f'"k{number}":0' for number in range(100_000)) + ',"k0":0}'
    started = time.process_time()
    problems = refuse(body).problems

    assert [one.champ for one in problems if one.code == "SCR107"] == ["k0"]
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"   ", id="blank"),
        pytest.param(b"{", id="truncated"),
        pytest.param(VALID.encode() + b"x", id="something after"),
        pytest.param(b"{'AMT_CREDIT': 1}", id="Python"),
        pytest.param(b'{"AMT_CREDIT": 01}', id="octal"),
        pytest.param(b'{"AMT_CREDIT": .5}', id="no digit before the point"),
        pytest.param(b'{"AMT_CREDIT": 1,}', id="comma at the end"),
        pytest.param(b'{"AMT_CREDIT": "\n"}', id="line end in a string"),
        pytest.param(b"\xef\xbb\xbf" + VALID.encode(), id="byte order mark"),
        pytest.param(VALID.encode("utf-16"), id="UTF-16"),
        pytest.param('{"é": 1}'.encode("latin-1"), id="Latin-1"),
        pytest.param(b"\x00", id="null byte"),
        pytest.param(b"[" * 100_000, id="deep list"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, id="deep closed list"),
        pytest.param(b'{"a":' * 100_000 + b"1" + b"}" * 100_000, id="deep object"),
        pytest.param(b'{"AMT_CREDIT": ' + b"1" * 5_000, id="five thousand digits of an object that is cut short"),
        pytest.param(b'{"NAME_CONTRACT_TYPE": "\\ud800"}', id="half a character as a value"),
        pytest.param(b'{"\\ud800": 1}', id="half a character as a name"),
        pytest.param(b'{"\\ud800": 1, "\\ud800": 2}', id="half a character as a name given twice"),
        pytest.param(b'{"AMT_CREDIT": [["\\udfff"]]}', id="half a character deep inside"),
    ],
)
def test_parse_refuses_what_is_not_json(refuse: Callable[..., InvalidApplicationError], body: bytes) -> None:
    """A body that cannot be read is a 400 with SCR110, whatever is wrong with it."""
    error = refuse(body)

    assert (error.status, [(one.champ, one.code) for one in error.problems]) == (400, [("", "SCR110")])


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_parse_refuses_constants_json_does_not_have(
    refuse: Callable[..., InvalidApplicationError], constant: str
) -> None:
    """Python would read them, RFC 8259 does not have them: SCR110, and the constant is named."""
    error = refuse(VALID.replace("450000.0", constant))

    assert (error.status, error.problems[0].code, error.problems[0].recu) == (400, "SCR110", constant)


@pytest.mark.parametrize("body", ["null", "true", "1", '"Cash loans"', "[]", "[{}]"])
def test_parse_refuses_what_is_no_object(refuse: Callable[..., InvalidApplicationError], body: str) -> None:
    """JSON that is no object is told that an object is expected."""
    error = refuse(body)
    (problem,) = error.problems

    assert (error.status, problem.champ, problem.code) == (422, "", "SCR102")
    assert problem.detail.startswith("Un objet JSON est attendu")


def test_parse_accepts_an_escaped_whole_character(refuse: Callable[..., InvalidApplicationError]) -> None:
    """Both halves of a surrogate pair are a character, and it is echoed as such."""
    (problem,) = refuse(VALID.replace("450000.0", '"\\ud83d\\ude00"')).problems

    assert problem.recu == "\U0001f600"


def test_parse_names_every_problem_at_once(refuse: Callable[..., InvalidApplicationError]) -> None:
    """One reply is enough to mend a request."""
    body = '{"NAME_CONTRACT_TYPE": "Car loans", "FLAG_PHONE": true, "EXT_SOURCE_1": 2, "CODE_GENDER": "F"}'
    found = {one.champ: one.code for one in refuse(body).problems}

    assert found == {
        "AMT_CREDIT": "SCR101",
        "NAME_CONTRACT_TYPE": "SCR104",
        "FLAG_PHONE": "SCR102",
        "EXT_SOURCE_1": "SCR103",
        "CODE_GENDER": "SCR105",
    }


@pytest.mark.parametrize("value", ["x" * 81, "9" * 10_000])
def test_parse_echoes_long_texts_cut_short(problem_with: Callable[..., FieldProblem], value: str) -> None:
    """A reply is no place for a whole body: eighty characters are enough to find the field."""
    assert problem_with("AMT_CREDIT", f'"{value}"').recu == value[:80]


def test_parse_cuts_long_names_short(problem_with: Callable[..., FieldProblem]) -> None:
    """The name of an unknown field may be as long as the body."""
    assert problem_with("n" * 10_000, "1").champ == "n" * 80


@pytest.mark.parametrize(
    ("number", "echo"),
    [("-5", -5), ("0.25", 0.25), ("1e17", 1e17), ("1e18", "1e+18"), ("-" + "7" * 19, "-" + "7" * 19)],
)
def test_parse_echoes_numbers_unless_they_are_huge(
    problem_with: Callable[..., FieldProblem], number: str, echo: object
) -> None:
    """A number goes back as a number, up to where clients still read it exactly; beyond, as a text."""
    assert echo == problem_with("AMT_CREDIT", number).recu


def test_refusal_holds_no_value_in_its_traceback(refuse: Callable[..., InvalidApplicationError]) -> None:
    """Were it logged, no applicant's value would be in it."""
    error = refuse(VALID.replace("450000.0", "-987654321").replace("Cash loans", "SECRET"))

    told = "".join(traceback.format_exception(error))
    assert ("987654321" in told, "SECRET" in told) == (False, False)


def test_schema_describes_a_bounded_number(reader: ApplicationReader) -> None:
    """OpenAPI shows what the contract says: label, bounds, unit and table."""
    field = reader.model.model_json_schema()["properties"]["AMT_CREDIT"]

    assert (field["type"], field["minimum"], field["maximum"]) == ("number", 1.0, 1e9)
    assert (field["description"], field["unite"], field["table"]) == ("Montant", "monnaie", "application")


def test_schema_lists_categories_and_flags(reader: ApplicationReader) -> None:
    """The values that are allowed can be read in OpenAPI, in the contract's order."""
    fields = reader.model.model_json_schema()["properties"]

    assert fields["NAME_CONTRACT_TYPE"]["enum"] == ["Cash loans", "Revolving loans"]
    assert fields["FLAG_PHONE"]["enum"] == [0, 1]


def test_schema_says_what_an_absent_value_means(reader: ApplicationReader) -> None:
    """A field that may be absent admits null and says what that means."""
    field = reader.model.model_json_schema()["properties"]["EXT_SOURCE_1"]

    assert ({"type": "null"} in field["anyOf"], field["default"]) == (True, None)
    assert field["description"] == "Montant. null déclare : non communiqué. Sans ce champ : inconnu."


def test_schema_requires_what_the_contract_requires(reader: ApplicationReader) -> None:
    """Required fields are listed, and no field more is allowed."""
    schema = reader.model.model_json_schema()

    assert schema["required"] == ["AMT_CREDIT", "NAME_CONTRACT_TYPE", "FLAG_PHONE"]
    assert schema["additionalProperties"] is False
