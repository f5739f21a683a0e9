"""Sends each documented example by the client that OpenAPI Generator wrote: FOLDER OPENAPI.json ADDRESS."""

from __future__ import annotations

import json
import sys
from pathlib import Path

folder, description, address = sys.argv[1:]
sys.path.insert(0, folder)

import openapi_client as client  # type: ignore[import-not-found]  # noqa: E402  what was generated

PATHS = json.loads(Path(description).read_text(encoding="utf-8"))["paths"]
api = client.DefaultApi(client.ApiClient(client.Configuration(host=address, api_key={"cle_api": "local"})))
CALLS = (
    ("/v1/score", api.score_application, client.Demande),
    ("/v1/score/batch", api.score_applications, client.LotDeDemandes),
    ("/v1/leviers", api.find_levers, client.Demande),
    ("/v1/dossier", api.score_dossier, client.Dossier),
)

for path, call, body in CALLS:
    operation = PATHS[path]["post"]
    sent = operation["requestBody"]["content"]["application/json"]["example"]
    told = operation["responses"]["200"]["content"]["application/json"]["example"]
    # By its constructor: from_dict sends null for what is left out, and null is a declaration here.
    answer = json.loads(call(body(**sent)).to_json())
    same = {**answer, "meta": None} == {**told, "meta": None}
    print(path, "same" if same else "differs")
lot = PATHS["/v1/score/batch"]["post"]["requestBody"]["content"]["application/json"]["example"]
try:
    api.score_applications(client.LotDeDemandes(**{**lot, "identifiants": []}))
except client.ApiException as refusal:
    print("refusal", json.loads(refusal.body)["problemes"][0]["code"])
print("health", api.check_health().statut)
read = [api.read_model(), api.read_contract(), api.read_evidence()]
print("model, contract, evidence", "read" if all(read) else "lost")
