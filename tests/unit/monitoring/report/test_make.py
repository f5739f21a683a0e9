"""One report from two windows: the three files, and what they say of each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import monitoring
from monitoring.checks.catalogue import CHECKS
from monitoring.errors import MonitoringError
from monitoring.report.files import HTML_FILE, JSON_FILE, REPORT_FILES, SUMMARY_FILE
from monitoring.report.make import make_report
from monitoring.windows.bundle import opened_bundle
from tests.unit.monitoring.builders import draw_window, write_bundle

if TYPE_CHECKING:
    from monitoring.report.result import DriftReport
    from tests.unit.monitoring.conftest import Bench

MEGABYTE = 2**20


@pytest.fixture(scope="module")
def made(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> tuple[DriftReport, Path]:
    """Return a report over a window with amounts in cents and a category without values, and its folder."""
    columns = draw_window(4_000, seed=2)
    columns["AMT_CREDIT"] *= 100
    columns["NAME_INCOME_TYPE"] = np.full(4_000, None, object)
    out = tmp_path_factory.mktemp("made") / "report"
    return make_report(bench.bundle, bench.reference, bench.write(columns, "reported"), out), out


@pytest.fixture(scope="module")
def content(made: tuple[DriftReport, Path]) -> dict[str, Any]:
    """Return what report.json holds."""
    _, out = made
    parsed: dict[str, Any] = json.loads((out / JSON_FILE).read_bytes())
    return parsed


def test_the_three_files_are_there(made: tuple[DriftReport, Path]) -> None:
    """Nothing more and nothing less, and the page is small enough to open."""
    _, out = made

    assert {path.name for path in out.iterdir()} == REPORT_FILES
    assert MEGABYTE < (out / HTML_FILE).stat().st_size < 8 * MEGABYTE


def test_the_json_holds_everything(content: dict[str, Any], bench: Bench) -> None:
    """Each check, each input, both windows and the configuration are in it, under the keys that readers know."""
    assert [check.code for check in CHECKS] == [check["code"] for check in content["checks"]]
    assert [item.name for item in bench.contract.inputs] == [item["name"] for item in content["drift"]["inputs"]]
    assert content["level"] == "alert"
    assert set(content["drift"]["answers"]) >= {"reference", "current", "psi", "cost_rise", "auc_fall"}
    assert content["config"]["psi"] == {"watch": 0.1, "alert": 0.25}
    assert "discriminator" in content["config"]
    assert {"quiet_limit", "worst"} <= set(content["checks"][0])


def test_evidently_gives_the_verdict_of_the_report(made: tuple[DriftReport, Path], content: dict[str, Any]) -> None:
    """Same columns, values and verdicts; a column without values is named, not hidden."""
    shown = content["evidently"]
    raised = {
        finding["subject"] for check in content["checks"] if check["code"] == "MON001" for finding in check["findings"]
    }

    assert {"probabilite_de_defaut", "classe"} <= set(shown["columns"])
    assert shown["without_values"] == ["NAME_INCOME_TYPE"]
    assert shown["rows"] == [5_000, 4_000]
    assert set(shown["drifted"]) - {"probabilite_de_defaut", "classe"} == raised - {"NAME_INCOME_TYPE"}
    psi = {item["name"]: item["psi"] for item in content["drift"]["inputs"]}
    assert {name: shown["drift"][name] for name in ("AMT_CREDIT", "EXT_SOURCE_2")} == pytest.approx(
        {name: psi[name] for name in ("AMT_CREDIT", "EXT_SOURCE_2")}
    )


def test_the_page_bears_the_words_of_the_summary(made: tuple[DriftReport, Path]) -> None:
    """Title, model, conclusion and the way back stand above Evidently's own page."""
    _, out = made
    page, text = (out / HTML_FILE).read_text(encoding="utf-8"), (out / SUMMARY_FILE).read_text(encoding="utf-8")
    told = text.partition("**Conclusion : ")[2].partition("**")[0]

    assert told in page
    assert text.splitlines()[0].removeprefix("# ") in page.partition("</title>")[0]
    assert f'href="{SUMMARY_FILE}"' in page


def test_a_quiet_report_is_quiet_on_every_page(bench: Bench, tmp_path: Path) -> None:
    """What chance explains is no drift in Evidently's words either."""
    out = tmp_path / "report"
    report = make_report(bench.bundle, bench.reference, bench.write(draw_window(4_000, seed=2), "quiet"), out)

    assert report.evidently is not None
    assert report.evidently.drifted == ()
    assert "Dataset Drift is NOT detected" in (out / HTML_FILE).read_text(encoding="utf-8")


def test_the_summary_fits_a_page_and_tells_what_to_do(made: tuple[DriftReport, Path]) -> None:
    """The four questions are answered in French, with the code of every check."""
    _, out = made
    text = (out / SUMMARY_FILE).read_text(encoding="utf-8")

    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## Ce qui a bougé",
        "## Est-ce grave",
        "## Que faire",
        "## Contrôles",
    ]
    assert "Vérifier le flux de données" in text
    assert all(check.code in text for check in CHECKS)
    assert "nan" not in text.lower().replace("financ", "")
    assert len(text.splitlines()) < 80


def test_evidently_is_told_not_to_track() -> None:
    """Telemetry is off before the import, and only one module imports Evidently."""
    room = Path(monitoring.__file__).parent
    importing = [path.name for path in room.rglob("*.py") if "from evidently" in path.read_text(encoding="utf-8")]
    source = (room / "report" / "evidently.py").read_text(encoding="utf-8")

    assert importing == ["evidently.py"]
    assert source.index('os.environ["DO_NOT_TRACK"] = "1"') < source.index("from evidently")


def test_a_failed_run_writes_nothing(bench: Bench, tmp_path: Path) -> None:
    """A window without a needed column leaves no folder behind."""
    columns = draw_window(100, seed=3)
    del columns["FLAG_PHONE"]

    with pytest.raises(MonitoringError, match="MON904"):
        make_report(bench.bundle, bench.reference, bench.write(columns, "lacking", scored=False), tmp_path / "report")

    assert not list(tmp_path.iterdir())


def test_a_broken_bundle_is_refused(bench: Bench, tmp_path: Path) -> None:
    """A changed file, and a contract without the reference of an input, both name the bundle."""
    bundle = write_bundle(tmp_path / "bundle", bench.contract)
    (bundle / "model.onnx").write_bytes(b"another model")
    reference = bench.contract.reference
    short = reference.model_copy(update={"inputs": {"AMT_CREDIT": reference.inputs["AMT_CREDIT"]}})
    lacking = write_bundle(tmp_path / "lacking", bench.contract.model_copy(update={"reference": short}))

    with pytest.raises(MonitoringError, match=r"MON901.*SCR203"):
        opened_bundle(bundle)
    with pytest.raises(MonitoringError, match=r"MON901.*EXT_SOURCE_2"):
        opened_bundle(lacking)
