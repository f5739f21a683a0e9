"""Replay: an audit record and the bundle of its version give the same decision again, or what differs is named."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scoring.decision import DecisionCosts
from scoring.errors import InvalidApplicationError, ScoringError
from scoring.http.routes import model_version
from scoring.records import RECORD_VERSION
from scoring.service import ScoringService
from training.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

_GZIP = b"\x1f\x8b"
_NEEDED = (
    "enregistrement",
    "id_requete",
    "empreinte",
    "version_modele",
    "demande",
    "seuil",
    "cout_faux_negatif",
    "cout_faux_positif",
    "probabilite_de_defaut",
    "marge",
    "valeur_de_base",
    "classe",
    "couverture",
    "revue_humaine",
    "raisons",
)


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of one record; no difference means that every bit was reproduced."""

    request_id: str
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replayer:
    """A bundle that takes decisions again, each under the rule that was in force."""

    service: ScoringService
    bundle: Path

    @classmethod
    def of(cls, bundle: Path) -> Replayer:
        """Load a bundle.

        Raises
        ------
        DataError
            ``TRN171`` when it cannot be used.
        """
        try:
            return cls(ScoringService.load(bundle), bundle)
        except ScoringError as error:
            raise DataError("TRN171", f"the bundle cannot be used: {error}") from error

    @property
    def name(self) -> str:
        """Name, version and hash of the bundle."""
        return f"{model_version(self.service.contract)} (empreinte {self.service.seal[:16]}…)"

    def replay(self, record: dict[str, Any]) -> Replay:
        """Score the application of a record again and name every field that does not come out the same."""
        told = {name: record[name] for name in _NEEDED if name not in {"enregistrement", "demande"}}
        again = self._again(record)
        differences = [
            f"{name}: recorded {told[name]!r}, reproduced {again.get(name)!r}"
            for name in told
            if not _same(told[name], again.get(name))
        ]
        return Replay(str(record["id_requete"]), tuple(differences))

    def _again(self, record: dict[str, Any]) -> dict[str, Any]:
        contract = self.service.contract
        costs = DecisionCosts(record["cout_faux_negatif"], record["cout_faux_positif"])
        rule = (
            contract.decision.false_negative_cost,
            contract.decision.false_positive_cost,
            contract.decision.threshold,
        )
        as_exported = rule == (costs.false_negative, costs.false_positive, record["seuil"])
        service = self.service if as_exported else self.service.under(threshold=record["seuil"], costs=costs)
        identity = {
            "id_requete": record["id_requete"],
            "version_modele": model_version(contract),
            "empreinte": service.seal,
            "seuil": service.rule.threshold,
            "cout_faux_negatif": service.rule.costs.false_negative,
            "cout_faux_positif": service.rule.costs.false_positive,
        }
        try:
            scored = service.score(record["demande"], n_reasons=len(record["raisons"]))
        except (InvalidApplicationError, KeyError):
            # Another bundle's inputs: nothing can be reproduced, and the hash says why.
            return identity
        return identity | {
            "probabilite_de_defaut": scored.default_probability,
            "marge": scored.margin,
            "valeur_de_base": scored.base_value,
            "classe": scored.decision.value,
            "couverture": scored.coverage,
            "revue_humaine": [motive.value for motive in scored.review],
            "raisons": [[reason.feature, reason.contribution] for reason in scored.reasons],
        }


def _same(recorded: object, reproduced: object) -> bool:
    """Compare as written: `repr` of a double tells every bit, the sign of zero included."""
    return json.dumps(recorded) == json.dumps(reproduced)


def read_records(path: Path, *, request_id: str | None = None) -> list[dict[str, Any]]:
    """Return the audit records of a file; other lines of a log are passed over.

    Raises
    ------
    DataError
        ``TRN180`` the file cannot be read, ``TRN181`` it holds no such record, ``TRN182`` a record is incomplete.
    """
    try:
        content = path.read_bytes()
        lines = (gzip.decompress(content) if content.startswith(_GZIP) else content).decode("utf-8").splitlines()
    except (OSError, EOFError, UnicodeDecodeError, ValueError) as error:
        raise DataError("TRN180", f"{path} cannot be read as JSON lines; give a file of audit records") from error
    found = [(number, record) for number, line in enumerate(lines, 1) if (record := _record(line)) is not None]
    wanted = [(number, one) for number, one in found if request_id in {None, one.get("id_requete")}]
    if not wanted:
        asked = f" of request {request_id}" if request_id else ""
        raise DataError("TRN181", f"{path} holds no audit record{asked}; see docs/api.md for where records are kept")
    for number, record in wanted:
        _check(path, number, record)
    return [record for _, record in wanted]


def _record(line: str) -> dict[str, Any] | None:
    try:
        content = json.loads(line)
    except ValueError:
        return None
    return content if isinstance(content, dict) and content.get("evenement") == "audit" else None


def _check(path: Path, number: int, record: dict[str, Any]) -> None:
    missing = [name for name in _NEEDED if name not in record]
    if missing or record["enregistrement"] != RECORD_VERSION or not isinstance(record["demande"], dict):
        lacks = f"lacks {', '.join(missing)}" if missing else f"is not of form {RECORD_VERSION}"
        raise DataError("TRN182", f"line {number} of {path} {lacks}; replay it with the version that wrote it")
