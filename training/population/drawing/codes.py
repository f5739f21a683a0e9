"""What drawn tables are made of: columns as codes of levels, and columns as values."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

type Codes = NDArray[np.uint16]
type Values = dict[str, NDArray[np.float64]]
