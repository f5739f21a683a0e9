"""The fitted profile: everything the generator knows of the real data, in one small file."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from training.errors import DataError
from training.files import written_file
from training.population.drawing.packing import (
    packed_chain,
    packed_followers,
    packed_tariffs,
    packed_trees,
    unpacked_chain,
    unpacked_followers,
    unpacked_tariffs,
    unpacked_trees,
)
from training.population.drawing.risk import RiskModel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from training.population.drawing.applications import Follower
    from training.population.drawing.chain import Chain
    from training.population.drawing.tariffs import Tariffs

PROFILE_PATH = Path(__file__).with_name("profile.npz")
# Fixed, so that the same fit gives the same file byte for byte.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Profile:
    """What the generator draws from.

    Parameters
    ----------
    schemas
        Per table, its columns and their types in the order of the data set.
    application, counts, bureau, gap, request, previous, card, card_month, payment
        Chains of applications, numbers of records, loans elsewhere, days between requests, their stories, the rest of
        previous applications, cards, their months and the delay of payments.
    risk
        True risk of default given the application.
    followers
        How building measures follow one another.
    tariffs
        The price list of cash loans.
    categories
        Labels of categories of previous applications that are not drawn but follow from others.
    """

    schemas: dict[str, tuple[tuple[str, str], ...]]
    application: Chain
    counts: Chain
    bureau: Chain
    gap: Chain
    request: Chain
    previous: Chain
    card: Chain
    card_month: Chain
    payment: Chain
    risk: RiskModel
    followers: tuple[Follower, ...]
    tariffs: Tariffs
    categories: dict[str, tuple[str, ...]]

    def labels(self, name: str) -> tuple[str, ...]:
        """Return the labels of a category of previous applications, in the order of their numbers."""
        return self.previous_labels[name]

    @cached_property
    def previous_labels(self) -> dict[str, tuple[str, ...]]:
        """Return the labels of every category of previous applications, drawn or derived."""
        chains = (self.request, self.previous)
        return self.categories | {m.name: m.labels for chain in chains for m in chain.marginals if m.labels}

    def application_labels(self, name: str) -> tuple[str, ...]:
        """Return the labels of a category of the application."""
        return next(m.labels for m in self.application.marginals if m.name == name)


_CHAINS = ("application", "counts", "bureau", "gap", "request", "previous", "card", "card_month", "payment")


def save_profile(profile: Profile, path: Path) -> None:
    """Write the profile as a NumPy archive, compressed harder than NumPy does itself."""
    arrays: dict[str, NDArray[Any]] = {}
    for name in _CHAINS:
        arrays |= packed_chain(getattr(profile, name))
    arrays |= _packed_risk(profile.risk) | packed_followers(profile.followers) | packed_tariffs(profile.tariffs)
    arrays["categories"] = np.frombuffer(json.dumps(profile.categories).encode(), dtype=np.uint8)
    arrays["schemas"] = np.frombuffer(json.dumps(profile.schemas).encode(), dtype=np.uint8)
    with written_file(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_LZMA) as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy", _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_LZMA
            with archive.open(entry, "w") as member:
                np.lib.format.write_array(member, np.ascontiguousarray(array), allow_pickle=False)


@cache
def load_profile(path: Path = PROFILE_PATH) -> Profile:
    """Read a profile.

    Raises
    ------
    DataError
        TRN150 when the file is absent or is not a profile.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            return _unpacked({name: archive[name] for name in archive.files})
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        message = f"{path} is not a population profile ({error}); make it with python -m training.population.fitting"
        raise DataError("TRN150", message) from error


def _unpacked(arrays: Mapping[str, NDArray[Any]]) -> Profile:
    schemas = json.loads(arrays["schemas"].tobytes())
    return Profile(
        {table: tuple((name, kind) for name, kind in columns) for table, columns in schemas.items()},
        application=unpacked_chain("application", arrays),
        counts=unpacked_chain("counts", arrays),
        bureau=unpacked_chain("bureau", arrays),
        gap=unpacked_chain("gap", arrays),
        request=unpacked_chain("request", arrays),
        previous=unpacked_chain("previous", arrays),
        card=unpacked_chain("card", arrays),
        card_month=unpacked_chain("card_month", arrays),
        payment=unpacked_chain("payment", arrays),
        risk=_unpacked_risk(arrays),
        followers=unpacked_followers(arrays),
        tariffs=unpacked_tariffs(arrays),
        categories={name: tuple(labels) for name, labels in json.loads(arrays["categories"].tobytes()).items()},
    )


def _packed_risk(risk: RiskModel) -> dict[str, NDArray[Any]]:
    """Return the arrays that hold the risk model, by name."""
    header = {
        "predictors": risk.predictors,
        "n_nodes": [len(tree.leaf) for tree in risk.trees],
        "n_leaves": [len(effects) for effects in risk.effects],
        "scale": [round(x, 6) for x in (risk.mean, risk.spread, risk.intercept, risk.slope)],
    }
    arrays = packed_trees(risk.trees) | {
        "effects": np.concatenate(risk.effects),
        "header": np.frombuffer(json.dumps(header).encode(), dtype=np.uint8),
    }
    return {f"risk/{name}": array for name, array in arrays.items()}


def _unpacked_risk(arrays: Mapping[str, NDArray[Any]]) -> RiskModel:
    own = {name.removeprefix("risk/"): array for name, array in arrays.items() if name.startswith("risk/")}
    header = json.loads(own["header"].tobytes())
    effects = np.split(own["effects"], np.cumsum(header["n_leaves"])[:-1])
    trees = unpacked_trees(own, header["n_nodes"])
    return RiskModel(tuple(header["predictors"]), trees, effects, *header["scale"])
