"""Pages that are computed: ``docs/results.md``, regions of README, CONTRIBUTING and deployment (``make pages``)."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from benchmarks.report import read_report
from delivery.paths import BUNDLE, ROOT
from documents.architecture import picture_of_rooms
from documents.pages import with_region, write_page
from documents.results.choices import ablation, automl, candidates, policies
from documents.results.costs import cost_section
from documents.results.features import features_section
from documents.results.markdown import figures_of, say, table
from documents.results.serving import serving_section
from features.tables import HISTORY_TABLES
from metrics.costs import COSTS
from scoring.bundle import Bundle
from scoring.contract import Contract, Estimate
from scoring.decision import Decision, bayes_threshold
from scoring.service import ScoringService
from training.features import build_features
from training.population.drawing.generate import Plan, generate
from training.population.drawing.profile import load_profile
from training.sources import load_sources

if TYPE_CHECKING:
    from scoring.features import Value

README = ROOT / "README.md"
RESULTS = ROOT / "docs" / "results.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
DEPLOYMENT = ROOT / "docs" / "deployment.md"
REPORT = ROOT / "reports" / "bench.json"
MISSING = "–"
EXAMPLE_APPLICATIONS, EXAMPLE_SEED = 400, 11
REQUEST = "curl -s localhost:8000/v1/score -H 'content-type: application/json' -d @demande.json"
INTRODUCTION = f"""# Results

Written by `make pages` from `reports/bench.json` (`make bench`) and the committed bundle; every interval is a 95 %
bootstrap interval. Costs are per application: a default granted {COSTS.false_negative:g}, a good
applicant declined {COSTS.false_positive:g}."""
NAMES = {
    "model": "**the model**",
    "lightgbm_default_settings": "LightGBM, default settings, raw columns",
    "logistic_regression": "logistic regression",
    "accept_all": "accept everybody",
    "refuse_all": "refuse everybody",
}


def write_results() -> list[Path]:
    """Write the pages from the benchmarks and the committed bundle; return their paths."""
    measures = read_report(REPORT)["measures"]
    bundle = Bundle.open(BUNDLE)
    contract = bundle.contract
    readme = with_region(README.read_text(encoding="utf-8"), "figures", figures_table(measures, contract))
    deployment = DEPLOYMENT.read_text(encoding="utf-8")
    pages = {
        RESULTS: results_page(measures, contract),
        README: with_region(readme, "request", request_example(bundle)),
        DEPLOYMENT: with_region(deployment, "costs", cost_section(measures)),
        CONTRIBUTING: with_region(CONTRIBUTING.read_text(encoding="utf-8"), "rooms", picture_of_rooms()),
    }
    for path, text in pages.items():
        write_page(path, text)
    return list(pages)


def figures_table(measures: dict[str, Any], contract: Contract) -> str:
    """Return the README's four figures, each with the command that reproduces it."""
    real = figures_of(measures, "real_sample")
    cold = figures_of(measures, "cold_start")
    quality, trivial = contract.quality, contract.quality.baselines
    accept, refuse = trivial["accepter_tout"].value, trivial["refuser_tout"].value
    cost = f"{say(quality.cost)}; accept all {accept:.3f}, refuse all {refuse:.3f}"
    parity = contract.parity
    gate = (
        f"{parity.worst_probability_difference:.0e} over {parity.n_applications:,} applications, "
        f"{parity.changed_decisions} decisions changed"
    )
    start = f"{cold['first_answer_ms']['p50'] / 1000:.2f} s" if cold else MISSING
    return table(
        ["figure", "demo bundle (synthetic applicants)", "real sample (application table)", "command"],
        [
            ["hold-out cost per application", cost, say_of(real, "hold_out", "cost"), "`make bundle`, `make bench`"],
            ["hold-out AUC", say(quality.auc), say_of(real, "hold_out", "auc"), "the same"],
            ["worst difference, graph against trainer", gate, _real_rows(contract), "`make bundle`"],
            ["cold start of the package", f"{start}, process start to first answer", MISSING, "`make bench`"],
        ],
    )


