"""Where the person on call looks first when a check of the drift report is in alert; the tests ask for all checks."""

from __future__ import annotations

FIRST_LOOKS = {
    "MON001": "la variable nommée dans `resume.md`, son histogramme dans `report.html`, et la page de tendance pour la "
    "date du premier écart",
    "MON002": "les variables en tête de liste par importance : un écart commun (offre, canal) ou plusieurs sans lien",
    "MON003": "les médianes des deux fenêtres : un facteur de 10, 100 ou 12 est une unité ou une période changée",
    "MON004": "l’alimentation de la variable chez son fournisseur ; la part manquante a-t-elle monté ou baissé",
    "MON005": "les valeurs extrêmes de la variable : unité, saisie, nouveau produit",
    "MON006": "les refus 422 des journaux (`SCR1xx`) sur la même variable, et la sentinelle 365243",
    "MON007": "les modalités nommées dans `report.json` et le dernier changement de codage de la source",
    "MON008": "MON001 et MON004 : quelle variable a bougé ; MON009 et MON010 : ce que cela change",
    "MON009": "la répartition par jour des refus (tableau de bord) et les changements d’offre ou de canal",
    "MON010": "MON008 et MON012 : la population est-elle plus risquée, ou les probabilités moins justes",
    "MON011": "MON004 : une source muette fait baisser l’AUC attendue ; sinon la population",
    "MON012": "la courbe des défauts prévus et constatés, par millésime si les dates sont là",
    "MON013": "le même écart depuis l’entraînement, variable par variable : dérive lente ou marche",
    "MON014": "les variables qui trahissent la fenêtre, et leurs rapports deux à deux",
    "MON015": "les échecs par code et par version (requêtes CloudWatch), l’heure de la dernière mise en service",
    "MON016": "p50, p95, p99 par version, démarrages à froid, tailles de lot",
    "MON017": "MON019 et les millésimes : depuis quel mois le classement manque ; une variable dont le sens a changé",
    "MON018": "MON012 et MON020 (total des défauts) ou MON017 et MON019 (classement) : lequel des deux coûte",
    "MON019": "la courbe des défauts prévus et constatés : trop écartée (pente sous 1) ou trop serrée",
    "MON020": "le taux de défaut par millésime : un décalage commun, ou un seul mois",
    "MON021": "l’alimentation de la variable nommée : dernier jour avec une valeur, dernier changement de la source",
    "MON022": "les segments en tête de `resume.md`, puis ce qui a bougé dans le produit principal",
    "MON023": "les codes SCR des rejets du jour, et le partenaire dont le format a changé",
    "MON024": "MON001 sur l’échantillon : le même écart, ou des demandes répétées",
    "MON025": "la variable nommée et l’empreinte du partenaire : sa clientèle, ou sa façon de demander",
    "MON026": "la date du saut, et ce que le partenaire a livré ce jour-là",
    "MON027": "les codes de motif, puis quelques dossiers de chaque sens avec ceux qui les ont décidés",
    "MON028": "les accords donnés contre un refus proposé qui ont fait défaut : leur motif, leur montant",
}
