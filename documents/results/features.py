"""What the results page says of the feature table at scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from documents.results.wording import table

if TYPE_CHECKING:
    from collections.abc import Mapping


def features_section(figures: Mapping[str, Any]) -> str:
    """Return the section; nothing where it was not measured."""
    if not figures:
        return ""
    full, pandas, score = figures["full_size"], figures["pandas_at_1x"], figures["score"]
    rows = [
        [name, f"{figures['applications_by_size'][name]:,}", f"{seconds:.1f} s", f"{peak / 1024:.1f} GiB"]
        for (name, seconds), peak in zip(
            figures["seconds_by_size"].items(), figures["peak_memory_mib_by_size"].values(), strict=True
        )
    ]
    sizes = table(["size", "applications", "load, check and build", "peak memory"], rows)
    return f"""## Features at scale

The feature table of a sample population in the size of the real data ({full["raw_rows"]:,} raw rows;
{full["columns"]} columns): {full["load_seconds"]:.1f} s to load and check, {full["build_seconds"]:.1f} s to build.
Three sizes, each a process of its own:

{sizes}

Four times the applications cost {4 * figures["cost_of_4x_over_4_times_1x"]:.1f} times the smallest size. The same
aggregations in pandas, at the smallest size ({pandas["applications"]:,} applications): {pandas["seconds"]:.1f} s and
{pandas["peak_memory_mib"] / 1024:.1f} GiB; that is {figures["times_faster_than_pandas"]:.1f} times the time of the SQL
with all its checks. `python -m training score` on the full size, features included:
{score["applications_per_second"]:,.0f} applications a second, peak memory {score["peak_memory_mib"] / 1024:.1f} GiB."""
