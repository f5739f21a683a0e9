"""Evidence as training writes it, counted over made-up applications whose probabilities are true."""

from __future__ import annotations

import bisect
import random
from typing import Any

COSTS = {"false_negative_cost": 10.0, "false_positive_cost": 1.0}
EDGES = [rank / 100 for rank in range(1, 31)]
N_APPLICATIONS = 10_000


def an_estimate(value: float) -> dict[str, float]:
    """Return a value with an interval around it."""
    return {"value": value, "low": max(0.0, value - 0.02), "high": value + 0.02}


def a_segment(rows: list[tuple[float, bool]], **names: object) -> dict[str, Any]:
    """Count good and defaulted applications by bin."""
    counts = {True: [0] * (len(EDGES) + 1), False: [0] * (len(EDGES) + 1)}
    for probability, defaulted in rows:
        counts[defaulted][bisect.bisect_right(EDGES, probability)] += 1
    segment = {"variable": None, "value": "tous", "low": None, "high": None}
    return segment | names | {"good": counts[False], "defaulted": counts[True]}


def a_policy(name: str, rows: list[tuple[float, bool]], threshold: float) -> dict[str, Any]:
    """Return what refusing at a threshold did."""
    refused = [defaulted for probability, defaulted in rows if probability >= threshold]
    accepted = [defaulted for probability, defaulted in rows if probability < threshold]
    cost = (10 * sum(accepted) + len(refused) - sum(refused)) / len(rows)
    return {
        "name": name,
        "threshold": threshold,
        "cost": an_estimate(cost),
        "refusal_rate": len(refused) / len(rows),
        "default_rate_accepted": sum(accepted) / len(accepted) if accepted else None,
        "default_rate_refused": sum(refused) / len(refused) if refused else None,
    }


def _draw() -> list[tuple[float, bool]]:
    chance = random.Random(0)  # noqa: S311  no secret depends on it
    probabilities = [chance.betavariate(0.8, 9) for _ in range(N_APPLICATIONS)]
    return [(probability, chance.random() < probability) for probability in probabilities]


def _calibration(rows: list[tuple[float, bool]]) -> list[dict[str, Any]]:
    ordered = sorted(rows)
    groups = [ordered[start : start + 1000] for start in range(0, len(ordered), 1000)]
    return [
        {
            "n_applications": len(group),
            "mean_probability": sum(probability for probability, _ in group) / len(group),
            "default_rate": an_estimate(sum(defaulted for _, defaulted in group) / len(group)),
        }
        for group in groups
    ]


def _group(name: str, *, judged: bool) -> dict[str, Any]:
    rates = ("default_rate", "refusal_rate", "false_refusal_rate", "calibration_gap")
    return {"group": name, "label": name, "n_applications": 500, "judged": judged} | {
        rate: an_estimate(0.2) for rate in rates
    }


def an_evidence() -> dict[str, Any]:
    """Return evidence with two segments by job and two by age, and an audit by sex."""
    rows = _draw()
    half = len(rows) // 2
    return {
        **COSTS,
        "n_applications": len(rows),
        "default_rate": sum(defaulted for _, defaulted in rows) / len(rows),
        "threshold": 0.09,
        "cost_curve": [a_policy("courbe", rows, edge) for edge in EDGES[::3]],
        "policies": [a_policy("accepter_tout", rows, 1.1), a_policy("seuil_servi", rows, 0.09)],
        "ratios": [
            {
                "ratio": ratio,
                "threshold": 1 / (1 + ratio),
                "threshold_interval": [0.9 / (1 + ratio), 1.1 / (1 + ratio)],
                "cost": 0.4,
                "cost_at_served_threshold": 0.5,
                "refusal_rate": 0.2,
            }
            for ratio in (1.0, 5.0, 10.0)
        ],
        "calibration": _calibration(rows),
        "simulator": {
            "edges": EDGES,
            "segments": [
                a_segment(rows),
                a_segment(rows[:half], variable="NAME_JOB", value="Working"),
                a_segment(rows[half:], variable="NAME_JOB", value="Pensioner"),
                a_segment(rows[:half], variable="DAYS_BIRTH", value="", low=-20_000.0, high=-15_000.0),
                a_segment(rows[half:], variable="DAYS_BIRTH", value="", low=-15_000.0, high=-7_000.0),
            ],
        },
        "fairness": {
            "n_applications": 3000,
            "attributes": [
                {
                    "attribute": "CODE_GENDER",
                    "label": "Sexe",
                    "groups": [_group("femmes", judged=True), _group("autres", judged=False)],
                }
            ],
        },
    }
