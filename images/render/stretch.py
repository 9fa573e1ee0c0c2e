"""Grays to values from 0 to 1, which a colormap then colours.

A stretch is a table of 256 values, so it costs nothing: it goes into the palette.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from images.arrays import Block, Histogram, Traces
from images.store.statistics import histogram
from web import numbers
from web.errors import InvalidParameter

STRETCHES = ("none", "minmax", "percentile", "equalize")
DEFAULT_PERCENTILES = (2.0, 98.0)
# Tables of two kilobytes.
CACHED = 256
# A sliding stretch counts values in so many classes, finds their edges from so many values, and has
# the tables of so many rows of the picture in memory.
CLASSES = 1024
SORTED_VALUES = 500_000
SLIDING_ROWS = 128

Values = np.ndarray[Any, np.dtype[np.float64]]
# (n,): the grays, or the least value of each class, ascending.
Edges = np.ndarray[Any, Any]
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


def fit_stretch(
    kind: str, counts: Histogram, percentiles: tuple[float, float] = DEFAULT_PERCENTILES
) -> Stretch:
    """The stretch of one of the STRETCHES but ``none``, for a (256,) int64 histogram."""
    table, low, high = _tables(kind, counts[np.newaxis], percentiles, GRAYS)
    return Stretch(table[0], float(low[0]), float(high[0]))


def stretch_sliding(
    kind: str,
    block: Block,
    drawn: Traces,
    centres: Values,
    window: float,
    percentiles: tuple[float, float] = DEFAULT_PERCENTILES,
    highest: int = 255,
) -> Traces:
    """Each row of ``drawn``, stretched as the traces within half a ``window`` of its centre are.

    Parameters: ``block`` has (n, width) traces, ``drawn`` is (m, any width), both uint8 or both
    float32; ``centres`` is (m,) float64, ascending; ``window`` is in units of depth.
    Returns: (m, any width) uint8, from 0 to ``highest``, rounded half to even; zeros where no trace
    is near.

    Values are counted in 1024 classes, with as many of the block in each. From row to row of the
    picture, traces that come within the window are counted, and those that leave it no more.
    """
    edges: Edges = GRAYS if drawn.dtype == np.uint8 else _classes(block.traces)
    first = np.searchsorted(block.depths, centres - window / 2, "left")
    last = np.searchsorted(block.depths, centres + window / 2, "right")
    counts, begun, ended = np.zeros(len(edges), np.int64), 0, 0
    result = np.empty(drawn.shape, np.uint8)
    for start in range(0, len(drawn), SLIDING_ROWS):
        rows = range(start, min(start + SLIDING_ROWS, len(drawn)))
        histograms = np.empty((len(rows), len(edges)), np.int64)
        for row in rows:
            counts += _counts(block.traces[ended : last[row]], edges)
            counts -= _counts(block.traces[begun : first[row]], edges)
            begun, ended = int(first[row]), int(last[row])
            histograms[row - start] = counts
        tables, _, _ = _tables(kind, histograms, percentiles, edges)
        grays = np.rint(tables * highest).astype(np.uint8)
        part = slice(rows.start, rows.stop)
        result[part] = np.take_along_axis(grays, _class_of(drawn[part], edges), axis=1)
    return result


def _classes(values: Traces) -> Values:
    """The least value of each class. Each has as many of the ``values``, except for equal ones."""
    there = values[~np.isnan(values)]
    if not there.size:
        return np.zeros(1)
    # Enough values for a thousand edges, and quick to sort. Random, because columns are alike.
    if there.size > SORTED_VALUES:
        there = there[np.random.default_rng(0).integers(0, there.size, SORTED_VALUES)]
    ranks = np.linspace(0, 1, CLASSES)
    least = float(np.nanmin(values))
    found = np.unique(np.quantile(there, ranks, method="inverted_cdf"))
    return np.unique([least, *found]).astype(np.float64)


def _class_of(pixels: Traces, edges: Edges) -> np.ndarray[Any, np.dtype[np.intp]]:
    """The class of each pixel; the first one for a null."""
    if pixels.dtype == np.uint8:
        return pixels.astype(np.intp)
    found = np.searchsorted(edges, pixels, "right") - 1
    found[np.isnan(pixels)] = 0
    return found.clip(0, None)


def _counts(pixels: Traces, edges: Edges) -> Histogram:
    """How many of the pixels are in each class, nulls left out."""
    if pixels.dtype == np.uint8:
        return histogram(pixels)
    return np.bincount(_class_of(pixels[~np.isnan(pixels)], edges), minlength=len(edges))


def _tables(
    kind: str,
    histograms: np.ndarray[Any, Any],
    percentiles: tuple[float, float],
    edges: Edges,
) -> tuple[Values, Values, Values]:
    """Tables for (n, classes) histograms, with the low and the high class of each.

    ``edges`` are the grays or values of the classes, ascending.
    """
    until = np.cumsum(histograms, axis=1)
    total = until[:, -1:]
    ends = (0.0, 100.0) if kind != "percentile" else percentiles
    low, high = (_rank(until, np.maximum(total * end / 100, 1)) for end in ends)
    if kind == "equalize":
        least = np.take_along_axis(until, low[:, np.newaxis], axis=1)
        span = np.maximum(total - least, 1)
        return ((until - least) / span).clip(0, 1), low, high
    least, most = edges[low][:, np.newaxis], edges[high][:, np.newaxis]
    values = ((edges - least) / np.where(most > least, most - least, 1)).clip(0, 1)
    return np.where(most > least, values, 0.0), low, high


def _rank(until: np.ndarray[Any, Any], rank: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The smallest class in each row of cumulative counts that reaches the rank; 0 without any."""
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
