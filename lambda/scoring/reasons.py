"""Reasons: exact attributions summed by theme, which of them are told, and their words.

The contributions of a model's features are summed by the themes of the contract: with the base value, the sums make
the margin. A refusal is told by what speaks against the application alone; what speaks for it stands apart. Where
themes left untold would together outweigh the strongest one told, themes are merged into the contract's coarser groups.
"""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from scoring.decision import Decision
from scoring.wording import Language, say_category, say_flag, say_text, say_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scoring.contract import Contract, Feature, Input, Motive, Text
    from scoring.features import Value

# As many reasons as a refusal customarily has: more of them explain less.
PRINCIPAL_REASONS: Final = 4
# How the expression of a feature begins that says whether something is missing.
_INDICATORS: Final = ("missing(", "maximum(missing(")
# A feature of at most so many inputs is read as one of the other.
_RATIO: Final = 2


class Reason(NamedTuple):
    """What one theme, or one group of themes, does to the risk, in the words of the contract.

    Attributes
    ----------
    code
        Code of the motive it is told by.
    theme
        Code of the theme, or of the group.
    contribution
        Sum over the features of the theme, in log-odds; positive raises the risk.
    better
        What would be better; None where it lowers the risk.
    feature
        What weighs most in the theme, in the direction of the sum, and does not say the contrary.
    value
        What the applicant has: the input's own value, or the derivation's.
    """

    code: str
    theme: str
    label: str
    contribution: float
    sentence: str
    better: str | None
    feature: str
    value: Value


class Account(NamedTuple):
    """What is said of one margin.

    Base value, `reasons`, `favourable` and `others` sum to the margin.

    Attributes
    ----------
    by_theme
        Sum of each theme of the contract, in its order.
    reasons
        The principal ones, strongest first: of a refusal those that raise the risk, of an acceptance both.
    favourable
        What lowers the risk and is not among `reasons`, strongest first.
    others
        Sum of what raises the risk and is not among `reasons`; never negative.
    """

    by_theme: dict[str, float]
    reasons: tuple[Reason, ...]
    favourable: tuple[Reason, ...]
    others: float


class _Level:
    """One way of summing features: by theme, or by group of themes.

    Parameters
    ----------
    part_of
        Code of the part that each feature belongs to, in the contract's order of features.
    """

    def __init__(self, labels: Mapping[str, Text], part_of: Sequence[str]) -> None:
        self.codes = tuple(labels)
        self.labels = tuple(labels.values())
        places = {code: place for place, code in enumerate(self.codes)}
        self._place = np.array([places[code] for code in part_of], dtype=np.intp)
        self.members = tuple(np.flatnonzero(self._place == place).tolist() for place in range(len(self.codes)))

    def sums(self, contributions: np.ndarray) -> list[float]:
        """Return the sum of each part."""
        sums: list[float] = np.bincount(self._place, weights=contributions, minlength=len(self.codes)).tolist()
        return sums


class _Choice(NamedTuple):
    """Which parts of a level are told.

    Attributes
    ----------
    told, favourable
        Places of the parts, strongest first.
    """

    level: _Level
    sums: list[float]
    told: list[int]
    favourable: list[int]
    others: float

    @property
    def is_principal(self) -> bool:
        """Whether what is told says most: nothing that is left out together outweighs the strongest."""
        return bool(self.told) and self.others <= abs(self.sums[self.told[0]])


def _choose(level: _Level, sums: list[float], *, refused: bool, most: int) -> _Choice:
    # A stable sort: ties stay in the contract's order.
    strongest = sorted((place for place, one in enumerate(sums) if one), key=lambda place: -abs(sums[place]))
    told = [place for place in strongest if sums[place] > 0 or not refused][:most]
    left = [place for place in strongest if place not in told]
    others = sum((sums[place] for place in left if sums[place] > 0), 0.0)
    return _Choice(level, sums, told, [place for place in left if sums[place] < 0], others)


class _Case(NamedTuple):
    """One application as the model saw it, and the language it is told in; one number a feature."""

    contributions: list[float]
    columns: list[float]
    application: Mapping[str, Value]
    language: Language


