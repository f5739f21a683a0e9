"""The catalogue of reasons: whole, stable, and about every feature there may be."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import pytest

from training.errors import ModelError
from training.schema import load_derived, load_inputs
from training.schema.catalogue import MISSING, load_motives, load_theme_groups, load_themes, motive_of
from training.schema.files import rows_of

if TYPE_CHECKING:
    from scoring.contract import Motive

NAMES = [entry.name for entry in load_inputs() if not entry.protected] + [entry.name for entry in load_derived()]
MOTIVES = [entry.motive for entry in load_motives()]
PLACES = {"libelle", "valeur", "donnees"}


def test_every_feature_has_one_reason() -> None:
    """Inputs, derivations and what says that they are missing; no reason is left that tells nothing."""
    codes = {motive_of(f"{name}{end}") for name in NAMES for end in ("", MISSING)}
    general = {theme.general for theme in load_themes()}

    assert codes | general == {motive.code for motive in MOTIVES}
    assert codes & general == set()


def test_a_name_goes_before_a_pattern_and_a_longer_pattern_before_a_shorter() -> None:
    """What is special is named, what is ordinary is caught by its table."""
    assert [motive_of(name) for name in ("BUREAU_BAD_COUNT", "BUREAU_OVERDUE_NEW", "BUREAU_NEW")] == [
        "R401",
        "R401",
        "R403",
    ]


def test_a_feature_without_a_reason_is_told() -> None:
    """A column of a table that nobody has thought of stops the export, and says what to do."""
    with pytest.raises(ModelError, match=r"TRN210: NEW_TABLE_SUM is in no reason of motives\.csv; name it"):
        motive_of("NEW_TABLE_SUM")


def test_a_feature_between_two_reasons_is_told() -> None:
    """Two patterns of one length that both match leave it open which is meant."""
    with pytest.raises(ModelError, match=r"TRN210: POS_NEW_AVG is in reasons R507 and R602 of motives\.csv; name it"):
        motive_of("POS_NEW_AVG")


def test_no_code_ever_issued_is_taken_back_or_given_another_meaning() -> None:
    """Partners keep codes: `issued_motives.csv` only grows, and a code has the theme and the meaning it was given."""
    issued = {row["code"]: (row["theme"], row["label_fr"]) for row in rows_of("issued_motives.csv")}

    assert len(issued) == len(rows_of("issued_motives.csv"))
    assert issued == {motive.code: (motive.theme, motive.label.fr) for motive in MOTIVES}


def test_codes_begin_with_the_place_of_their_theme() -> None:
    """Whoever reads R4 knows that it is about credits elsewhere."""
    places = {theme.code: str(place) for place, theme in enumerate(load_themes(), 1)}

    assert [motive.code for motive in MOTIVES if motive.code[1] != places[motive.theme]] == []


def test_every_theme_has_a_group_and_every_group_a_theme() -> None:
    """Merging themes loses none, and leaves no more of them than a reply tells."""
    groups = [group.code for group in load_theme_groups()]

    assert {theme.group for theme in load_themes()} == set(groups)
    assert len(groups) == 4


@pytest.mark.parametrize("motive", MOTIVES, ids=lambda motive: motive.code)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_sentences_are_whole_and_of_one_direction(motive: Motive, language: str) -> None:
    """Each says for or against, ends with a full stop, and names nothing that the service does not put in."""
    adverse, favourable, better = (
        getattr(getattr(motive, part), language) for part in ("adverse", "favourable", "better")
    )
    against, speaks_for = (" contre la demande", " pour la demande") if language == "fr" else (" against ", " for the ")

    assert against in adverse
    assert speaks_for in favourable
    assert adverse.endswith(".")
    assert favourable.endswith(".")
    assert better.endswith(".")
    for sentence in (adverse, favourable):
        assert {name for _, name, _, _ in string.Formatter().parse(sentence) if name} <= PLACES


# What earlier versions said, and HomeCredit_columns_description.csv contradicts.
WRONG = {
    "AMT_INCOME_TOTAL": ("annuel", "yearly"),
    "REGION_POPULATION_RELATIVE": ("densité", "density"),
    "DAYS_REGISTRATION": ("état civil", "civil"),
    "REGISTRATION_TO_AGE_RATIO": ("état civil", "civil"),
    "OBS_30_CNT_SOCIAL_CIRCLE": ("personnes", "persons"),
    "DEF_30_CNT_SOCIAL_CIRCLE": ("personnes", "persons"),
    "OBS_60_CNT_SOCIAL_CIRCLE": ("personnes", "persons"),
    "DEF_60_CNT_SOCIAL_CIRCLE": ("personnes", "persons"),
    "LIVE_REGION_NOT_WORK_REGION": ("domicile", "residence"),
    "LIVE_CITY_NOT_WORK_CITY": ("domicile", "residence"),
    "REG_REGION_NOT_LIVE_REGION": ("officielle", "registered"),
    "REG_CITY_NOT_LIVE_CITY": ("officielle", "registered"),
    "FLAG_EMP_PHONE": ("employeur", "employer"),
    "FLAG_WORK_PHONE": ("professionnel", "work phone"),
    "YEARS_BUILD_AVG": ("ancienneté", "years since"),
    "YEARS_BEGINEXPLUATATION_AVG": ("ancienneté", "years in use"),
}
# What they have to say instead.
RIGHT = {
    "AMT_INCOME_TOTAL": ("par mois", "per month"),
    "AMT_ANNUITY": ("par mois", "per month"),
    "AMT_GOODS_PRICE": ("somme voulue sans achat", "sum wanted without any"),
    "REGION_POPULATION_RELATIVE": ("plus peuplée", "more people"),
    "DAYS_REGISTRATION": ("adresse", "address"),
    "LIVE_CITY_NOT_WORK_CITY": ("adresse de contact", "contact address"),
    "REG_CITY_NOT_LIVE_CITY": ("adresse permanente", "permanent address"),
    "YEARS_BUILD_MEDI": ("plus haut : plus récente", "higher: later"),
}


@pytest.mark.parametrize("name", sorted({*WRONG, *RIGHT}))
def test_label_says_what_the_column_description_says(name: str) -> None:
    """No known mistake comes back, in either language."""
    (entry,) = [one for one in (*load_inputs(), *load_derived()) if one.name == name]
    labels = (entry.label_fr.lower(), entry.label_en.lower())

    assert [wrong for wrong, label in zip(WRONG.get(name, ()), labels, strict=False) if wrong in label] == []
    assert all(right in label for right, label in zip(RIGHT.get(name, ()), labels, strict=False))


@pytest.mark.parametrize(
    ("name", "category", "label"),
    [
        ("NAME_INCOME_TYPE", "Working", ("en activité", "working")),
        ("NAME_FAMILY_STATUS", "Civil marriage", ("union libre", "living together unmarried")),
        ("NAME_EDUCATION_TYPE", "Academic degree", ("troisième cycle ou doctorat", "postgraduate degree")),
        ("NAME_CONTRACT_TYPE", "Cash loans", ("prêt personnel", "cash loan")),
        ("HOUSETYPE_MODE", "specific housing", ("habitat spécifique", "specific housing")),
    ],
)
def test_category_says_what_it_is(name: str, category: str, label: tuple[str, str]) -> None:
    """The known mistakes of categories, too."""
    (entry,) = [one for one in load_inputs() if one.name == name]

    assert dict(zip(entry.categories, entry.category_labels, strict=True))[category] == label


def test_ratings_say_which_end_is_best() -> None:
    """In the rating of a region 1 is the best; a level of lateness is better the lower it is."""
    units = {entry.name: entry.unit for entry in load_inputs()}

    assert {units[name] for name in units if name.startswith("REGION_RATING")} == {"rang 1–3"}
    assert {units[name] for name in units if "_STATUS_" in name} == {"retard 0–5"}
    assert not any(unit == "EUR" for unit in units.values())
