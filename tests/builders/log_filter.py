"""What the template's subscription filter lets through, as CloudWatch Logs reads its pattern."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from delivery.template import read_template

if TYPE_CHECKING:
    from collections.abc import Mapping

CONDITION = re.compile(r'\(\$\.(\w+) = "([\w.]+)"\)')


@cache
def conditions() -> frozenset[tuple[str, str]]:
    """Return the fields and values of which one has to be there; the pattern is nothing but these, joined by *or*."""
    pattern = read_template()["Resources"]["AuditFilter"]["Properties"]["FilterPattern"].strip()
    found = CONDITION.findall(pattern)
    if pattern != "{ " + " || ".join(f'($.{name} = "{value}")' for name, value in found) + " }":
        raise ValueError(f"the filter has another form than equalities joined by ||: {pattern}")
    return frozenset(found)


def template_carries(line: Mapping[str, object]) -> bool:
    """Say whether a line of the log goes to the bucket."""
    return any(line.get(name) == value for name, value in conditions())
