"""MLOps, delivery, API, latency, the page and drift."""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents.model_pages.pages import GATE_NAMES
from documents.presentation import pictures
from documents.presentation.charts import bars
from documents.presentation.sheet import Sheet
from documents.presentation.style import BODY
from documents.results.drift import loud_checks
from training.registry.gates import GATES
from training.wording import say_count, say_decimal

if TYPE_CHECKING:
    from pptx.presentation import Presentation

    from documents.facts import Facts

SHOWN = 8
# As many checks as the slide has room for.
LOUD = 4


def mlops(deck: Presentation, facts: Facts) -> None:
    """Show the life of a version."""
    passed = sum(one.n_breaches == 0 for one in facts.record.gates)
    sheet = Sheet(
        deck,
        "MLOps : une version est entraînée, jugée, promue, servie, surveillée, et se retire",
        source="docs/guide-mlops.md, docs/version.json",
        notes=(
            "MLflow garde essais, artefacts et registre. Les étapes (stages) y sont abandonnées : deux alias, staging "
            "et production, les remplacent, et l’historique (qui, quand, pourquoi, quel contrôle outrepassé) est gardé "
            f"avec le modèle. Des contrôles gardent la promotion : {', '.join(GATE_NAMES[one] for one in GATES)} ; "
            f"{passed} sur {len(facts.record.gates)} passés pour la version servie. Ce qui est déployé est un paquet "
            "scellé, jamais un objet pickle : rien de ce qu’on lit ne peut exécuter de code."
        ),
    )
    steps = [
        ("1. Entraîner", "essai MLflow, candidats, calibration, seuil ; alias staging"),
        ("2. Contrôler", "parité, calibration, coût, équité"),
        ("3. Promouvoir", "alias production, motif gardé"),
        ("4. Déployer", "paquet scellé, version publiée, trafic progressif"),
        ("5. Surveiller", "dérive, coût attendu, service ; recalibrer ou réentraîner"),
    ]
    top, bottom = BODY.rows(1.2, 1)
    sheet.chain(steps, top)
    sheet.bullets(
        [
            "Revenir : alias précédent au registre, version précédente de la fonction ; les deux sont gardées.",
            "Rejouer : une décision auditée se recalcule au bit près, un an après.",
            "Reproduire : mêmes données, même graine, mêmes versions donnent le même fichier.",
            f"Version servie : {passed} contrôles passés sur {len(facts.record.gates)}.",
        ],
        bottom,
    )


def registry(deck: Presentation, facts: Facts) -> None:
    """Show a version as the registry keeps it."""
    moves = len(facts.record.history)
    sheet = Sheet(
        deck,
        "Registre : deux alias désignent ce qui attend et ce qui est servi",
        source="la page de MLflow (make demo, make pictures), docs/guide/mlflow.md",
        notes=(
            "La page de MLflow après make demo, l’essai rapide d’un poste neuf : ses chiffres ne sont pas ceux de la "
            "version déposée. La description est écrite par l’entraînement : famille, entrées, seuil et intervalle, "
            "coût et AUC du jeu de test, empreinte des données, code. Un alias n’a pas de mémoire : qui l’a déplacé, "
            "quand et pourquoi est gardé avec le modèle et se lit par python -m training history ; la version déposée "
            f"compte {moves} mouvements. Le servir par MLflow donne la même réponse que la fonction : un test compare."
        ),
    )
    pictures.show(sheet, pictures.REGISTRY, BODY)


def delivery(deck: Presentation, facts: Facts) -> None:
    """Show how a version goes live, and back."""
    production = facts.stack.environment("production")
    guards = [one.name for one in facts.stack.alarms if one.rolls_back]
    sheet = Sheet(
        deck,
        "CI/CD : une version reçoit d’abord peu de trafic, et revient seule si une alarme sonne",
        source="template.yaml, samconfig.toml, .github/workflows",
        notes=(
            "Chaque étape d’un workflow est une cible make qui marche aussi sur un poste. ci vérifie format, types, "
            "règles d’import, tests, construction du paquet et son exécution sous l’émulateur Lambda. deploy publie "
            "une version : SnapStart exécute le démarrage à froid, donc un paquet altéré échoue avant toute requête. "
            f"En production : {production.canary}. Alarmes qui ramènent la version précédente : {', '.join(guards)}. "
            "rollback fait le retour à la main, avec son motif. train propose un nouveau modèle par une demande de "
            "fusion ; drift surveille. Le déploiement réel n’a pas été fait par les tests de ce projet : le gabarit "
            "est validé et la répétition (make rehearse) le remplace ici."
        ),
    )
    top, bottom = BODY.rows(2.6, 1.2)
    sheet.table(
        ["workflow", "déclencheur", "ce qu’il fait"],
        [
            ["ci", "demande de fusion, avant déploiement", "qualité, tests, paquet, émulateur, budgets"],
            ["deploy", "branche principale, étiquette, modèle promu", "trafic progressif, contrôle, retrait"],
            ["rollback", "à la main, avec un motif", "dernière version trouvée juste"],
            ["drift", "chaque semaine", "rapport, historique, alerte"],
            ["train", "à la main, ou étiquette « retrain »", "entraîne, compare, propose le paquet"],
        ],
        top,
        widths=(0.7, 1.6, 2),
    )
    cards = [
        ("Production", production.canary),
        ("Retour automatique", f"{len(guards)} alarmes : erreurs, 5xx, requêtes refusées, latence, taux de refus"),
        ("Accès", "AWS par OIDC, rôles écrits action par action, aucune clé durable"),
    ]
    sheet.cards(cards, bottom.columns(1, 1, 1))