def _real_rows(contract: Contract) -> str:
    """Say how many real applications went through the gate."""
    real = sum(count for name, count in contract.parity.data_sets.items() if "/" in name)
    return f"{real:,} real applications among them" if real else MISSING


def request_example(bundle: Bundle) -> str:
    """Return a synthetic applicant as a request, and the reply it gets."""
    service = ScoringService.of(bundle)
    application = refused_applicant(service)
    scored = service.score(application, n_reasons=2)
    reply = {
        "probabilite_de_defaut": scored.default_probability,
        "classe": scored.decision.value,
        "seuil": service.contract.decision.threshold,
        "explications_locales": [{"libelle": one.label, "texte": one.sentence, "…": "…"} for one in scored.reasons],
        "meta": {"version_modele": "…", "horodatage": "…", "latence_ms": "…", "id_requete": "…"},
    }
    return (
        "A synthetic application, copied into a file `demande.json`:\n\n"
        f"```json\n{json.dumps(application, ensure_ascii=False)}\n```\n\n"
        f"sent, while `make api` (or `make ui`) runs in another terminal, by\n\n```console\n{REQUEST}\n```\n\n"
        "gives (shortened here: five reasons, each with `variable`, `valeur`, `contribution` and `sens`; what is\n"
        "missing, unusual or for a person to review is told as well)\n\n"
        f"```json\n{json.dumps(reply, ensure_ascii=False, indent=1)}\n```"
    )


def refused_applicant(service: ScoringService) -> dict[str, Value]:
    """Return the refused applicant of a small sample of whom most is known."""
    with TemporaryDirectory() as work:
        folder = Path(work)
        generate(load_profile(), Plan(EXAMPLE_APPLICATIONS, EXAMPLE_SEED), folder, "parquet")
        table = build_features(load_sources(folder, tables=HISTORY_TABLES, labelled=False), folder / "features.parquet")
        names = [item.name for item in service.contract.inputs]
        rows = pq.read_table(table.path, columns=names).to_pylist()
    known = [{name: _written(value) for name, value in row.items() if value is not None} for row in rows]
    fullest_first = sorted(known, key=len, reverse=True)
    return next(one for one in fullest_first if service.score(one, n_reasons=0).decision is Decision.REFUSE)


def _written(value: Value) -> Value:
    """Return a value as a person would type it."""
    if not isinstance(value, float):
        return value
    return int(value) if value.is_integer() else float(f"{value:.6g}")


