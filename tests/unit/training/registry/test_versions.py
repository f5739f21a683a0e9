"""The registry: aliases, their history, and versions that can be served."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import mlflow
import pandas as pd
import pytest

from scoring.bundle import Bundle
from scoring.contract import MODEL_FILE
from training.__main__ import main
from training.bundle.export import MODEL_NAME
from training.bundle.golden import example_of
from training.errors import RegistryError
from training.registry import aliases, runs, store, versions

if TYPE_CHECKING:
    from pathlib import Path

    from mlflow.tracking import MlflowClient


def test_register_bundle_numbers_versions_and_stages_the_last(client: MlflowClient) -> None:
    """Each run gives a version; ``staging`` names the newest."""
    assert aliases.version_of(client, aliases.STAGING) == "2"
    assert aliases.version_of(client, aliases.PRODUCTION) is None


def test_promote_moves_production_and_says_what_was_there(
    client: MlflowClient, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command promotes a given version and names the one before."""
    assert main(["promote", "--version", "1", "--reason", "first"]) == 0
    assert main(["promote", "--reason", "second"]) == 0

    assert "version 2 is in production (before: 1)" in capsys.readouterr().out
    assert aliases.version_of(client, aliases.PRODUCTION) == "2"


def test_rollback_goes_back_one_promotion(client: MlflowClient) -> None:
    """After two promotions a rollback serves the first again."""
    main(["promote", "--version", "1"])
    main(["promote", "--version", "2"])

    assert main(["rollback", "--reason", "costs rose"]) == 0
    assert aliases.version_of(client, aliases.PRODUCTION) == "1"


def test_rollback_keeps_who_when_and_why(client: MlflowClient) -> None:
    """Aliases have no history, so each move is kept with its reason."""
    main(["promote", "--version", "1", "--reason", "first"])
    main(["promote", "--version", "2", "--reason", "second"])
    main(["rollback", "--reason", "costs rose"])
    moves = [(one.action, one.version, one.previous, one.reason) for one in aliases.alias_history(client)[2:]]

    assert moves == [
        ("promote", "1", None, "first"),
        ("promote", "2", "1", "second"),
        ("rollback", "1", "2", "costs rose"),
    ]


def test_rollback_without_an_earlier_version_changes_nothing(
    client: MlflowClient, capsys: pytest.CaptureFixture[str]
) -> None:
    """One promotion cannot be rolled back: one line, status 2, the alias stays."""
    main(["promote", "--version", "1"])

    assert main(["rollback", "--reason", "no"]) == 2
    assert "TRN303: production has no earlier version to go back to" in capsys.readouterr().err
    assert aliases.version_of(client, aliases.PRODUCTION) == "1"


def test_rollback_twice_does_not_go_forward_again(client: MlflowClient) -> None:
    """A second rollback looks for what was before the first promotion, not for what was rolled back."""
    main(["promote", "--version", "1"])
    main(["promote", "--version", "2"])
    main(["rollback", "--reason", "one"])

    assert main(["rollback", "--reason", "two"]) == 2
    assert aliases.version_of(client, aliases.PRODUCTION) == "1"


@pytest.mark.parametrize(
    ("promoted", "expected"),
    [(["1", "2", "2"], "1"), (["1", "2", "1"], "2")],
    ids=["promoted twice", "promoted again"],
)
def test_rollback_never_goes_back_to_what_is_served(client: MlflowClient, promoted: list[str], expected: str) -> None:
    """A version that is promoted once more is not its own predecessor."""
    for version in promoted:
        main(["promote", "--version", version])

    assert main(["rollback", "--reason", "costs rose"]) == 0
    assert aliases.version_of(client, aliases.PRODUCTION) == expected


def test_rollback_goes_back_to_where_the_alias_really_was(client: MlflowClient) -> None:
    """A move made in the MLflow UI is what the next rollback finds."""
    main(["promote", "--version", "1"])
    client.set_registered_model_alias(MODEL_NAME, aliases.PRODUCTION, "2")
    main(["promote", "--version", "1"])

    assert main(["rollback", "--reason", "costs rose"]) == 0
    assert aliases.version_of(client, aliases.PRODUCTION) == "2"


