"""The section of ``docs/results.md`` on raw dossiers: the features' gate, time, memory and cold start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from documents.results.wording import kept, say_counts, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.contract import Contract, DossierParity

type Figures = Mapping[str, Any]

# What the route promises: milliseconds at the median and at the 99th percentile of real sizes,
# times faster than pandas, the cold start in times of its libraries, and memory that does not grow.
MOST_MS: Final = {"p50": 15.0, "p99": 50.0}
LEAST_TIMES_PANDAS: Final = 15.0
MOST_TIMES_LIBRARIES: Final = 1.6
MOST_GROWTH_MIB: Final = 1.0


def dossier_section(measures: Mapping[str, Figures], contract: Contract) -> str:
    """Return the section; empty where no gate and no measure tells of dossiers."""
    gate = contract.parity.dossiers
    told = [
        _gate(gate) if gate else "",
        _time(measures.get("dossier", {})),
        _promises(measures),
    ]
    found = [one for one in told if one]
    return "\n\n".join(["## Raw dossiers", *found]) if found else ""


def _gate(gate: DossierParity) -> str:
    return (
        f"Features computed from each applicant's dossier, as the function does, against those of the batch: "
        f"{gate.n_applicants:,} applicants with all their histories ({say_counts(gate.data_sets)}), "
        f"{gate.n_inputs} inputs each, {gate.differing_inputs} that differ in a bit. The export stops where one does."
    )


def _time(figures: Figures) -> str:
    if not figures:
        return ""
    names = {
        "handler": "the whole request through Mangum, reasons included",
        "engine": "of it, the features of the model",
        "engine_all": "every feature there is, in the same engine",
        "pandas": "every feature there is, in pandas",
    }
    rows = [[label, *(f"{figures[f'{name}_ms'][rank]:.1f} ms" for rank in MOST_MS)] for name, label in names.items()]
    records = figures["records"]
    said = (
        f"{figures['dossiers']} real dossiers, spread evenly by size (median {records['p50']:.0f} records, 99th "
        f"percentile {records['p99']:.0f}), each asked by all in turns, one thread:"
    )
    return f"{said}\n\n{table(['', *MOST_MS], rows)}"


def _promises(measures: Mapping[str, Figures]) -> str:
    parts = {"dossier": _of_requests, "dossier_cold_start": _of_the_start, "dossier_memory": _of_memory}
    rows = [row for name, told in parts.items() if name in measures for row in told(measures[name])]
    return table(["", "measured", "aim", ""], rows) if rows else ""


def _of_requests(figures: Figures) -> list[list[str]]:
    taken, times = figures["handler_ms"], figures["times_faster_than_pandas"]
    return [
        *(
            [f"request, {rank}", f"{taken[rank]:.1f} ms", f"≤ {most:g} ms", kept(taken[rank] <= most)]
            for rank, most in MOST_MS.items()
        ),
        ["faster than pandas", f"{times:.0f}×", f"≥ {LEAST_TIMES_PANDAS:g}×", kept(times >= LEAST_TIMES_PANDAS)],
    ]


def _of_the_start(figures: Figures) -> list[list[str]]:
    ratio = figures["ratio_to_libraries_alone"]
    told = f"{figures['first_answer_ms']['p50']:.0f} ms, {ratio:.2f}×"
    aim = f"≤ {MOST_TIMES_LIBRARIES:g}×"
    return [["cold start, and of importing its libraries", told, aim, kept(ratio <= MOST_TIMES_LIBRARIES)]]


def _of_memory(figures: Figures) -> list[list[str]]:
    resident, grown = figures["resident_mib"], figures["growth_in_the_second_half_mib"]
    told = f"{resident['warm']:.1f} → {resident['end']:.1f} MiB, {grown:+.1f} in the second half"
    name, aim = f"memory over {figures['requests']:,} requests", f"≤ {MOST_GROWTH_MIB:g} MiB"
    return [[name, told, aim, kept(grown <= MOST_GROWTH_MIB)]]
