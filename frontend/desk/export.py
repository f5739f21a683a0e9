"""The decisions as monitoring reads them: a line a decided case, without a name, a comment or an application.

::

    python -m frontend.desk.export --out decisions.jsonl
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from frontend.desk.store import DecisionStore, StoreError
from frontend.settings import read_settings
from frontend.wording.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from frontend.desk.cases import Case


def decision_line(case: Case) -> dict[str, Any]:
    """Return what monitoring needs of a decided case, under the API's own names."""
    answer, final = case.answer, case.decisions[-1]
    return {
        "id_requete": answer.origin.request_id,
        "decide_le": final.made_at.isoformat(),
        "version_modele": answer.origin.version,
        "empreinte": answer.origin.seal,
        "probabilite_de_defaut": answer.default_probability,
        "seuil": answer.threshold,
        "classe": answer.decision.value,
        "proposition": answer.proposal.value,
        "montant": case.amount,
        "decision": final.verdict.value,
        "motif": final.reason_code,
        "ecart": case.is_override,
        "contresigne": case.countersigned,
    }


def decision_lines(cases: Iterable[Case]) -> str:
    """Return the decided cases as JSON lines."""
    return "".join(json.dumps(decision_line(one), ensure_ascii=False) + "\n" for one in cases)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the export; return 2 with one line on stderr when the database cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m frontend.desk.export", description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, required=True, help="file to write, one JSON object a line")
    args = parser.parse_args(arguments)
    settings = read_settings({})
    try:
        store = DecisionStore(settings.decisions_url, four_eyes_amount=settings.four_eyes_amount)
        args.out.write_text(decision_lines(store.all_decided()), encoding="utf-8")
    except StoreError as error:
        sys.stderr.write(f"export: {words_of('fr')(error.reason)}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"export: {args.out}: {error.strerror}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