def api(deck: Presentation, facts: Facts) -> None:
    """Show the API and its platform."""
    sheet = Sheet(
        deck,
        "API : un contrat publié, des refus clairs, une petite fonction",
        source="docs/api.md, template.yaml, reports/bench.json (package_size)",
        notes=(
            "La fonction ne connaît que numpy, onnxruntime et FastAPI : ni pandas, ni scikit-learn, ni LightGBM. Le "
            "schéma de la demande est construit depuis le contrat du modèle ; une demande qui enfreint une règle "
            "reçoit 422 avec tous ses problèmes à la fois, en français, au format RFC 9457, sans que la valeur d’un "
            "demandeur n’aille dans un journal. Clé d’API, quotas et débits sont tenus par API Gateway. x86_64 plutôt "
            "qu’arm64 : onnxruntime peut s’y arrêter à l’import. SnapStart : rien de daté ni de secret n’est capté à "
            "l’import. Des requêtes abîmées en grand nombre (make fuzz) n’ont pas d’autre effet qu’un refus lisible."
        ),
    )
    left, right = BODY.columns(1.15, 1)
    sheet.table(
        ["route", "réponse"],
        [
            ["POST /v1/score", "probabilité, décision, raisons, revue"],
            ["POST /v1/score/batch", f"jusqu’à {say_count(int(facts.stack.defaults['MaxBatch']))} dossiers"],
            ["POST /v1/leviers", "ce qui changerait la réponse"],
            ["GET /v1/contract", "entrées, bornes, libellés, seuil"],
            ["GET /v1/model, /v1/evidence", "qualité, pièces justificatives"],
            ["GET /health", "version servie"],
        ],
        left,
        widths=(1.15, 1.35),
    )
    size = facts.measures["package_size"]
    parts = sorted(size["largest_parts_mib"].items(), key=lambda one: -one[1])[:5]
    head, body = right.rows(1, 5)
    unzipped, zipped = say_decimal(size["unzipped_mib"], 0), say_decimal(size["zipped_mib"], 0)
    sheet.text([f"Paquet : {unzipped} Mio, {zipped} Mio compressé"], head, bold=True)
    bars(sheet, body, [name for name, _ in parts], [one for _, one in parts],
         [f"{say_decimal(one, 1)} Mio" for _, one in parts])  # fmt: skip


def latency(deck: Presentation, facts: Facts) -> None:
    """Show how long an answer takes, and a first one."""
    request, cold = facts.measures["request"], facts.measures["cold_start"]
    sheet = Sheet(
        deck,
        f"Latence : {say_decimal(request['times_faster_than_usual_way'], 0)} fois moins que la façon habituelle",
        source=f"reports/bench.json ({say_count(request['calls'])} appels, deux cœurs)",
        notes=(
            "« Façon habituelle » : le même modèle servi par pandas, scikit-learn et shap. La différence est dans ce "
            "qu’on ne fait pas : ni DataFrame, ni explication recalculée, ni chargement par requête. "
            f"Le démarrage à froid prend {say_decimal(cold['first_answer_ms']['p50'], 0)} ms, soit "
            f"{say_decimal(cold['ratio_to_libraries_alone'], 2)} fois l’import des seules bibliothèques : il ne reste "
            "presque rien à gagner (décision 0015). SnapStart l’épargne à la plupart des appels. Ces temps sont pris "
            "dans le processus, sans le réseau ni API Gateway, et ne valent pas promesse de service ; l’alarme de "
            "latence regarde ce que l’appelant attend : "
            f"{say_decimal(facts.stack.alarm('latency').threshold, 0)} ms "
            "au 99ᵉ centile."
        ),
    )
    left, right = BODY.columns(1.6, 1)
    times = [
        ("réponse, médiane", request["handler_ms"]["p50"]),
        ("réponse, 99ᵉ centile", request["handler_ms"]["p99"]),
        ("façon habituelle, médiane", request["usual_way_ms"]["p50"]),
        ("façon habituelle, 99ᵉ centile", request["usual_way_ms"]["p99"]),
    ]
    bars(sheet, left, [name for name, _ in times], [one for _, one in times],
         [f"{say_decimal(one, 1)} ms" for _, one in times], marked=(0, 1))  # fmt: skip
    top, middle, bottom = right.rows(1, 1, 1)
    sheet.figure(f"{say_decimal(cold['first_answer_ms']['p50'], 0)} ms", "démarrage à froid, médiane", top)
    sheet.figure(f"{say_decimal(cold['ratio_to_libraries_alone'], 2)} ×", "l’import des bibliothèques seules", middle)
    sheet.figure(f"{say_decimal(cold['peak_memory_mib'], 0)} Mio", "mémoire de la première réponse", bottom)


