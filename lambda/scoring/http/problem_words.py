"""Refusals in English: what each code means, for senders who ask for it; details in French also name the bound."""

from __future__ import annotations

from typing import Final

TITLES: Final = {
    400: "Unreadable request",
    404: "Unknown resource",
    405: "Method not allowed",
    409: "Idempotency key in conflict",
    413: "Too long",
    415: "Unsupported content type",
    422: "The request does not keep the contract",
    500: "Internal error",
    503: "Service unavailable for the moment",
}
DETAILS: Final = {
    400: "The request was not assessed; see 'problemes'.",
    404: "There is no such address; /docs describes the routes.",
    405: "The route does not admit this method; see /docs.",
    409: "The request was not assessed; see 'problemes'.",
    413: "The request was not answered: its body, or its reply, is too long.",
    415: "The request was not read: send JSON in UTF-8, not compressed.",
    422: "The request was not assessed; each problem is named in 'problemes'.",
    500: "The request was not assessed; tell support id_requete.",
    503: "The request was not assessed: idempotency keys do not answer; try again in a second.",
}
# Rules across fields (SCR121) are worded by the contract, in the language that was asked for.
PROBLEMS: Final = {
    "SCR101": "Required, and absent or null.",
    "SCR102": "Wrong type; GET /v1/contract says what is expected.",
    "SCR103": "Outside its bounds; GET /v1/contract has them.",
    "SCR104": "Not one of the values allowed; GET /v1/contract lists them.",
    "SCR105": "Unknown to the contract; see GET /v1/contract.",
    "SCR106": "The number must be finite; send null for an unknown value.",
    "SCR107": "Given twice; keep one.",
    "SCR108": "A whole number from 0 to 10 is expected, once.",
    "SCR109": "This route has no such parameter.",
    "SCR110": "Not JSON in UTF-8; send null for an unknown value.",
    "SCR111": "No application, or more than one call may bring; GET /v1/model says the limit.",
    "SCR113": "The reply would be too long; send fewer applications a call, or ask for fewer reasons.",
    "SCR120": "Too little of the application is given for it to be judged; see 'coverage' of GET /v1/contract.",
    "SCR130": "The table has too many records; see 'limites' of GET /v1/model.",
    "SCR131": "The record is another applicant's than 'application'; a dossier is one person's.",
    "SCR132": "No record of the table 'bureau' is this credit.",
    "SCR133": "Two records have this key; keep one.",
    "SCR134": "'oui' or 'non' is expected, once.",
    "SCR413": "The body is too long; send fewer applications a call.",
    "SCR415": "Send application/json in UTF-8, not compressed.",
}
