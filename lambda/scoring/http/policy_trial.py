"""Rules tried before they are published: what a draft would make of some applications, beside what is in force."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from scoring.decision import Outcome
from scoring.errors import ContractError, FieldProblem, InvalidApplicationError
from scoring.http.requests import Application, ApplicationReader, parts_of_batch
from scoring.policy import Policy, PolicyBook
from scoring.service import ScoredApplication

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scoring.service import ScoringService
    from scoring.settings import Settings

RULES: Final = "politique"
APPLICATIONS: Final = "demandes"
_NO_RULES: Final = "Les règles ne peuvent pas être lues : {}"


class PolicyTrial:
    """Tries drafts on the applications that come with them; nothing of either is kept, and the dates do not count."""

    def __init__(self, service: ScoringService, settings: Settings) -> None:
        self._service = service
        self._settings = settings

    def run(self, content: object) -> dict[str, Any]:
        """Return what `scoring.http.reply_schemas.TrialReply` describes.

        Raises
        ------
        InvalidApplicationError
            ``SCR122`` when the draft is no policy over the contract, ``SCR102``, ``SCR111`` no applications (422).
        """
        draft = content.pop(RULES, None) if isinstance(content, dict) else None
        demands, _ = parts_of_batch(content, APPLICATIONS, limit=self._settings.max_batch)
        book = self._book(draft)
        reader = ApplicationReader(
            self._service.contract, policy_fields=book.fields, unknown_fields=self._settings.unknown_fields
        )
        read = [one for one in map(reader.check, demands) if isinstance(one, Application)]
        answers = self._service.score_many([one.values for one in read])
        scored = [
            (replace(answer, policy=book.judge(one.values)), answer)
            for one, answer in zip(read, answers, strict=True)
            if isinstance(answer, ScoredApplication)
        ]
        after, before = ([pair[side].proposal for pair in scored] for side in (0, 1))
        return {
            "demandes": len(demands),
            "evaluees": len(scored),
            "avant": _counted(before),
            "apres": _counted(after),
            "changees": sum(one is not other for one, other in zip(before, after, strict=True)),
            "regles": _by_rule(book, [with_draft for with_draft, _ in scored]),
        }

    def _book(self, draft: object) -> PolicyBook:
        try:
            return PolicyBook(Policy.model_validate(draft, strict=False), self._service.contract)
        except ValidationError as error:
            first = error.errors()[0]
            told = f"{'.'.join(str(part) for part in first['loc'])} : {first['msg']}"
        except (ContractError, ValueError) as error:
            told = str(error)
        raise InvalidApplicationError([FieldProblem(RULES, "SCR122", _NO_RULES.format(told))])


def _counted(proposals: Iterable[Outcome]) -> dict[str, int]:
    counts = Counter(proposals)
    return {outcome.value: counts[outcome] for outcome in Outcome}


def _by_rule(book: PolicyBook, scored: Sequence[ScoredApplication]) -> list[dict[str, Any]]:
    findings = [one for answer in scored if answer.policy for one in answer.policy.findings]
    held = Counter(one.code for one in findings if not one.unknown)
    unknown = Counter(one.code for one in findings if one.unknown)
    return [
        {"code": rule.code, "genre": rule.kind, "appliquee": held[rule.code], "inconnue": unknown[rule.code]}
        for rule in sorted(book.policy.rules, key=lambda rule: rule.code)
    ]
