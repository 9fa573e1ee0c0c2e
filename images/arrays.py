"""The array types of image logs, and the dtypes in which they are stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

# (n,), in the depth unit of the log; ascending in all stored logs.
Depths = np.ndarray[Any, np.dtype[np.float64]]
# (n, source width): the rows of a file before they are resized.
Pixels = np.ndarray[Any, np.dtype[Any]]
# (n, width): uint8 grays, or float32 values where NaN is null.
Traces = np.ndarray[Any, np.dtype[Any]]
# (256,): the number of pixels of each gray.
Histogram = np.ndarray[Any, np.dtype[np.int64]]
# Of any shape: values in the unit of the log; NaN is null.
Values = np.ndarray[Any, np.dtype[np.float32]]
# Of any shape: numbers that are not stored, such as the places of values on a scale of colours.
Floats = np.ndarray[Any, np.dtype[np.float64]]

# Stored depths, and stored pixels by ``ImageLog.values``.
DEPTH_TYPE = np.dtype("<f8")
PIXEL_TYPES: dict[str, np.dtype] = {"uint8": np.dtype(np.uint8), "float32": np.dtype("<f4")}


class Block(NamedTuple):
    """Consecutive traces: (n,) ascending float64 depths, and (n, width) traces.

    The traces are uint8 grays, or float32 values where NaN is null.
    """

    depths: Depths
    traces: Traces


def joined(blocks: Sequence[Block]) -> Block:
    """Return the traces of one or more blocks, in their order. A single one is not copied."""
    if len(blocks) == 1:
        return blocks[0]
    return Block(*(np.concatenate(arrays) for arrays in zip(*blocks, strict=True)))


@dataclass(frozen=True, slots=True, eq=False)
class ValueSummary:
    """Statistics of float32 values: ``count`` is without nulls.

    ``quantiles`` is (1001,) float32, ascending: the quantiles at each tenth of a percent. If there
    are no values but nulls, all statistics are NaN.
    """

    count: int
    nulls: int
    minimum: float
    maximum: float
    mean: float
    standard_deviation: float
    quantiles: Values
