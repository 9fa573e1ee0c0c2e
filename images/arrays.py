"""The array types of the domain, their names, and how they are stored."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

# (n,) in the unit of the log, ascending wherever they are stored.
Depths = np.ndarray[Any, np.dtype[np.float64]]
# (n, source width): the readings of the rows of a file.
Pixels = np.ndarray[Any, np.dtype[Any]]
# (n, width): the rows as they are stored, uint8 grays or float32 values where NaN is a null.
Traces = np.ndarray[Any, np.dtype[Any]]
# (256,): how many pixels there are of each gray.
Histogram = np.ndarray[Any, np.dtype[np.int64]]
# (n,): values of a log, in its unit.
Values = np.ndarray[Any, np.dtype[np.float32]]

# How a depth lies in a chunk of a file, and a pixel of each kind of log.
DEPTH_TYPE = np.dtype("<f8")
PIXEL_TYPES: dict[str, np.dtype] = {"uint8": np.dtype(np.uint8), "float32": np.dtype("<f4")}


class Block(NamedTuple):
    """Consecutive traces: (n,) float64 depths, ascending, and (n, width) traces, which are uint8
    grays or float32 values where NaN is a null."""

    depths: Depths
    traces: Traces


@dataclass(frozen=True, slots=True, eq=False)
class ValueSummary:
    """How many values there are, nulls apart, and what they are like; ``quantiles`` is (1001,)
    float32, ascending. What there is no value for is NaN."""

    count: int
    nulls: int
    minimum: float
    maximum: float
    mean: float
    standard_deviation: float
    quantiles: Values
