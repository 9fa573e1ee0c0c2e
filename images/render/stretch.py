"""Grays to values from 0 to 1, which a colormap then colours.

A stretch is a table of 256 values, so it costs nothing: it goes into the palette.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from images.arrays import Histogram, Traces
from web import numbers
from web.errors import InvalidParameter

STRETCHES = ("none", "minmax", "percentile", "equalize")
DEFAULT_PERCENTILES = (2.0, 98.0)
# Tables of two kilobytes.
CACHED = 256
# Of a picture whose tables are made at a time.
BLOCK_ROWS = 512

Values = np.ndarray[Any, np.dtype[np.float64]]
GRAYS = np.arange(256)


class Stretch(NamedTuple):
    """How grays become values: the table, (256,) float64 from 0 to 1, and the range of grays
    that the values 0 and 1 stand for."""

    table: Values
    low: float
    high: float


@lru_cache(CACHED)
def linear(low: float, high: float) -> Stretch:
    """From ``low`` to ``high``, clipped; all 0 when they are equal, as matplotlib does it.

    The table is not to be written to.
    """
    table = np.zeros(256)
    if low != high:
        with np.errstate(over="ignore"):  # where they are next to each other: clipped as well
            table = ((GRAYS - low) / (high - low)).clip(0, 1)
    table.setflags(write=False)
    return Stretch(table, low, high)


def stretch(
    kind: str, histogram: Histogram, percentiles: tuple[float, float] = DEFAULT_PERCENTILES
) -> Stretch:
    """The stretch of one of the STRETCHES but ``none``, for a (256,) int64 histogram."""
    table, low, high = _tables(kind, histogram[np.newaxis], percentiles)
    return Stretch(table[0], float(low[0]), float(high[0]))


def sliding(
    kind: str,
    block_depths: Values,
    traces: Traces,
    centres: Values,
    window: float,
    percentiles: tuple[float, float] = DEFAULT_PERCENTILES,
) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """For each of the ``centres``, the stretch of the traces within half a ``window`` of it.

    Parameters: ``block_depths`` is (n,) float64, ascending; ``traces`` is (n, width) uint8;
    ``centres`` is (m,) float64; ``window`` is in units of depth.
    Returns: (m, 256) uint8, the values from 0 to 1 as 0 to 255, rounded half to even; zeros where
    no trace is near.
    """
    rows = np.arange(len(traces))[:, np.newaxis] * 256
    counts = np.bincount((rows + traces).ravel(), minlength=len(traces) * 256).reshape(-1, 256)
    until = np.zeros((len(traces) + 1, 256), np.int32)
    np.cumsum(counts, axis=0, out=until[1:])
    first = np.searchsorted(block_depths, centres - window / 2, "left")
    last = np.searchsorted(block_depths, centres + window / 2, "right")
    tables = np.empty((len(centres), 256), np.uint8)
    for start in range(0, len(centres), BLOCK_ROWS):
        part = slice(start, start + BLOCK_ROWS)
        table, _, _ = _tables(kind, until[last[part]] - until[first[part]], percentiles)
        tables[part] = np.rint(table * 255)
    return tables


def _tables(
    kind: str, histograms: np.ndarray[Any, Any], percentiles: tuple[float, float]
) -> tuple[Values, Values, Values]:
    """Tables for (n, 256) histograms, with the low and high gray of each."""
    until = np.cumsum(histograms, axis=1)
    total = until[:, -1:]
    ends = (0.0, 100.0) if kind != "percentile" else percentiles
    low, high = (_rank(until, np.maximum(total * end / 100, 1)) for end in ends)
    if kind == "equalize":
        least = np.take_along_axis(until, low[:, np.newaxis], axis=1)
        span = np.maximum(total - least, 1)
        return ((until - least) / span).clip(0, 1), low, high
    span = np.maximum(high - low, 1)[:, np.newaxis]
    values = ((GRAYS - low[:, np.newaxis]) / span).clip(0, 1)
    return np.where((high > low)[:, np.newaxis], values, 0.0), low, high


def _rank(until: np.ndarray[Any, Any], rank: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The smallest gray in each row of cumulative counts that reaches the rank; 0 without any."""
    return np.argmax(until >= rank, axis=1)


def check_percentiles(text: str) -> tuple[float, float]:
    """``lo,hi`` with 0 <= lo < hi <= 100. Raises InvalidParameter."""
    try:
        low, high = (numbers.decimal(part) for part in text.split(","))
    except ValueError:
        low = high = float("nan")
    if not 0 <= low < high <= 100:
        reason = "two numbers lo,hi with 0 <= lo < hi <= 100 are needed"
        raise InvalidParameter("percentile", text, reason)
    return low, high
