"""The section of the results on how the model is served."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from documents.results.wording import table

if TYPE_CHECKING:
    from collections.abc import Mapping

type Figures = Mapping[str, Any]


def serving_section(measures: Mapping[str, Figures]) -> str:
    """Return the section on requests, batches, the cold start, the package and other ways to serve."""
    parts = [_request_rows, _batch_rows, _cold_start_rows, _package_rows]
    rows = [row for part in parts for row in part(measures)]
    summary = f"## Serving\n\n{table(['', ''], rows)}" if rows else ""
    others, steps = (
        _services(measures.get("serving", {})),
        _cold_start_steps(measures.get("cold_start_steps", {})),
    )
    return "\n\n".join(part for part in (summary, others, steps) if part)


def _request_rows(measures: Mapping[str, Figures]) -> list[list[str]]:
    request = measures.get("request", {})
    if not request:
        return []
    contenders = ["handler", "bare_session", "empty_route", "usual_way"]
    rows = [[f"request: {name.replace('_', ' ')}", _milliseconds(request[f"{name}_ms"])] for name in contenders]
    rows.append(["handler over bare session plus empty route", f"{request['ratio_to_session_and_empty_route']:.2f}×"])
    rows.append(["faster than the usual way", f"{request['times_faster_than_usual_way']:.0f}×"])
    return rows


def _batch_rows(measures: Mapping[str, Figures]) -> list[list[str]]:
    batch = measures.get("batch", {})
    if not batch:
        return []
    size = batch["applications_a_call"]
    return [
        [f"batches of {size}: applications a second", f"{batch['handler_a_second']:,.0f}"],
        ["the same in the graph alone", f"{batch['graph_alone_a_second']:,.0f}"],
    ]


def _cold_start_rows(measures: Mapping[str, Figures]) -> list[list[str]]:
    cold = measures.get("cold_start", {})
    if not cold:
        return []
    return [
        ["cold start of the built package", f"{cold['first_answer_ms']['p50']:.0f} ms"],
        ["importing its libraries alone", f"{cold['libraries_alone_ms']['p50']:.0f} ms"],
        ["ratio", f"{cold['ratio_to_libraries_alone']:.2f}×"],
        ["peak memory of the first answer", f"{cold['peak_memory_mib']:.0f} MiB"],
    ]


def _package_rows(measures: Mapping[str, Figures]) -> list[list[str]]:
    memory, size, demo = (measures.get(name, {}) for name in ("memory", "package_size", "demo"))
    rows = []
    if memory:
        resident = memory["resident_mib"]
        grown = f"{resident['warm']:.1f} → {resident['end']:.1f} MiB (peak {memory['peak_mib']:.1f})"
        rows.append([f"resident memory over {memory['requests']:,} requests of all routes", grown])
    if size:
        rows.append(["package, unzipped and zipped", f"{size['unzipped_mib']:.1f} and {size['zipped_mib']:.1f} MiB"])
    if demo:
        rows.append(["`make demo` from an empty environment", f"{demo['wall_seconds']:.0f} s"])
    return rows


def _services(figures: Figures) -> str:
    if not figures:
        return ""
    names = {
        "ours": "this API, reasons by theme",
        "mlflow": "`mlflow models serve`, no reasons",
        "usual_way": "FastAPI, pandas, scikit-learn and shap, five contributions",
    }
    rows = [
        [
            label,
            f"{figures[name]['p50_ms']:.2f} ms",
            f"{figures[name]['p99_ms']:.2f} ms",
            f"{figures[name]['resident_mib']:.0f} MiB",
            f"{figures[name]['start_seconds']:.1f} s",
        ]
        for name, label in names.items()
    ]
    header = ["one trained model behind", "p50", "p99", "resident memory", "first answer after"]
    return (
        f"### Beside other ways to serve\n\nOver loopback, {figures['calls']} calls each, in turns; "
        f"{figures['n_inputs']} inputs; the three give the same probabilities.\n\n{table(header, rows)}"
    )


def _cold_start_steps(figures: Figures) -> str:
    if not figures:
        return ""
    steps = [[name, f"{value:.0f} ms"] for name, value in figures["steps_ms"].items()]
    variants = [[name, f"{value:.0f} ms"] for name, value in figures["variants_ms"].items()]
    graph = [[name, f"{one['open_ms']:.1f} ms", f"{one['row_us']:.0f} µs"] for name, one in figures["graph"].items()]
    return (
        f"### Steps of the cold start\n\nProcessor time, medians of {figures['runs']} runs.\n\n"
        f"{table(['step', 'takes'], steps)}\n\n{table(['the whole, to the first answer', 'takes'], variants)}\n\n"
        f"{table(['optimisation of the graph', 'opening', 'one row'], graph)}"
    )


def _milliseconds(figures: dict[str, float]) -> str:
    return f"p50 {figures['p50']:.3f} ms, p99 {figures['p99']:.3f} ms"