def interface(deck: Presentation, facts: Facts) -> None:
    """Show the page."""
    sheet = Sheet(
        deck,
        "Interface : l’effet d’un changement sur un dossier, et d’une politique sur tous",
        source="la page (make pictures), docs/page.md",
        notes=(
            "À gauche l’onglet « et si ? », à droite « politique ». Six onglets en tout : dossier, décision, "
            "« et si ? », lot, politique, modèle. La page ne connaît que l’API : "
            "champs, unités, bornes et libellés viennent du contrat, donc un nouveau modèle change le formulaire sans "
            "changer la page. Français et anglais, clair et sombre, largeur d’un téléphone ; accessibilité WCAG 2.1 AA "
            "vérifiée par axe-core dans un vrai navigateur. Une API arrêtée, lente ou plus ancienne donne un message, "
            f"pas une trace. Le formulaire compte {len(facts.contract.inputs)} entrées ; la douzaine qui pèse le plus "
            "vient d’abord."
        ),
    )
    for place, name in zip(BODY.columns(1, 1), (pictures.WHAT_IF, pictures.POLICY), strict=True):
        pictures.show(sheet, name, place)


def drift(deck: Presentation, facts: Facts) -> None:
    """Show the drift of the real data."""
    figures = facts.measures["drift_real"]
    found = sorted(((one["name"], one["psi"]) for one in figures["inputs"]), key=lambda one: -one[1])[:SHOWN]
    bands = facts.monitoring.psi
    beyond = sum(psi >= bands.watch for _, psi in found) or "aucune"
    sheet = Sheet(
        deck,
        f"Dérive : {len(facts.checks)} contrôles codés, chacun avec sa limite et son geste",
        source="docs/interpretation-drift.md (apprentissage contre test, échantillon réel), monitoring/checks/",
        notes=(
            "Les défauts ne se constatent qu’un an après ; d’ici là on regarde ce qui entre, ce qui sort, et le coût "
            "attendu. Une alerte demande deux choses : un écart aussi grand que sa limite, et une p-valeur corrigée "
            "pour tous les regards du rapport ; sans cela, deux cents mesures sont deux cents chances de se tromper. "
            f"Limites du PSI : {say_decimal(bands.watch, 2)} à surveiller, {say_decimal(bands.alert, 2)} en alerte. "
            f"Sur l’échantillon réel, {beyond} variable montrée dépasse la première ; ce sont les rapports entre "
            "montants qui ont changé, ce que voit le classifieur des deux fenêtres. Evidently dessine le "
            "rapport ; les décisions se prennent sur nos contrôles, dont fausses alertes et puissance sont "
            "mesurées (docs/monitoring.md)."
        ),
    )
    left, right = BODY.columns(1, 1.2)
    head, body = left.rows(1, 6)
    sheet.text(["PSI, apprentissage contre test"], head, bold=True)
    bars(sheet, body, [name for name, _ in found], [psi for _, psi in found], [say_decimal(psi, 3) for _, psi in found],
         points=14)  # fmt: skip
    sheet.table(
        ["contrôle", "niveau", "pire mesure"],
        [[f"{one.code} {_short(one.title)}", one.level, one.worst] for one in loud_checks(figures)[:LOUD]],
        right.rows(2.3, 1)[0],
        widths=(2.1, 1, 0.9),
    )  # fmt: skip
    sheet.bullets(
        [
            f"Alerte du PSI dès {say_decimal(bands.alert, 2)} ; il faut aussi que le hasard n’explique pas l’écart.",
            "Lecture : l’offre a changé, pas les demandeurs ; un flux s’est enrichi.",
        ],
        right.rows(2.3, 1)[1],
    )


def _short(name: str) -> str:
    return name.partition(" (")[0]


SLIDES = (mlops, registry, delivery, api, latency, interface, drift)
