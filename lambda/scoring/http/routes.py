"""What each route does, from the request to the response, the log line and the audit record."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Self

from pydantic_core import to_json
from starlette.requests import Request  # noqa: TC002  FastAPI resolves annotations at run time
from starlette.responses import Response

from scoring import __version__
from scoring.contract import CONTRACT_FILE, EVIDENCE_FILE, PARITY_FILE
from scoring.decision import Decision
from scoring.errors import FieldProblem, InvalidApplicationError
from scoring.http.bodies import Content, read_body
from scoring.http.headers import applicant_of, language_of, partner_of, reasons_asked, request_id_of
from scoring.http.openapi import Example
from scoring.http.policy_trial import PolicyTrial
from scoring.http.problems import refused_fields
from scoring.http.replies import Composer, batch_rows
from scoring.http.requests import Application, ApplicationReader
from scoring.levers import LeverSearch
from scoring.log_lines import CODES, DECISION, LATENCY, REFUSED_FIELDS, REQUEST, Event
from scoring.profile import Profiler
from scoring.reasons import PRINCIPAL_REASONS
from scoring.records import model_version, origin_of
from scoring.service import ScoredApplication, ScoringService

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scoring.bundle import Bundle
    from scoring.decision import DecisionRule
    from scoring.features import Value
    from scoring.http.requests import Batch
    from scoring.records import Auditor
    from scoring.request_log import RequestLog
    from scoring.settings import Settings
    from scoring.shadow import Shadow
    from scoring.wording import Language

# Lambda passes six megabytes on, the envelope and its escapes included.
LARGEST_REPLY: Final = 4_500_000
_TOO_LONG: Final = "La réponse serait trop longue ; envoyez moins de demandes par appel, ou demandez moins de raisons."


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for beside its body, under which identifier, when it came, and with whose API key."""

    request_id: str
    n_reasons: int
    language: Language
    started: float
    partner: str | None

    @classmethod
    def of(cls, request: Request, *, n_reasons: int) -> Self:
        """Return what a request asks for; `n_reasons` is the number of reasons where it says none.

        Raises
        ------
        InvalidApplicationError
            ``SCR108`` when the number of reasons is none.
        """
        started = time.perf_counter()
        wanted = reasons_asked(request, default=n_reasons)
        return cls(request_id_of(request), wanted, language_of(request), started, partner_of(request))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the inputs of an application come from, when they were not sent as such.

    Attributes
    ----------
    told
        What the reply says of it.
    sha256
        Gives the hash that the audit record keeps of it.
    """

    told: Mapping[str, Any]
    sha256: Callable[[], str]


class Routes:
    """The answers of one loaded bundle under one configuration."""

    def __init__(
        self,
        service: ScoringService,
        bundle: Bundle,
        settings: Settings,
        log: RequestLog,
        auditor: Auditor | None,
        shadow: Shadow | None = None,
    ) -> None:
        contract = bundle.contract
        self.reader = ApplicationReader(
            contract,
            policy_fields=service.policy.fields if service.policy else (),
            unknown_fields=settings.unknown_fields,
        )
        self.service = service
        self._settings = settings
        self._log = log
        self._auditor = auditor
        self._profiler = Profiler(contract) if settings.profile == "on" else None
        self._fields = frozenset(item.name for item in contract.inputs)
        self._shadow = shadow
        self._composer = Composer(service, decimals=settings.reply_decimals)
        self._levers = LeverSearch(service)
        self._trial = PolicyTrial(service, settings)
        self._contract = bundle.content[CONTRACT_FILE]
        self._evidence = bundle.content[EVIDENCE_FILE]
        self.parity = bundle.content.get(PARITY_FILE, b"")
        self._model = to_json(_model_reply(bundle, service.rule, settings))
        self._health = to_json(
            {
                "statut": "ok",
                "version": __version__,
                "version_modele": model_version(bundle),
                "execution": contract.identity.training_run_id,
            }
        )
        self._meta = origin_of(bundle, service.rule)

    async def score(self, request: Request) -> Response:
        """Score one application."""
        asked = Asked.of(request, n_reasons=PRINCIPAL_REASONS)
        applicant = applicant_of(request)
        application = self.reader.read(await read_body(request, limit=self._settings.max_body_bytes))
        return self.assess(asked, Event.SCORE, application, applicant)

    def assess(
        self,
        asked: Asked,
        event: Event,
        application: Application,
        applicant: str | None,
        origin: Origin | None = None,
    ) -> Response:
        """Score one application that was read, or computed from its `origin`; answer, log and audit."""
        read_ms = _ms_since(asked.started)
        scored = self.service.score(application.values, n_reasons=asked.n_reasons, language=asked.language)
        reply = self.assessment(scored, application, asked.language, origin)
        latency_ms = _ms_since(asked.started)
        fields = _decision_fields(scored) | {"lecture_ms": round(read_ms, 3)}
        self.tell(event, asked.request_id, latency_ms, fields, [scored])
        self._audit(asked.request_id, event, application, scored, applicant, origin, asked.partner)
        self._profile([application.values], [scored])
        response = _json(reply | self.stamp(asked.request_id, latency_ms), asked.language)
        self._ask_shadow(asked, application, scored)
        return response

    def assessment(
        self, scored: ScoredApplication, application: Application, language: Language, origin: Origin | None = None
    ) -> dict[str, Any]:
        """Return what is said of one application, without where the answer comes from."""
        reply = self._composer.assessment(scored, application, language)
        return reply | {"seuil": self.service.rule.threshold, **(origin.told if origin else {})}

    async def score_batch(self, request: Request) -> Response:
        """Score several applications in one run of the graph."""
        asked = Asked.of(request, n_reasons=0)
        body = await read_body(request, limit=self._settings.max_body_bytes)
        batch = self.reader.read_batch(body, limit=self._settings.max_batch).naming(applicant_of(request))
        return self.assess_batch(asked, Event.BATCH, batch)

    def assess_batch(self, asked: Asked, event: Event, batch: Batch, origins: Sequence[Origin | None] = ()) -> Response:
        """Score the applications of a batch; `origins` are those of all of them, in order, or none."""
        read_ms = _ms_since(asked.started)
        readable = [one.values for one in batch.applications if isinstance(one, Application)]
        answers = self.service.score_many(readable, n_reasons=asked.n_reasons, language=asked.language)
        scored = [one for one in answers if isinstance(one, ScoredApplication)]
        rows = batch_rows(self._composer, batch.applications, answers, asked.language)
        for row, origin in zip(rows, origins, strict=False):
            row.update(origin.told if origin and row["statut"] == "evaluee" else {})
        counts = _batch_counts(len(rows), scored)
        latency_ms = _ms_since(asked.started)
        fields = counts | _batch_totals(scored) | {"lecture_ms": round(read_ms, 3)}
        fields[CODES] = sorted({problem["code"] for row in rows for problem in row.get("problemes", ())})
        refusals = [one.problems for one in (*batch.applications, *answers) if isinstance(one, InvalidApplicationError)]
        if refused := refused_fields(refusals, self._fields):
            fields[REFUSED_FIELDS] = refused
        reply = {"resultats": rows, "compte": counts, "seuil": self.service.rule.threshold}
        # A reply that cannot be given leaves no trace of a decision.
        response = _json(reply | self.stamp(asked.request_id, latency_ms), asked.language)
        self.tell(event, asked.request_id, latency_ms, fields, scored, not_scored=counts["non_evaluees"])
        self._audit_batch(asked, event, batch, answers, origins)
        judged = [one for one, answer in zip(readable, answers, strict=True) if isinstance(answer, ScoredApplication)]
        self._profile(judged, scored)
        return response

    async def try_policy(self, request: Request) -> Response:
        """Try a draft of the lender's rules on the applications that come with it."""
        started = time.perf_counter()
        content = Content(await read_body(request, limit=self._settings.max_body_bytes))
        if content.constants:
            raise InvalidApplicationError(content.constant_problems(), status=400)
        reply = self._trial.run(content.value)
        request_id, latency_ms = request_id_of(request), _ms_since(started)
        fields = {"evaluees": reply["evaluees"], "changees": reply["changees"]}
        self.tell(Event.TRIAL, request_id, latency_ms, fields, [])
        return _json(reply | self.stamp(request_id, latency_ms), language_of(request))

    async def levers(self, request: Request) -> Response:
        """Look for the smallest changes with which a refused application would be accepted."""
        started = time.perf_counter()
        language, applicant = language_of(request), applicant_of(request)
        application = self.reader.read(await read_body(request, limit=self._settings.max_body_bytes))
        parsed = time.perf_counter()
        search = self._levers.search(application.values, language)
        searched_ms = _ms_since(parsed)
        reply = self._composer.levers(search, application.values, language, threshold=self.service.rule.threshold)
        request_id, latency_ms = request_id_of(request), _ms_since(started)
        fields = _decision_fields(search.scored) | {"resultat": reply["resultat"]}
        fields |= {"lecture_ms": round((parsed - started) * 1000, 3), "recherche_ms": round(searched_ms, 3)}
        fields |= {"propositions": len(search.proposals), "candidats_evalues": search.n_candidates}
        self.tell(Event.LEVERS, request_id, latency_ms, fields, [])
        self._audit(request_id, Event.LEVERS, application, search.scored, applicant, None, partner_of(request))
        return _json(reply | self.stamp(request_id, latency_ms), language)

    async def model(self, request: Request) -> Response:
        """Say which model answers, under which rule, how good it is and what it is made of."""
        self._log.read("model", request_id=request_id_of(request))
        return _json_bytes(self._model)

    async def contract(self, request: Request) -> Response:
        """Return the contract as it was written."""
        self._log.read("contract", request_id=request_id_of(request))
        return _json_bytes(self._contract)

    async def evidence(self, request: Request) -> Response:
        """Return the evidence as it was written."""
        self._log.read("evidence", request_id=request_id_of(request))
        return _json_bytes(self._evidence)

    async def health(self, request: Request) -> Response:
        """Say that the function answers, and for which model."""
        self._log.read("health", request_id=request_id_of(request), often=True)
        return _json_bytes(self._health)

    def examples(self) -> dict[str, Example]:
        """Return a request and its reply for each route that takes applications, from a golden one that is declined."""
        golden = json.loads(self.parity)["applications"] if self.parity else ()
        declined = [one["application"] for one in golden if one["decision"] == Decision.REFUSE]
        if not declined:
            return {}
        sent = max(declined, key=lambda one: sum(value is not None for value in one.values()))
        application = self.reader.read(json.dumps(sent).encode())
        scored = self.service.score(application.values)
        (row,) = batch_rows(self._composer, [application], self.service.score_many([application.values]), "fr")
        lot = {"resultats": [row], "compte": _batch_counts(1, [scored]), "seuil": self.service.rule.threshold}
        levers = self._composer.levers(
            self._levers.search(application.values, "fr"),
            application.values,
            "fr",
            threshold=self.service.rule.threshold,
        )
        return {
            "/v1/score": self.example(sent, self.assessment(scored, application, "fr")),
            "/v1/score/batch": self.example({"demandes": [sent]}, lot),
            "/v1/leviers": self.example(sent, levers),
        }

    def example(self, sent: object, reply: dict[str, Any]) -> Example:
        """Return a request beside its reply; what no two replies share is as it might be."""
        meta = self._meta | {"horodatage": "2027-01-15T09:30:00.000+00:00", "latence_ms": 0.8, "id_requete": "a1b2c3d4"}
        return Example(sent, reply | {"meta": meta})

    def stamp(self, request_id: str, latency_ms: float) -> dict[str, Any]:
        """Return where an answer comes from, as its last field."""
        moment = datetime.now(UTC).isoformat(timespec="milliseconds")
        meta = self._meta | {"horodatage": moment, "latence_ms": round(latency_ms, 3), "id_requete": request_id}
        return {"meta": meta}

    def tell(
        self,
        event: Event,
        request_id: str,
        latency_ms: float,
        fields: dict[str, Any],
        scored: list[ScoredApplication],
        *,
        not_scored: int = 0,
    ) -> None:
        """Write the log line of an answer; the metrics are those of the applications that were `scored`."""
        metrics: dict[str, Any] = {"Latence": round(latency_ms, 3)}
        if not_scored:
            metrics["NonEvaluees"] = not_scored
        if scored:
            metrics["Demandes"] = len(scored)
            metrics["Refus"] = sum(one.decision is Decision.REFUSE for one in scored)
            metrics["RevuesHumaines"] = sum(bool(one.review) for one in scored)
            metrics["ProbabiliteDeDefaut"] = [round(one.default_probability, 6) for one in scored]
            metrics["Couverture"] = [round(one.coverage, 4) for one in scored]
        self._log.answered(event, {REQUEST: request_id, **fields, LATENCY: round(latency_ms, 3)}, metrics)

    def _ask_shadow(self, asked: Asked, application: Application, scored: ScoredApplication) -> None:
        """Let the challenger say its word to the log, once the answer is made."""
        if self._shadow is None:
            return
        told = self._shadow.ask(asked.request_id, application.values, scored, answer_ms=_ms_since(asked.started))
        if told is not None:
            self._log.shadow(told, request_id=asked.request_id)

    def _audit(
        self,
        request_id: str,
        route: str,
        application: Application,
        scored: ScoredApplication,
        applicant: str | None,
        origin: Origin | None,
        partner: str | None,
    ) -> None:
        if self._auditor is not None:
            dossier = origin.sha256 if origin else None
            self._auditor.audit(
                scored,
                application.values,
                request_id=request_id,
                route=route,
                applicant=applicant,
                partner=partner,
                dossier=dossier,
            )

    def _profile(self, applications: Sequence[Mapping[str, Value]], scored: Sequence[ScoredApplication]) -> None:
        """Count applications, and write what many had in common when it is time."""
        if self._profiler is not None and (counts := self._profiler.add(applications, scored)):
            self._log.profile(counts)

    def _audit_batch(
        self,
        asked: Asked,
        event: Event,
        batch: Batch,
        answers: Sequence[ScoredApplication | InvalidApplicationError],
        origins: Sequence[Origin | None],
    ) -> None:
        """Audit each application of a batch under its place; `answers` are those of the readable ones, in order."""
        if self._auditor is None:
            return
        following = iter(answers)
        for place, (one, applicant) in enumerate(zip(batch.applications, batch.identifiers, strict=True)):
            if isinstance(one, Application) and isinstance(answer := next(following), ScoredApplication):
                origin = origins[place] if origins else None
                self._audit(f"{asked.request_id}/{place}", event, one, answer, applicant, origin, asked.partner)