def results_page(measures: dict[str, Any], contract: Contract) -> str:
    """Return the whole page of results."""
    parts = [
        INTRODUCTION,
        _real_sample(figures_of(measures, "real_sample")),
        candidates(figures_of(measures, "real_sample")),
        policies(figures_of(measures, "real_sample")),
        automl(figures_of(measures, "automl")),
        ablation(figures_of(measures, "ablation")),
        _sample_population(figures_of(measures, "sample_population")),
        _bundle(contract),
        serving_section(measures),
        features_section(figures_of(measures, "features")),
        _precision(figures_of(measures, "precision")),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _real_sample(figures: dict[str, Any]) -> str:
    if not figures:
        return ""
    rows = [
        [NAMES[name], say_of(one, "cost"), say_of(one, "auc"), _number(one, "brier"), _number(one, "calibration_error")]
        for name, one in figures["out_of_fold"].items()
    ]
    judged = table(["", "cost per application", "AUC", "Brier", "calibration error"], rows)
    return f"""## Real applications, application table alone

{figures["n_applications"]:,} labelled applications of the real sample, whose histories cover too few of them to learn
from. Out of fold on development, the same folds for all; no sex, no family status. The threshold and the number of
inputs were chosen on these same folds, so the model's figures here are a little kind to it; the hold-out below is not:

{judged}

{_hold_out(figures["hold_out"])}

{_threshold(figures)}

The model asks for {len(figures["inputs"])} inputs: {", ".join(figures["inputs"])}. The curve that chose them:

{_curve(figures["input_curve"])}"""


def _hold_out(figures: dict[str, Any]) -> str:
    named = ("cost", "auc", "accuracy", "brier", "calibration_error", "mean_probability")
    measured = "\n".join(f"- {name.replace('_', ' ')}: {say_of(figures, name)}" for name in named)
    return (
        f"On the hold-out ({figures['n_applications']:,} applications, read once; default rate "
        f"{figures['default_rate']:.4f}):\n\n{measured}"
    )


def _threshold(figures: dict[str, Any]) -> str:
    low, high = figures["threshold_interval"]
    return (
        f"Threshold {figures['threshold']:.4f} [{low:.4f}, {high:.4f}]; the best one of calibrated probabilities at "
        f"these costs: {bayes_threshold(COSTS):.4f}."
    )


def _curve(points: list[dict[str, float]]) -> str:
    header = ["inputs", "cost", "AUC", "cost above best (s.e.)", "log loss above best (s.e.)"]
    rows = [
        [
            f"{point['n_inputs']}",
            f"{point['cost']:.4f}",
            f"{point['auc']:.4f}",
            f"{point['cost_gap']:+.4f} ({point['cost_standard_error']:.4f})",
            f"{point['log_loss_gap']:+.5f} ({point['log_loss_standard_error']:.5f})",
        ]
        for point in points
    ]
    return table(header, rows)


def _sample_population(figures: dict[str, Any]) -> str:
    if not figures:
        return ""
    hold_out, best = figures["hold_out"], figures["best_possible"]
    rows = [
        ["the model", say_of(hold_out, "cost"), say_of(hold_out, "auc")],
        ["decisions from the true probabilities", say_of(best, "cost"), say_of(best, "auc")],
        ["accept everybody", say_of(hold_out["baselines"], "accepter_tout"), MISSING],
        ["refuse everybody", say_of(hold_out["baselines"], "refuser_tout"), MISSING],
    ]
    judged = table(["", "cost per application", "AUC"], rows)
    return f"""## Sample population, all seven tables

{figures["n_applications"]:,} synthetic applicants whose true probability of default is known; hold-out;
{len(figures["inputs"])} inputs; family {figures["champion"]}:

{judged}"""


def _bundle(contract: Contract) -> str:
    quality, parity = contract.quality, contract.parity
    data_sets = ", ".join(f"{name} ({count:,})" for name, count in parity.data_sets.items())
    return (
        "## The committed bundle\n\n"
        f"Trained on the sample population; {len(contract.inputs)} inputs, {len(contract.features)} features, family "
        f"{contract.identity.family}. Hold-out cost {say(quality.cost)}, AUC {say(quality.auc)}, calibration error "
        f"{say(quality.calibration_error)}; threshold {contract.decision.threshold:.4f}.\n\n"
        f"Parity gate: {data_sets}. Worst difference of probability {parity.worst_probability_difference:.1e}, of an "
        f"attribution {parity.worst_contribution_difference:.1e}; decisions changed: {parity.changed_decisions}."
    )


def _precision(figures: dict[str, Any]) -> str:
    rows = [
        [
            name.replace("_", " "),
            f"{one['largest_margin_difference']:.1e}",
            f"{one['identical_share']:.0%}",
            f"{one['single_row_us']:.0f} µs",
            f"{one['rows_per_second']:,.0f}",
        ]
        for name, one in figures.items()
    ]
    header = ["trees in", "largest margin difference to LightGBM", "identical margins", "one row", "rows a second"]
    return f"## Precision of the exported trees\n\n{table(header, rows)}" if rows else ""


def say_of(figures: dict[str, Any], *path: str) -> str:
    """Return the figure at a path with its interval; a dash where it was not measured."""
    found: Any = figures
    for name in path:
        found = found.get(name, {})
    return say(Estimate.model_validate(found)) if found else MISSING


def _number(figures: dict[str, Any], name: str) -> str:
    return f"{figures[name]:.4f}" if name in figures else MISSING


def _milliseconds(figures: dict[str, float]) -> str:
    return f"p50 {figures['p50']:.3f} ms, p99 {figures['p99']:.3f} ms"