def test_promote_of_an_empty_registry_says_to_train(
    empty_store: MlflowClient, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing staged: the message names the command to run."""
    del empty_store

    assert main(["promote"]) == 2
    assert "TRN302: no version of pret-a-depenser-scoring is in staging; run" in capsys.readouterr().err


def test_promote_of_an_unknown_version_says_so(client: MlflowClient, capsys: pytest.CaptureFixture[str]) -> None:
    """A version that was never registered is refused before anything moves."""
    assert main(["promote", "--version", "99"]) == 2
    assert "TRN306: pret-a-depenser-scoring has no version 99" in capsys.readouterr().err
    assert aliases.version_of(client, aliases.PRODUCTION) is None


def test_export_writes_the_promoted_bundle(client: MlflowClient, bundle_dir: Path, tmp_path: Path) -> None:
    """The exported bundle is the registered one, stamped with version and alias."""
    del client
    main(["promote", "--version", "1"])

    assert main(["export", "--out", str(tmp_path / "served")]) == 0
    contract = Bundle.open(tmp_path / "served").contract
    assert (contract.identity.registry_version, contract.identity.registry_alias) == ("1", "production")
    assert contract.files == Bundle.open(bundle_dir).contract.files


def test_export_before_any_promotion_says_to_promote(client: MlflowClient, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing in production: nothing is written, and the message names the command."""
    del client

    assert main(["export"]) == 2
    assert "TRN302: no version of pret-a-depenser-scoring is in production" in capsys.readouterr().err


def test_promote_refuses_a_version_whose_artefacts_are_broken(
    client: MlflowClient, bundle_dir: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A registered bundle that no longer matches its seals is not promoted."""
    broken = shutil.copytree(bundle_dir, tmp_path / "broken")
    (broken / MODEL_FILE).write_bytes(b"damaged")
    monkeypatch.setattr(versions, "bundle_of", lambda *_: broken)

    with pytest.raises(RegistryError, match=r"TRN305: version 1 is not sound"):
        versions.sound_bundle_of(client, "1")


def test_promote_refuses_a_version_whose_artefacts_are_gone(
    client: MlflowClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A version without artefacts is named, with what to do."""
    monkeypatch.setattr(versions, "_resolved", lambda _: (tmp_path / "nowhere").as_uri())

    with pytest.raises(RegistryError, match=r"TRN304: the artefacts of version 1 are gone; train again"):
        versions.bundle_of(client, "1")


def test_open_store_that_does_not_answer_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A store that cannot be opened is one line with its address."""
    (tmp_path / "mlflow.db").write_text("this is no database " * 100, encoding="utf-8")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'mlflow.db'}")

    with pytest.raises(RegistryError, match=r"TRN301: the store sqlite:.* did not answer"):
        store.open_store()


def test_registered_model_answers_with_the_business_class(
    client: MlflowClient, golden: list[dict[str, object]]
) -> None:
    """MLflow's own loader gives the trainer's probability and the class at the business threshold, not at 0.5."""
    del client
    model = mlflow.pyfunc.load_model(f"models:/{MODEL_NAME}@staging")
    frame = pd.DataFrame([one["application"] for one in golden])
    answers = model.predict(frame.astype({name: "float64" for name in frame if frame[name].dtype != object}))

    assert answers["classe"].tolist() == [one["decision"] for one in golden]
    assert answers["probabilite_de_defaut"].tolist() == pytest.approx(
        [one["default_probability"] for one in golden], abs=1e-12
    )


@pytest.mark.parametrize("texts", ["given", "absent"])
def test_a_version_carries_an_input_example_that_it_answers(
    empty_store: MlflowClient, bundle: Bundle, texts: str
) -> None:
    """The registry's page shows an application to try, and the version gives it probability and business class."""
    left_out = {item.name for item in bundle.contract.inputs if item.kind == "category" and not item.required}
    given = example_of(bundle)
    application = {name: value for name, value in given.items() if texts == "given" or name not in left_out}
    assert left_out
    with runs.tracked_run({"effort": "test"}, {"files": []}):
        runs.register_bundle(empty_store, bundle, application)
    loaded = mlflow.pyfunc.load_model(f"models:/{MODEL_NAME}/1")
    (answer,) = loaded.predict(loaded.input_example).to_dict(orient="records")

    assert set(loaded.input_example.columns) == {item.name for item in bundle.contract.inputs}
    assert answer["classe"] in {"accepte", "refuse"}
    assert 0 < answer["probabilite_de_defaut"] < 1
