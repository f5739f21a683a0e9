"""The sample to learn from: of stated size, in proportion, and the same whatever the cluster."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.errors import DataError
from training.spark.sampling import cut_of, sample_sizes

COUNTS = st.dictionaries(st.text("0123456789abcdef", min_size=3, max_size=3), st.integers(1, 50), min_size=1)


@given(st.integers(1, 10_000), st.integers(1, 10_000), st.data())
def test_sizes_add_up_and_keep_the_proportions(repaid: int, default: int, data: st.DataObject) -> None:
    """Exactly as many as were asked for, and no stratum is off by an application or more."""
    asked = data.draw(st.integers(1, repaid + default))
    sizes = sample_sizes({("train", 0): repaid, ("train", 1): default, ("test", None): 100}, asked)

    assert sizes["train", 0] + sizes["train", 1] == asked
    assert abs(sizes["train", 1] - asked * default / (repaid + default)) < 1


@given(COUNTS, st.data())
def test_cut_takes_as_many_as_asked(counts: dict[str, int], data: st.DataObject) -> None:
    """All below the prefix and the rest of it make up the sample, to the one."""
    size = data.draw(st.integers(1, sum(counts.values())))
    cut = cut_of(counts, size)

    assert sum(count for prefix, count in counts.items() if prefix < cut.prefix) + cut.rest == size
    assert 1 <= cut.rest <= counts[cut.prefix]


def test_more_than_there_are_is_refused() -> None:
    """A sample is never padded, nor silently smaller."""
    with pytest.raises(DataError, match=r"TRN128: --sample asks for 11 of 10 training applications"):
        sample_sizes({("train", 0): 8, ("train", 1): 2}, 11)
