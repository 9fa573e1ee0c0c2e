"""Physical values to codes, which a palette then colours: 0 is null, 1 to 255 go from low to high.

A value on a logarithmic scale that is not above 0 has no place on it and is shown as null, as
matplotlib's LogNorm does.
"""

from typing import Any, NamedTuple

import numpy as np

from images.arrays import Block, Traces
from images.render import stretch
from web.errors import InvalidParameter

SCALES = ("linear", "log")
NULL = 0
HIGHEST = 255
# Pixels that are coded at a time: their numbers, of 8 bytes, stay within a processor's cache.
BLOCK_PIXELS = 32_768
# What each code stands for, (256,) float64 from 0 to 1; that of null is not seen.
POSITIONS = np.append(0.0, np.linspace(0, 1, HIGHEST))

Numbers = np.ndarray[Any, np.dtype[np.float64]]


class ValueRange(NamedTuple):
    """How values become codes: from ``low`` to ``high`` on a ``scale``, or where there are
    ``quantiles``, (n,) ascending, by rank among them."""

    low: float
    high: float
    scale: str = "linear"
    quantiles: Numbers | None = None

    def codes(self, values: Traces) -> Traces:
        """(n, width) float32, NaN being null, to uint8."""
        codes = np.empty(values.shape, np.uint8)
        rows = max(BLOCK_PIXELS // max(values.shape[1], 1), 1)
        for start in range(0, len(values), rows):
            part = slice(start, start + rows)
            if self.quantiles is not None:
                codes[part] = code_by_rank(values[part], self.quantiles)
            else:
                codes[part] = code_by_scale(values[part], self.low, self.high, self.scale)
        return codes


def code_by_scale(values: Traces, low: Any, high: Any, scale: str = "linear") -> Traces:
    """Codes of (n, width) float32, clipped to ``low`` and ``high``: numbers, or (n, 1) each."""
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        positions = np.asarray(values, np.float64)
        if scale == "log":
            positions, low, high = (np.log10(part) for part in (positions, low, high))
            positions[np.isneginf(positions)] = np.nan
        # If low equals high, all values get the lowest code, as in matplotlib.
        span = np.where(np.greater(high, low), np.subtract(high, low, dtype=np.float64), np.inf)
        positions = positions - low
        positions /= span
        return _coded(positions)


def code_by_rank(values: Traces, quantiles: Numbers) -> Traces:
    """Codes by the rank of each value among ``quantiles``, evenly spaced in rank."""
    positions = np.interp(values, quantiles, np.linspace(0, 1, len(quantiles)))
    return _coded(positions)


def _coded(positions: Numbers) -> Traces:
    """Codes of positions from 0 to 1, NaN being null; they are overwritten."""
    np.clip(positions, 0, 1, out=positions)
    positions *= HIGHEST - 1
    np.rint(positions, out=positions)
    positions += 1
    np.fmax(positions, NULL, out=positions)  # NaN becomes NULL
    return positions.astype(np.uint8)


def code_sliding(
    kind: str,
    block: Block,
    shown: Traces,
    centres: Numbers,
    window: float,
    percentiles: tuple[float, float],
) -> Traces:
    """Codes of the rows ``shown``, each by the values within half a ``window`` of its centre.

    Parameters and what is returned are those of ``stretch.stretch_sliding``; null is NULL.
    """
    codes = (
        stretch.stretch_sliding(kind, block, shown, centres, window, percentiles, HIGHEST - 1) + 1
    )
    codes[np.isnan(shown)] = NULL
    return codes


def log_range(low: float, high: float, smallest_positive: float) -> tuple[float, float]:
    """The ends of a logarithmic range; a low end that is not above 0 gives way to the smallest
    value that is. Raises InvalidParameter where there is none."""
    low = low if low > 0 else smallest_positive
    if not 0 < low < high:
        raise InvalidParameter("scale", "log", "the log has no two values above 0 to scale between")
    return low, high
