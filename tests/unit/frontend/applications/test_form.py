"""The form that a contract makes, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frontend.applications.form import application_of, entries_of, read_form, scale_of
from frontend.sentences.fields import say_caption
from frontend.wording.words import words_of
from tests.unit.frontend.readers import field_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from frontend.wording.words import Words

type InputBuilder = Callable[..., dict[str, Any]]


def test_importance_is_that_of_the_contract(contract: dict[str, Any]) -> None:
    """What an input weighs in the coverage is what it matters to the model: it is counted once, in training."""
    importance = {field.name: field.importance for field in read_form(contract).fields}

    assert importance == contract["coverage"]["weights"]


def test_the_strongest_inputs_come_first_and_the_others_by_table(contract: dict[str, Any]) -> None:
    """What matters most is chosen by importance and shown in the contract's order; the rest is grouped."""
    form = read_form(contract, n_principal=4)

    assert [field.name for field in form.principal] == ["AMT_CREDIT", "NAME_JOB", "DAYS_BIRTH", "EXT_SOURCE_1"]
    assert {"application", "bureau"} == set(form.others)


def test_no_required_input_hides_in_a_closed_group(contract: dict[str, Any]) -> None:
    """A field that must be filled is among the first, however little it matters."""
    form = read_form(contract, n_principal=3)

    assert all(field.required for field in form.principal)


def test_every_input_is_asked_for_once(contract: dict[str, Any]) -> None:
    """The form has the contract's inputs, all of them, none twice."""
    names = [field.name for field in read_form(contract, n_principal=4).fields]

    assert sorted(item["name"] for item in contract["inputs"]) == sorted(names)


def test_days_before_the_application_are_asked_for_as_years(contract: dict[str, Any], words: Words) -> None:
    """An age is a positive number of years to people, a negative number of days to the contract."""
    age = field_of(contract, "DAYS_BIRTH")

    assert (words.of(age.label), age.scale.unit, age.scale.before) == ("Âge", "ans", False)
    assert age.to_contract("41,1", words) == -15012
    assert age.to_entry(-15012, words) == "41,1"


def test_allowed_range_is_shown_in_the_units_of_the_form(contract: dict[str, Any], words: Words) -> None:
    """Bounds swap with the sign and are rounded inwards: what the help allows, the API allows."""
    age = field_of(contract, "DAYS_BIRTH")

    assert (age.minimum, age.maximum) == (18.0, 100.0)
    for shown in (age.minimum, age.maximum):
        assert -36525 <= age.to_contract(str(shown), words) <= -6570


def test_short_times_stay_in_days(make_input: InputBuilder) -> None:
    """A delay of a few days is not 0,03 years."""
    delay = make_input("LATE", unit="jours", minimum=0.0, maximum=1e5, usual_low=0.0, usual_high=40.0)

    assert (scale_of(delay).unit, scale_of(delay).factor) == ("jours", 1)


def test_months_before_the_application_are_positive(make_input: InputBuilder) -> None:
    """Months follow the days: people do not count backwards."""
    month = make_input("MONTH", unit="mois", minimum=-1200.0, maximum=0.0)

    assert scale_of(month).show(-7) == 7


def test_zero_days_ago_is_plain_zero(contract: dict[str, Any], words: Words) -> None:
    """No negative zero reaches the API."""
    assert str(field_of(contract, "DAYS_BIRTH").to_contract("0", words)) == "0"


def test_money_has_its_thousands_apart(contract: dict[str, Any], words: Words) -> None:
    """An amount is written as in French and sent as a number."""
    credit = field_of(contract, "AMT_CREDIT")

    assert credit.to_entry(450_000.0, words) == "450\u202f000"
    assert credit.to_contract("450 000 €", words) == 450_000


def test_the_currency_is_that_of_the_contract(contract: dict[str, Any], words: Words) -> None:
    """An officer may write it behind the amount, whatever it is called."""
    contract["conventions"]["currency"] = {"fr": "u.m.", "en": "m.u."}
    credit = field_of(contract, "AMT_CREDIT")

    assert say_caption(credit, words) == "Montant du crédit (u.m.) *"
    assert credit.to_contract("450 000 u.m.", words) == 450_000


def test_a_share_is_asked_for_in_percent(make_input: InputBuilder) -> None:
    """Nobody says 0,43 for 43 %."""
    share = scale_of(make_input("SHARE", unit="part", minimum=0.0, maximum=1.0))

    assert (share.unit, share.show(0.43), share.raw(43)) == ("part", 43, 0.43)


def test_unreadable_text_is_left_to_the_api(contract: dict[str, Any], words: Words) -> None:
    """What is no number is sent as it is, so that one reply names every problem."""
    assert field_of(contract, "AMT_CREDIT").to_contract("beaucoup", words) == "beaucoup"


def test_tidying_does_not_change_what_is_sent(contract: dict[str, Any], words: Words) -> None:
    """Rewriting an entry is cosmetic, even with more decimals than the form would write."""
    age = field_of(contract, "DAYS_BIRTH")

    assert age.tidy("  41,137 ", words) == "41,137"
    assert age.to_contract(age.tidy("41,137", words), words) == age.to_contract("41,137", words)


def test_unknown_is_sent_as_null_and_a_required_gap_is_left_out(contract: dict[str, Any], words: Words) -> None:
    """The API itself says which required fields are absent."""
    application = application_of(read_form(contract), {"DAYS_BIRTH": "40", "AMT_ANNUITY": ""}, words)

    assert application["AMT_ANNUITY"] is None
    assert "AMT_CREDIT" not in application


def test_an_application_survives_the_form(contract: dict[str, Any], words: Words) -> None:
    """Shown and sent again, an application is the same."""
    form = read_form(contract)
    application = {
        "AMT_CREDIT": 450_000.0,
        "AMT_ANNUITY": None,
        "NAME_JOB": "Working",
        "DAYS_BIRTH": -15012,
        "EXT_SOURCE_1": 0.53,
        "FLAG_CAR": 0,
        "BUREAU_COUNT": 4.0,
    }

    assert application == application_of(form, entries_of(form, application, words), words)


def test_a_date_without_a_duration_of_its_own_is_told_as_one(contract: dict[str, Any]) -> None:
    """Where no feature counts it in years, the label of the date stays, and the unit says from when."""
    contract["features"] = [one for one in contract["features"] if one["name"] != "AGE_YEARS"]

    age = field_of(contract, "DAYS_BIRTH")

    assert (age.label["fr"], age.scale.before) == ("Date de naissance", True)


def test_categories_have_the_labels_of_the_contract(contract: dict[str, Any]) -> None:
    """The code is sent, the label is read."""
    assert field_of(contract, "NAME_JOB").category_labels["Working"]["fr"] == "salarié"


def test_an_english_reader_writes_english_numbers(contract: dict[str, Any]) -> None:
    """The same amount, written the other way, is the same amount."""
    credit, english = field_of(contract, "AMT_CREDIT"), words_of("en")

    assert credit.to_entry(450_000.5, english) == "450,000.5"
    assert credit.to_contract("450,000.5", english) == 450_000.5
