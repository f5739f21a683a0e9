"""Numbers as readers of a language write them: the one place that knows a decimal comma (decision record 0017)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

NARROW_SPACE: Final = "\u202f"
NO_BREAK_SPACE: Final = "\u00a0"
DAYS_A_YEAR: Final = 365.25
# From so many days on, people count in years.
TWO_YEARS: Final = 730


@dataclass(frozen=True, slots=True)
class Numerals:
    """What a language, in one kind of text, puts before and between the digits of a number.

    Attributes
    ----------
    percent_sign
        With the space before it, where there is one.
    """

    thousands: str
    decimal: str
    minus: str
    percent_sign: str

    def say(self, number: float, form: str) -> str:
        """Return a number in a format of Python's, with the signs of the language.

        >>> FRENCH.say(1234567.5, ",.2f").replace(NARROW_SPACE, " "), FRENCH.say(0.25, "g"), ENGLISH.say(1234.5, ",.1f")
        ('1 234 567,50', '0,25', '1,234.5')
        """
        return self.rewritten(format(number, form))

    def rewritten(self, text: str) -> str:
        """Return a number that Python wrote, with the signs of the language.

        >>> FRENCH.rewritten("+0.25")
        '+0,25'
        """
        # In this order no sign is taken for another; translating takes longer, and a request writes a dozen numbers.
        return text.replace(",", self.thousands).replace(".", self.decimal).replace("-", self.minus)

    def percent(self, share: float, form: str = ".1f") -> str:
        """Return a share of one as a percentage.

        >>> FRENCH.percent(0.0807).replace(NARROW_SPACE, " "), FRENCH.percent(0.1, "g").replace(NARROW_SPACE, " ")
        ('8,1 %', '10 %')
        """
        return f"{self.say(100 * share, form)}{self.percent_sign}"


ENGLISH: Final = Numerals(thousands=",", decimal=".", minus="-", percent_sign="%")
# What the API and the French guides say.
FRENCH: Final = Numerals(thousands=NARROW_SPACE, decimal=",", minus="-", percent_sign=f"{NARROW_SPACE}%")
# Documents, slides and pictures, which are read as print: a minus as wide as a plus.
FRENCH_IN_PRINT: Final = replace(FRENCH, minus="\u2212")
# The drift reports, where no space is narrow.
FRENCH_IN_REPORTS: Final = replace(FRENCH, thousands=NO_BREAK_SPACE, percent_sign=f"{NO_BREAK_SPACE}%")
# Terminals and the texts of errors, where the space before a percent sign is any other.
FRENCH_IN_MESSAGES: Final = replace(FRENCH, percent_sign=" %")
