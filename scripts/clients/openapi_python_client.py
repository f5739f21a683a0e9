"""Sends each documented example by the client that openapi-python-client wrote: FOLDER OPENAPI.json ADDRESS."""

from __future__ import annotations

import json
import sys
from pathlib import Path

folder, description, address = sys.argv[1:]
sys.path.insert(0, folder)

from client import AuthenticatedClient  # type: ignore[import-not-found]  # noqa: E402  what was generated
from client.api.default import (  # type: ignore[import-not-found]  # noqa: E402
    check_health,
    find_levers,
    read_contract,
    read_evidence,
    read_model,
    score_application,
    score_applications,
    score_dossier,
)
from client.models import Demande, Dossier, LotDeDemandes  # type: ignore[import-not-found]  # noqa: E402

PATHS = json.loads(Path(description).read_text(encoding="utf-8"))["paths"]
CALLS = (
    ("/v1/score", score_application, Demande),
    ("/v1/score/batch", score_applications, LotDeDemandes),
    ("/v1/leviers", find_levers, Demande),
    ("/v1/dossier", score_dossier, Dossier),
)

with AuthenticatedClient(address, token="local", prefix="", auth_header_name="x-api-key") as api:  # noqa: S106  local
    for path, call, body in CALLS:
        operation = PATHS[path]["post"]
        sent = operation["requestBody"]["content"]["application/json"]["example"]
        told = operation["responses"]["200"]["content"]["application/json"]["example"]
        answer = call.sync(client=api, body=body.from_dict(sent)).to_dict()
        same = {**answer, "meta": None} == {**told, "meta": None}
        print(path, "same" if same else "differs")
    lot = PATHS["/v1/score/batch"]["post"]["requestBody"]["content"]["application/json"]["example"]
    nobody = LotDeDemandes.from_dict({**lot, "identifiants": []})
    print("refusal", score_applications.sync(client=api, body=nobody).problemes[0].code)
    print("health", check_health.sync(client=api).statut)
    read = [call.sync(client=api) for call in (read_model, read_contract, read_evidence)]
    print("model, contract, evidence", "read" if all(read) else "lost")
