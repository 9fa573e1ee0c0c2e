"""The array types of the domain, and their names."""

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


class Block(NamedTuple):
    """Consecutive traces: (n,) float64 depths, ascending, and (n, width) traces, which are uint8
    grays or float32 values where NaN is a null."""

    depths: Depths
    traces: Traces