def _ms_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000


def _decision_fields(scored: ScoredApplication) -> dict[str, Any]:
    """Return what a log line says of one decision; counts and shares, no value."""
    return {
        DECISION: scored.decision.value,
        "probabilite_de_defaut": round(scored.default_probability, 6),
        "couverture": round(scored.coverage, 4),
        "proposition": scored.proposal.value,
        "valeurs_manquantes": len(scored.missing),
        "valeurs_inconnues": len(scored.left_out),
        "valeurs_inhabituelles": len(scored.unusual),
        "regles_enfreintes": [rule.code for rule in scored.incoherent],
        **({} if scored.policy is None else {"politique": [one.code for one in scored.policy.findings]}),
        "revue_humaine": [motive.value for motive in scored.review],
        "modele_ms": round(scored.model_ms, 3),
        "explication_ms": round(scored.explanation_ms, 3),
    }


def _batch_totals(scored: Sequence[ScoredApplication]) -> dict[str, Any]:
    """Return what a log line says of the scored applications of a batch together; the graph ran once for all."""
    return {
        "valeurs_manquantes": sum(len(one.missing) for one in scored),
        "valeurs_inconnues": sum(len(one.left_out) for one in scored),
        "valeurs_inhabituelles": sum(len(one.unusual) for one in scored),
        "regles_enfreintes": sorted({rule.code for one in scored for rule in one.incoherent}),
        "modele_ms": round(max((one.model_ms for one in scored), default=0.0), 3),
        "explication_ms": round(sum(one.explanation_ms for one in scored), 3),
    }


