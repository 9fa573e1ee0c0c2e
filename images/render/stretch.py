"""Contrast stretches: map grays to values from 0 to 1, which a colormap then colours.

A stretch is a table of 256 values. It changes only the palette of a picture, not its pixels.
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
# Tables that are cached, of two kilobytes each.
CACHED = 256
# For a sliding stretch: the classes of its histograms, the values from which their edges are found,
# and the rows whose histograms are in memory at once.
CLASSES = 1024
SORTED_VALUES = 500_000
SLIDING_ROWS = 128

Values = np.ndarray[Any, np.dtype[np.float64]]
# (n,): the grays, or the smallest value of each class, ascending.
Edges = np.ndarray[Any, Any]
GRAYS = np.arange(256)


class Stretch(NamedTuple):
    """``table`` has the value of each gray, (256,) float64 from 0 to 1.

    ``low`` and ``high`` are the grays that become 0 and 1.
    """

    table: Values
    low: float
    high: float


@lru_cache(CACHED)
def linear(low: float, high: float) -> Stretch:
    """Return the linear stretch from ``low`` to ``high``, clipped. Its table is read-only.

    If both are equal, all values are 0, as in matplotlib.
    """
    table = np.zeros(256)
    if low != high:
        with np.errstate(over="ignore"):  # infinite if low and high almost equal; then clipped
            table = ((GRAYS - low) / (high - low)).clip(0, 1)
    table.setflags(write=False)
    return Stretch(table, low, high)


def fit_stretch(
    kind: str, counts: Histogram, percentiles: tuple[float, float] = DEFAULT_PERCENTILES
) -> Stretch:
    """Return the stretch of ``kind`` for a (256,) int64 histogram.

    ``kind`` is one of STRETCHES except ``none``.
    """
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
    """Stretch each row of a picture by the histogram of the traces around it.

    ``block`` has (n, width) traces. ``drawn`` is (m, any width): the rows of the picture. Both are
    uint8 or both float32. ``centres`` are the depths of the rows, (m,) float64, ascending. A row is
    stretched by the traces up to half a ``window`` above and below it, in units of depth.

    Returns (m, any width) uint8 from 0 to ``highest``, rounded half to even. A row without traces
    around it is 0.

    Float values are counted in CLASSES classes with equal numbers of the values of ``block``. From
    one row to the next, the histogram is updated by the traces that enter and leave the window.
    """
    edges: Edges = GRAYS if drawn.dtype == np.uint8 else _class_edges(block.traces)
    first = np.searchsorted(block.depths, centres - window / 2, "left")
    last = np.searchsorted(block.depths, centres + window / 2, "right")
    counts, start_counted, stop_counted = np.zeros(len(edges), np.int64), 0, 0
    result = np.empty(drawn.shape, np.uint8)
    for start in range(0, len(drawn), SLIDING_ROWS):
        rows = range(start, min(start + SLIDING_ROWS, len(drawn)))
        histograms = np.empty((len(rows), len(edges)), np.int64)
        for row in rows:
            counts += _counts(block.traces[stop_counted : last[row]], edges)
            counts -= _counts(block.traces[start_counted : first[row]], edges)
            start_counted, stop_counted = int(first[row]), int(last[row])
            histograms[row - start] = counts
        tables, _, _ = _tables(kind, histograms, percentiles, edges)
        grays = np.rint(tables * highest).astype(np.uint8)
        part = slice(rows.start, rows.stop)
        result[part] = np.take_along_axis(grays, _class_of(drawn[part], edges), axis=1)
    return result


def _class_edges(values: Traces) -> Values:
    """The smallest value of each class. Classes have equal numbers of different ``values``."""
    valid = values[~np.isnan(values)]
    if not valid.size:
        return np.zeros(1)
    # A random sample is enough and quick to sort. A regular one would take the same columns of all
    # rows.
    if valid.size > SORTED_VALUES:
        valid = valid[np.random.default_rng(0).integers(0, valid.size, SORTED_VALUES)]
    ranks = np.linspace(0, 1, CLASSES)
    smallest = float(np.nanmin(values))
    found = np.unique(np.quantile(valid, ranks, method="inverted_cdf"))
    return np.unique([smallest, *found]).astype(np.float64)


def _class_of(pixels: Traces, edges: Edges) -> np.ndarray[Any, np.dtype[np.intp]]:
    """The class of each pixel; a null gets the first class."""
    if pixels.dtype == np.uint8:
        return pixels.astype(np.intp)
    found = np.searchsorted(edges, pixels, "right") - 1
    found[np.isnan(pixels)] = 0
    return found.clip(0, None)


def _counts(pixels: Traces, edges: Edges) -> Histogram:
    """The number of pixels in each class, without nulls."""
    if pixels.dtype == np.uint8:
        return histogram(pixels)
    return np.bincount(_class_of(pixels[~np.isnan(pixels)], edges), minlength=len(edges))


def _tables(
    kind: str,
    histograms: np.ndarray[Any, Any],
    percentiles: tuple[float, float],
    edges: Edges,
) -> tuple[Values, Values, Values]:
    """The table of each of (n, classes) histograms, with its lowest and its highest class.

    ``edges`` are the grays or values of the classes, ascending.
    """
    cumulative = np.cumsum(histograms, axis=1)
    total = cumulative[:, -1:]
    ends = (0.0, 100.0) if kind != "percentile" else percentiles
    low, high = (_rank(cumulative, np.maximum(total * end / 100, 1)) for end in ends)
    if kind == "equalize":
        least = np.take_along_axis(cumulative, low[:, np.newaxis], axis=1)
        span = np.maximum(total - least, 1)
        return ((cumulative - least) / span).clip(0, 1), low, high
    least, most = edges[low][:, np.newaxis], edges[high][:, np.newaxis]
    values = ((edges - least) / np.where(most > least, most - least, 1)).clip(0, 1)
    return np.where(most > least, values, 0.0), low, high


def _rank(cumulative: np.ndarray[Any, Any], rank: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The first class in each row whose cumulative count reaches the rank; 0 if none does."""
    return np.argmax(cumulative >= rank, axis=1)


def check_percentiles(text: str) -> tuple[float, float]:
    """Parse ``lo,hi`` with 0 <= lo < hi <= 100. Raises InvalidParameter."""
    try:
        low, high = (numbers.decimal(part) for part in text.split(","))
    except ValueError:
        low = high = float("nan")
    if not 0 <= low < high <= 100:
        reason = "two numbers lo,hi with 0 <= lo < hi <= 100 are needed"
        raise InvalidParameter("percentile", text, reason)
    return low, high
