"""Contrast stretches: map grays to values from 0 to 1, which a colormap then colours.

A stretch is a table of 256 values. It changes only the palette of a picture, not its pixels.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from images.arrays import Block, Floats, Histogram, Traces
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
# The bits of a value by which a table tells its class.
KEY_BITS = 16

Numbers = np.ndarray[Any, np.dtype[np.intp]]
# (n,): the grays, or the smallest value of each class, ascending.
Edges = np.ndarray[Any, Any]
GRAYS = np.arange(256)


class Stretch(NamedTuple):
    """``table`` has the value of each gray, (256,) float64 from 0 to 1.

    ``low`` and ``high`` are the grays that become 0 and 1.
    """

    table: Floats
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
    table, low, high = _stretched(kind, counts[np.newaxis], percentiles, GRAYS, GRAYS[np.newaxis])
    return Stretch(table[0], float(low[0]), float(high[0]))


def stretch_sliding(
    kind: str,
    block: Block,
    drawn: Traces,
    centres: Floats,
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
    classes = _Grays() if drawn.dtype == np.uint8 else _Classes(_class_edges(block.traces))
    first = np.searchsorted(block.depths, centres - window / 2, "left")
    last = np.searchsorted(block.depths, centres + window / 2, "right")
    counts, left, entered = np.zeros(len(classes.edges), np.int64), 0, 0
    result = np.empty(drawn.shape, np.uint8)
    for start in range(0, len(drawn), SLIDING_ROWS):
        rows = slice(start, start + SLIDING_ROWS)
        changes = _added(block.traces, entered, last[rows], classes)
        changes -= _added(block.traces, left, first[rows], classes)
        histograms = counts + np.cumsum(changes, axis=0)
        counts, left, entered = histograms[-1], int(first[rows][-1]), int(last[rows][-1])
        found = classes.of(drawn[rows])
        values, _, _ = _stretched(kind, histograms, percentiles, classes.edges, found)
        result[rows] = np.rint(values * highest)
    return result


class _Grays:
    """Each gray is a class."""

    edges = GRAYS

    def of(self, pixels: Traces) -> Numbers:
        return pixels.astype(np.intp)


class _Classes:
    """The classes of float32 values. ``edges`` are the smallest value of each, (m,) float64.

    A value has a key, an integer that ascends with it. A table has the class of each key without
    its last bits. It takes a tenth of the time of ``np.searchsorted``, which is left with the keys
    that two classes share.
    """

    def __init__(self, edges: Floats) -> None:
        self.edges = edges
        self._exact = edges.astype(np.float32)
        keys = _keys(self._exact)
        self._least, self._most = keys[0], keys[-1]
        self._shift = np.uint32(max(int(self._most - self._least).bit_length() - KEY_BITS, 0))
        short = (keys - self._least) >> self._shift
        self._table = np.searchsorted(short, np.arange(short[-1] + 1), "right") - 1
        self._shared = np.zeros(len(self._table), bool)
        self._shared[short[1:]] = self._shift > 0

    def of(self, pixels: Traces) -> Numbers:
        """The class of each of (n, width) pixels; the first one where it is null or smaller."""
        keys = _keys(pixels).clip(self._least, self._most)
        short = (keys - self._least) >> self._shift
        found: Numbers = self._table[short]
        shared = self._shared[short]
        found[shared] = np.searchsorted(self._exact, pixels[shared], "right") - 1
        found[np.isnan(pixels)] = 0
        return found


def _keys(values: Traces) -> np.ndarray[Any, np.dtype[np.uint32]]:
    """Integers in the order of float32 values. NaN is the last or the first."""
    # Negative zero becomes zero.
    bits = (values + np.float32(0)).view(np.uint32)
    # The sign comes first; of negative numbers the other bits descend.
    negative = (bits.view(np.int32) >> 31).view(np.uint32)
    return bits ^ (negative | np.uint32(1 << 31))


def _added(
    traces: Traces, start: int, stops: np.ndarray[Any, Any], classes: _Grays | _Classes
) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Count the pixels that are added from row to row.

    Row i has the ``traces`` before ``stops[i]``, ascending; those before ``start`` are not counted.
    Returns (rows, classes), without nulls.
    """
    shape = len(stops), len(classes.edges)
    found = np.zeros(shape[0] * shape[1], np.int64)
    for begin in range(start, int(stops[-1]), SLIDING_ROWS):
        piece = traces[begin : min(begin + SLIDING_ROWS, int(stops[-1]))]
        rows = np.searchsorted(stops, np.arange(begin, begin + len(piece)), "right")
        places = classes.of(piece) + shape[1] * rows[:, np.newaxis]
        found += np.bincount(places[~np.isnan(piece)], minlength=len(found))
    return found.reshape(shape)


def _class_edges(values: Traces) -> Floats:
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


def _stretched(
    kind: str,
    histograms: np.ndarray[Any, Any],
    percentiles: tuple[float, float],
    edges: Edges,
    classes: Numbers,
) -> tuple[Floats, Floats, Floats]:
    """Stretch ``classes``, (n, any width), each row by one of (n, number of classes) histograms.

    ``edges`` are the grays or values of the classes, ascending. Returns values from 0 to 1 in the
    shape of ``classes``, and the lowest and the highest class of each histogram.
    """
    cumulative = np.cumsum(histograms, axis=1)
    total = cumulative[:, -1:]
    ends = (0.0, 100.0) if kind != "percentile" else percentiles
    low, high = (_rank(cumulative, np.maximum(total * end / 100, 1)) for end in ends)
    if kind == "equalize":
        least = np.take_along_axis(cumulative, low[:, np.newaxis], axis=1)
        until = np.take_along_axis(cumulative, classes, axis=1)
        return ((until - least) / np.maximum(total - least, 1)).clip(0, 1), low, high
    least, most = edges[low][:, np.newaxis], edges[high][:, np.newaxis]
    values = ((edges[classes] - least) / np.where(most > least, most - least, 1)).clip(0, 1)
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