class Narrator:
    """Tells contributions by theme, and words reasons and values by the contract."""

    def __init__(self, contract: Contract) -> None:
        self._conventions = contract.conventions
        self._features = contract.features
        self._inputs = {item.name: item for item in contract.inputs}
        # A feature that is an input, or that says whether one of several is missing, is told as that input.
        self._told_as = {
            feature.name: [self._inputs[name] for name in feature.inputs]
            for feature in contract.features
            if feature.expression is None or feature.expression.startswith(_INDICATORS)
        }
        self._labels = {
            item.name: dict(zip(item.categories, item.category_labels, strict=True)) for item in contract.inputs
        }
        motives = {motive.code: motive for motive in contract.motives}
        self._motive_of = tuple(motives[feature.motive] for feature in contract.features)
        self._general = {theme.code: motives[theme.general] for theme in contract.themes}
        group_of = {theme.code: theme.group for theme in contract.themes}
        theme_of = [motive.theme for motive in self._motive_of]
        self._themes = _Level({one.code: one.label for one in contract.themes}, theme_of)
        groups = {one.code: one.label for one in contract.theme_groups}
        self._groups = _Level(groups, [group_of[code] for code in theme_of])

    def account(
        self,
        contributions: np.ndarray,
        application: Mapping[str, Value],
        row: np.ndarray,
        decision: Decision,
        *,
        n_reasons: int = PRINCIPAL_REASONS,
        language: Language = "fr",
    ) -> Account:
        """Return what is said of one application.

        Parameters
        ----------
        contributions
            Log-odds of each feature, shape ``(n_features,)``.
        row
            The model's columns, shape ``(n_features,)``.
        n_reasons
            At most so many reasons, and never more than `PRINCIPAL_REASONS`. With fewer than three, what is left out
            may outweigh them.
        """
        sums = self._themes.sums(contributions)
        chosen = self._chosen(sums, contributions, refused=decision is Decision.REFUSE, most=n_reasons)
        # A few dozen numbers are faster read from lists than from arrays.
        case = _Case(contributions.tolist(), row.tolist(), application, language)
        return Account(
            by_theme=dict(zip(self._themes.codes, sums, strict=True)),
            reasons=tuple(self._reason(chosen, place, case) for place in chosen.told),
            favourable=tuple(self._reason(chosen, place, case) for place in chosen.favourable),
            others=chosen.others,
        )

    def _chosen(self, sums: list[float], contributions: np.ndarray, *, refused: bool, most: int) -> _Choice:
        """Choose among themes; among their groups where that says most and themes do not."""
        most = min(most, PRINCIPAL_REASONS)
        themes = _choose(self._themes, sums, refused=refused, most=most)
        if not themes.told or themes.is_principal:
            return themes
        groups = _choose(self._groups, self._groups.sums(contributions), refused=refused, most=most)
        return groups if groups.is_principal else themes

    def _reason(self, chosen: _Choice, place: int, case: _Case) -> Reason:
        contribution = chosen.sums[place]
        adverse, language = contribution > 0, case.language
        index, motive = self._spokesman(chosen.level.members[place], case, adverse=adverse)
        feature = self._features[index]
        template = say_text(motive.adverse if adverse else motive.favourable, language)
        label, value, said = self._told(feature, case.columns[index], case)
        return Reason(
            code=motive.code,
            theme=chosen.level.codes[place],
            label=say_text(chosen.level.labels[place], language),
            contribution=contribution,
            sentence=template.format(
                libelle=say_text(label, language),
                valeur=said,
                donnees=self._say_inputs(feature, case) if "{donnees}" in template else "",
            ),
            better=say_text(motive.better, language) if adverse else None,
            feature=feature.name,
            value=value,
        )

    def _spokesman(self, members: Sequence[int], case: _Case, *, adverse: bool) -> tuple[int, Motive]:
        """Return the strongest feature in the direction of the sum whose words do not contradict it, and its motive.

        Where every one of them would (no delay told as adverse), the strongest speaks for its theme, without a value.
        """
        pull = case.contributions.__getitem__
        strongest = max(members, key=pull) if adverse else min(members, key=pull)
        motive = self._motive_of[strongest]
        if not adverse or not _is_harmless(case.columns[strongest], motive):
            return strongest, motive
        for index in sorted(members, key=pull, reverse=True):
            motive = self._motive_of[index]
            if pull(index) > 0 and not _is_harmless(case.columns[index], motive):
                return index, motive
        return strongest, self._general[self._motive_of[strongest].theme]

    def _told(self, feature: Feature, computed: float, case: _Case) -> tuple[Text, Value, str]:
        """Return whose value a feature is told by, the value, and how it is said."""
        items = self._told_as.get(feature.name)
        if items is not None:
            item = next((one for one in items if case.application.get(one.name) is None), items[0])
            value = case.application.get(item.name)
            label = feature.label if feature.expression is None else item.label
            return label, value, self.say_input(item, value, case.language)
        # The model reads a ratio of what is missing all the same; it is nothing that the applicant has.
        is_known = len(feature.inputs) > _RATIO or all(
            case.application.get(name) is not None for name in feature.inputs
        )
        derived = computed if is_known and not isnan(computed) else None
        return feature.label, derived, say_value(derived, feature.unit, self._conventions, case.language)

    def _say_inputs(self, feature: Feature, case: _Case) -> str:
        """Return each input of a feature with its value: what a person knows of a ratio."""
        colon, stop = (" : ", " ; ") if case.language == "fr" else (": ", "; ")
        items = [self._inputs[name] for name in feature.inputs]
        said = [self.say_input(item, case.application.get(item.name), case.language) for item in items]
        labels = [say_text(item.label, case.language) for item in items]
        return stop.join(f"{label}{colon}{value}" for label, value in zip(labels, said, strict=True))

    def say_input(self, item: Input, value: Value, language: Language) -> str:
        """Return the value of an input in words; what is absent is said as what its absence means."""
        if value is None:
            return say_text(item.missing, language)
        if isinstance(value, str):
            return say_category(say_text(self._labels[item.name][value], language), language)
        if item.kind == "flag":
            return say_flag(value, language)
        return say_value(value, item.unit, self._conventions, language)


def _is_harmless(value: float, motive: Motive) -> bool:
    """Say whether a value of this reason can never be adverse; what is missing may be."""
    return motive.harmless is not None and value <= motive.harmless
