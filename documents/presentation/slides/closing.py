"""Security and law, what was reached, what is not known, and the questions of the debriefing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents.presentation.sheet import Sheet
from documents.presentation.style import BODY
from training.wording import percent, say_count, say_decimal, say_estimate

if TYPE_CHECKING:
    from pptx.presentation import Presentation

    from documents.facts import Facts


def compliance(deck: Presentation, facts: Facts) -> None:
    """Say what the system gives for each law, and what is left to the lender."""
    production = facts.stack.environment("production")
    logs, audit = (int(production.parameters[name]) for name in ("LogRetentionDays", "AuditRetentionDays"))
    sheet = Sheet(
        deck,
        "Sécurité et conformité : ce que le système donne, ce qui reste au prêteur",
        source="docs/securite-conformite.md, template.yaml, samconfig.toml",
        notes=(
            "Le système prépare, il ne met pas en conformité : chaque ligne a sa part qui reste au prêteur. RGPD, "
            "article 22 : l’arrêt SCHUFA (C-634/21) dit que le score peut être la décision ; d’où la bande de revue et "
            "la revue à la demande. Directive 2023/2225, appliquée depuis le 20 novembre 2026 : droit à une "
            "intervention humaine, à une explication, à donner son avis et à une révision. Règlement sur l’IA, "
            "annexe III : haut risque ; la date d’application, reportée par l’accord de mai 2026, est à vérifier. "
            f"Conservation en production : journaux {logs} jours, enregistrements d’audit {audit} jours, "
            "identifiants hachés sous clé. À faire relire par un juriste."
        ),
    )
    sheet.table(
        ["texte", "le système donne", "reste au prêteur"],
        [
            ["RGPD, art. 22 et 15", "raisons exactes, revue, leviers", "la revue elle-même, l’information, l’AIPD"],
            ["Directive 2023/2225, art. 18", "revue à la demande, décision rejouable", "procédure de contestation"],
            [
                "Règlement IA, annexe III, 5 b",
                "journaux, fiche, contrôles, explication",
                "système de gestion, registre",
            ],
            ["Conservation (production)", f"journaux {logs} j, audit {audit} j, puis effacés", "justifier ces durées"],
            ["Secrets", "aucun dans le dépôt ; clés gérées par AWS", "qui lit journaux et audit"],
        ],
        BODY,
        widths=(1.3, 1.75, 1.75),
    )


def outcome(deck: Presentation, facts: Facts) -> None:
    """Hold what was asked against what there is."""
    contract, measures = facts.contract, facts.measures
    real = measures["real_sample"]["hold_out"]
    best = measures["sample_population"]
    sheet = Sheet(
        deck,
        "Résultats : ce qui était demandé, ce qui est mesuré",
        source="lambda/bundle/contract.json, reports/bench.json",
        notes=(
            "Chaque ligne a sa commande : make bundle pour le modèle servi, make bench pour le reste. "
            "La population synthétique permet une mesure que de vraies données ne permettent pas : la vraie "
            "probabilité de chaque demandeur y est connue. Sur l’essai de "
            f"{say_count(best['n_applications'])} dossiers, décider avec les vraies probabilités coûterait "
            f"{say_decimal(best['best_possible']['cost']['value'], 3)} ; le modèle de cet essai coûte "
            f"{say_decimal(best['hold_out']['cost']['value'], 3)}. L’écart qui reste est ce qu’apprendre pourrait "
            "encore gagner. La durée de make demo est celle d’un environnement vide à une décision expliquée."
        ),
    )
    sheet.table(
        ["demandé", "mesuré"],
        [
            ["un coût métier plus bas que sans modèle", f"{say_estimate(contract.quality.cost, 3)} contre "
             f"{say_decimal(contract.quality.baselines['accepter_tout'].value, 3)} (tout accepter)"],
            ["moins cher aussi sur de vraies demandes", f"{say_decimal(real['cost']['value'], 3)} contre "
             f"{say_decimal(real['baselines']['accepter_tout']['value'], 3)}"],
            ["un modèle servi identique au modèle validé", f"{contract.parity.changed_decisions} décision changée sur "
             f"{say_count(contract.parity.n_applications)}"],
            ["une réponse expliquée, vite", f"{say_decimal(measures['request']['handler_ms']['p50'], 1)} ms, raisons "
             "comprises"],
            ["un démarrage à froid court", f"{say_decimal(measures['cold_start']['first_answer_ms']['p50'], 0)} ms"],
            ["un essai refait par n’importe qui", f"make demo : {say_decimal(measures['demo']['wall_seconds'], 0)} s "
             "d’un poste vide à une décision"],
            ["une surveillance", f"{len(facts.checks)} contrôles, {len(facts.stack.alarms)} alarmes"],
        ],
        BODY,
        widths=(1, 1.1),
    )  # fmt: skip


def limits(deck: Presentation, facts: Facts) -> None:
    """Say what is not known."""
    ratios = facts.evidence.ratios
    worst = max(ratios, key=lambda one: one.cost_at_served_threshold - one.cost)
    cost = facts.contract.quality.cost
    sheet = Sheet(
        deck,
        "Limites : ce que ces chiffres ne disent pas",
        source="docs/note-de-decision.md, lambda/bundle/evidence.json",
        notes=(
            "Le biais de sélection est le plus sérieux : on n’apprend que des crédits accordés. Une petite part de "
            "refus accordés au hasard, ou une inférence des refusés, serait l’étape suivante ; c’est une décision de "
            "direction. Sans dates, pas de jeu de test plus récent que l’apprentissage : la surveillance par millésime "
            "est prête pour le jour où elles existent. Le rapport des coûts est une hypothèse : s’il valait "
            f"{worst.ratio:g}, garder le seuil servi coûterait "
            f"{say_decimal(worst.cost_at_served_threshold - worst.cost, 3)} "
            "de plus par dossier. La version déposée est synthétique. Le déploiement sur un vrai compte AWS reste à "
            "faire par le prêteur."
        ),
    )
    left, right = BODY.columns(1, 1)
    population = (
        "Version déposée apprise sur une population synthétique : elle ne doit décider de personne."
        if facts.record.synthetic
        else "Version apprise sur les données du prêteur, à juger sur ses propres dossiers."
    )
    sheet.bullets(
        [
            population,
            "Issues connues pour les seuls crédits accordés : les refusés d’hier n’enseignent rien.",
            "Pas de dates : le jeu de test est tiré au hasard, non d’une période plus récente.",
            f"Coût connu à {say_decimal((cost.high - cost.low) / 2, 3)} près : deux voisins ne se départagent pas.",
        ],
        left,
    )
    sheet.bullets(
        [
            "Le rapport des coûts est une hypothèse, et elle déplace tout.",
            "Les entrées permettent de deviner des attributs protégés : à surveiller, non réglé.",
            "Temps mesurés hors réseau, sur une machine d’essai.",
            "Déploiement répété, gabarit validé ; jamais exécuté sur un vrai compte par ce projet.",
        ],
        right,
    )


def next_steps(deck: Presentation, facts: Facts) -> None:
    """Say what to do before a lender decides with it."""
    review = facts.contract.review.shares["ensemble"]
    sheet = Sheet(
        deck,
        "Avant un premier crédit réel : cinq décisions à prendre",
        source="docs/guide-mlops.md, docs/securite-conformite.md",
        notes=(
            "Aucune de ces décisions n’est technique. Le rapport des coûts se chiffre avec la finance : perte en cas "
            "de défaut, marge perdue d’un bon client. L’entraînement se refait sur les données du prêteur par la même "
            "commande. La revue humaine a un coût : la part de dossiers à revoir est connue d’avance. L’exploitation "
            "suit le cahier d’exploitation, alarme par alarme."
        ),
    )
    steps = [
        ("1. Le coût", "Chiffrer un défaut accordé et un bon client perdu ; refaire le seuil."),
        ("2. Les données", "Entraîner sur les dossiers du prêteur, datés ; audit par groupe."),
        ("3. La revue", f"Organiser la revue : {percent(review)} des dossiers, et tout demandeur qui la réclame."),
        ("4. Le droit", "Relecture par un juriste, AIPD, information du demandeur."),
        ("5. L’exploitation", "Compte AWS, astreinte, premiers déploiements en préproduction."),
    ]
    sheet.cards(steps, BODY.rows(*[1] * len(steps), gap=0.12))


def questions(deck: Presentation, facts: Facts) -> None:
    """Give the questions of the debriefing, with an answer each in the notes."""
    parity, quality = facts.contract.parity, facts.contract.quality
    half = facts.policy("seuil_0.5")
    sheet = Sheet(
        deck,
        "Questions pour le débriefing",
        source="réponses préparées dans les notes",
        notes=(
            "1. Pourquoi pas 0,5 ? Parce qu’un défaut coûte plus qu’un refus à tort : à 0,5 le coût est "
            f"{say_decimal(half.cost.value, 3)}, au seuil servi {say_decimal(facts.champion.cost.value, 3)}. "
            "2. Pourquoi pas l’AUC ? Elle classe sans décider ; deux modèles de même AUC peuvent coûter différemment. "
            "3. Pourquoi ne pas rééquilibrer ? Le coût s’en occupe au seuil ; un rééchantillonnage fausse la "
            "probabilité, qu’il faut alors recalibrer. "
            f"4. Comment savoir que la production est le modèle validé ? {say_count(parity.n_applications)} dossiers, "
            f"{parity.changed_decisions} décision changée, contrôle que personne ne peut outrepasser. "
            "5. Que faire si le score dérive ? Regarder le flux, la population, puis recalibrer, puis réentraîner ; "
            "revenir en arrière si la dérive date d’une mise en service. "
            "6. Le modèle discrimine-t-il ? Les attributs protégés ne sont pas des entrées et les écarts sont mesurés "
            "et bornés ; des écarts demeurent et sont montrés. "
            "7. Un client conteste : rejeu au bit près de la décision auditée, raisons, leviers, revue par une "
            "personne. "
            "8. Que vaut le chiffre principal ? "
            f"{say_estimate(quality.cost)} sur un jeu de test lu une fois, population synthétique ; à refaire chez le "
            "prêteur. "
            "9. Combien de temps pour revenir ? Moins de cinq minutes par le cahier d’exploitation ; la répétition le "
            "montre."
        ),
    )
    left, right = BODY.columns(1, 1)
    sheet.text(
        [
            "1. Pourquoi un seuil si loin de 0,5 ?",
            "2. Pourquoi le coût, et non l’AUC ?",
            "3. Pourquoi ne pas rééquilibrer les classes ?",
            "4. Qu’est-ce qui prouve que la production est le modèle validé ?",
            "5. Que fait-on quand la population change ?",
        ],
        left,
    )
    sheet.text(
        [
            "6. Le modèle traite-t-il les groupes également ?",
            "7. Un client conteste un refus : que lui répond-on ?",
            "8. Que vaut le chiffre principal, et pour qui ?",
            "9. Combien de temps pour revenir à la version d’avant ?",
        ],
        right,
    )


SLIDES = (compliance, outcome, limits, next_steps, questions)