def _batch_counts(n_applications: int, scored: Sequence[ScoredApplication]) -> dict[str, Any]:
    decisions = Counter(one.decision for one in scored)
    return {
        "demandes": n_applications,
        "evaluees": len(scored),
        "non_evaluees": n_applications - len(scored),
        Decision.ACCEPT.value: decisions[Decision.ACCEPT],
        Decision.REFUSE.value: decisions[Decision.REFUSE],
        "revue_humaine": sum(bool(one.review) for one in scored),
    }


def _model_reply(bundle: Bundle, rule: DecisionRule, settings: Settings) -> dict[str, Any]:
    """Return what `scoring.http.reply_schemas.ModelReply` describes."""
    contract = bundle.contract
    return {
        "version_modele": model_version(bundle),
        "empreinte": bundle.seal,
        "schema_du_contrat": contract.schema_version,
        "identite": contract.identity.model_dump(),
        "decision": {
            "seuil": rule.threshold,
            "origine": rule.origin,
            "cout_faux_negatif": rule.costs.false_negative,
            "cout_faux_positif": rule.costs.false_positive,
            "zone_de_revue": rule.review_band,
            "seuil_du_contrat": contract.decision.threshold,
            "couverture_minimale": contract.coverage.floor,
        },
        "qualite": contract.quality.model_dump(),
        "fichiers": contract.files,
        "limites": {
            "octets_par_requete": settings.max_body_bytes,
            "demandes_par_lot": settings.max_batch,
            "dossiers_par_lot": settings.max_dossiers,
            "lignes_par_table": settings.max_records,
            "heures_par_cle": None if settings.idempotency == "off" else settings.idempotency_hours,
            "raisons": PRINCIPAL_REASONS,
            "decimales": settings.reply_decimals,
            "champs_inconnus": settings.unknown_fields,
        },
    }


def _json(content: dict[str, Any], language: str) -> Response:
    """Return a reply, or raise ``SCR113`` (413) where Lambda would cut it off."""
    body = to_json(content)
    if len(body) > LARGEST_REPLY:
        raise InvalidApplicationError([FieldProblem("", "SCR113", _TOO_LONG)], status=413)
    return Response(body, media_type="application/json", headers={"content-language": language})


def _json_bytes(content: bytes) -> Response:
    return Response(content, media_type="application/json")
