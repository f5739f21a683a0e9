"""What docs/api.md says is what the committed bundle answers: samples, fields, settings, codes and examples."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from delivery.paths import BUNDLE, ROOT
from documents.reference.api import PAGE, regions
from documents.results.readme import REQUEST
from scoring.dossier.app import open_dossier_app
from scoring.settings import Settings
from tests.builders.local_api import served_api

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXT = PAGE.read_text(encoding="utf-8")


def written(name: str) -> str:
    """Return what stands in a region of the page."""
    found = re.search(rf"<!-- {name}:[^>]*-->\n(.*?)\n<!-- /{name} -->", TEXT, re.DOTALL)
    return found[1] if found else ""


@pytest.fixture(scope="module")
def computed() -> dict[str, str]:
    """Return the regions as they would be written now."""
    return regions(BUNDLE)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Serve the committed bundle on the loopback as `make api` does, beside the sample application."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "demande.json").write_text(written("demande").removeprefix("```json\n").removesuffix("\n```"))
    with served_api(folder / "server.log") as address:
        yield address, folder


def code_block(language: str) -> str:
    """Return the one block of a language."""
    (block,) = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    return block


@pytest.mark.parametrize(
    "name", ["dossier", "historiques", "demande", "score", "lot", "leviers", "probleme", "modele", "champs", "reglages"]
)
def test_page_shows_what_is_answered(computed: dict[str, str], name: str) -> None:
    """Each sample, sent again, gets the reply that is shown; `make golden` writes them."""
    assert computed[name] == written(name)


def test_every_route_is_described() -> None:
    """No address is served without being on the page, and none is on it that is not served."""
    served = set(open_dossier_app(Settings(bundle_dir=BUNDLE)).openapi()["paths"])

    assert served == set(re.findall(r"^\| `(?:GET|POST) (\S+)` \|", TEXT, re.MULTILINE))


def test_every_code_of_a_request_is_in_the_catalogue() -> None:
    """The page lists each code a client may meet."""
    codes = re.findall(r"^\| `(SCR[145]\d\d)`", (ROOT / "docs/errors.md").read_text("utf-8"), re.MULTILINE)

    assert [code for code in codes if code != "SCR100" and code not in TEXT] == []


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not on this machine")
def test_request_of_the_readme_gets_its_reply(served: tuple[str, Path], tmp_path: Path) -> None:
    """The README's dossier in a file and its command, but for the port, get the answer shown below them."""
    address, _ = served
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    dossier, reply = re.findall(r"```json\n(.*?)```", readme, re.DOTALL)
    (tmp_path / "dossier.json").write_text(dossier, encoding="utf-8")
    command = REQUEST.replace("localhost:8000", address)
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True)
    answer, shown = json.loads(done.stdout), json.loads(reply)

    assert f"```console\n{REQUEST}\n```" in readme
    assert answer["probabilite_de_defaut"] == pytest.approx(shown["probabilite_de_defaut"], abs=1e-9)
    assert answer["explications_locales"][0]["texte"] == shown["explications_locales"][0]["texte"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not on this machine")
def test_curl_example_runs(served: tuple[str, Path]) -> None:
    """The command, copied as it stands, gets three reasons at most."""
    address, folder = served
    done = subprocess.run(
        ["bash", "-c", code_block("bash")],
        cwd=folder,
        env=os.environ | {"API": address, "CLE": "any", "no_proxy": "*"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert 1 <= len(json.loads(done.stdout)["explications_locales"]) <= 3


def test_python_example_runs(served: tuple[str, Path]) -> None:
    """The program, copied as it stands, prints the decision and what would change it."""
    address, folder = served
    done = subprocess.run(
        [sys.executable, "-c", code_block("python")],
        cwd=folder,
        env=os.environ | {"API": address, "CLE": "any", "no_proxy": "*"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.startswith("refuse Avec l'une de ces offres")
    assert done.stdout.count("\n- ") == len(json.loads(written("leviers")[8:-4])["propositions"])
