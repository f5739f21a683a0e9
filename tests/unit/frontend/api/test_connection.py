"""Where the answers come from: an address, or this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from frontend.api.connection import connect
from frontend.api.errors import BundleUnusableError, InvalidApplicationError
from frontend.applications.form import read_form
from frontend.applications.samples import BORDERLINE, INCOMPLETE, REFUSED, TYPICAL, make_samples
from frontend.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


def test_an_address_is_asked_over_the_network() -> None:
    """With an address nothing is started in process, and the page can say so."""
    connection = connect(Settings(api_url="https://api.example"))

    assert connection.address == "https://api.example"


def test_an_unusable_bundle_is_told_at_once(tmp_path: Path) -> None:
    """Without address and bundle, the error names the missing file."""
    with pytest.raises(BundleUnusableError, match=r"contract\.json"):
        connect(Settings(bundle_dir=tmp_path))


def test_the_delivered_model_scores_every_sample_in_process() -> None:
    """The same client speaks to the same application, without a network: each sample gets a decision."""
    connection = connect(Settings())
    contract = connection.client.contract()

    samples = make_samples(contract, read_form(contract), connection.client)
    answers = {sample.key: connection.client.score(sample.application) for sample in samples}

    assert connection.address == ""
    assert {answer.threshold for answer in answers.values()} == {contract["decision"]["threshold"]}
    assert answers[REFUSED].refused
    assert not answers[TYPICAL].refused
    assert answers[BORDERLINE].review
    assert answers[INCOMPLETE].review


def test_problems_arrive_in_process_too() -> None:
    """An empty application is answered with every required field, as over the network."""
    connection = connect(Settings())
    required = {item["name"] for item in connection.client.contract()["inputs"] if item["required"]}

    with pytest.raises(InvalidApplicationError) as caught:
        connection.client.score({})

    assert required == {problem.field for problem in caught.value.problems}
