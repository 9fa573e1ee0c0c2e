"""Convert values to uint8 codes, which a palette then colours.

Code 0 is null; codes 1 to 255 stand for values from low to high. On a logarithmic scale, values of
0 or less are null, as in matplotlib's LogNorm.
"""

import re
from typing import Any, NamedTuple

import numpy as np

from images.arrays import Block, Floats, Traces
from images.render.colour import stretch
from web.errors import InvalidParameter

SCALES = ("linear", "log")
# Resistivities and permeabilities are read on a logarithmic scale.
LOGARITHMIC = re.compile("ohm|\N{OHM SIGN}|\N{GREEK CAPITAL LETTER OMEGA}|md$", re.IGNORECASE)
DECADE = 10
NULL = 0
HIGHEST = 255
# Pixels that are converted at a time: as float64 they fit into the cache of a processor.
BLOCK_PIXELS = 32_768
# The position of each code in the range of values, (256,) float64 from 0 to 1. Null has none.
POSITIONS = np.append(0.0, np.linspace(0, 1, HIGHEST))


class ValueRange(NamedTuple):
    """A range of values and how it is divided into codes.

    From ``low`` to ``high`` on a ``scale``, one of SCALES; or, if there are ``quantiles``, (n,)
    float64 ascending, by the rank of a value among them.
    """

    low: float
    high: float
    scale: str = "linear"
    quantiles: Floats | None = None

    def codes(self, values: Traces) -> Traces:
        """Convert (n, width) float32 values, where NaN is null, to (n, width) uint8 codes."""
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
    """Convert (n, width) float32 values to codes, by their position between ``low`` and ``high``.

    Values outside are clipped. ``low`` and ``high`` are numbers or (n, 1) arrays.
    """
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        positions = np.asarray(values, np.float64)
        if scale == "log":
            positions, low, high = (np.log10(part) for part in (positions, low, high))
            positions[np.isneginf(positions)] = np.nan
        # If low equals high, all values get code 1, the lowest colour, as in matplotlib.
        span = np.where(np.greater(high, low), np.subtract(high, low, dtype=np.float64), np.inf)
        positions = positions - low
        positions /= span
        return _coded(positions)


def code_by_rank(values: Traces, quantiles: Floats) -> Traces:
    """Convert values to codes, by the rank of each value among evenly spaced ``quantiles``."""
    positions = np.interp(values, quantiles, np.linspace(0, 1, len(quantiles)))
    return _coded(positions)


def _coded(positions: Floats) -> Traces:
    """Convert positions from 0 to 1, NaN for null, to codes. Overwrites ``positions``."""
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
    centres: Floats,
    window: float,
    percentiles: tuple[float, float],
) -> Traces:
    """Convert the rows ``shown`` to codes by ``stretch_sliding``, with its parameters."""
    codes = (
        stretch.stretch_sliding(kind, block, shown, centres, window, percentiles, HIGHEST - 1) + 1
    )
    codes[np.isnan(shown)] = NULL
    return codes


def usual_scale(unit: str | None, minimum: float | None, maximum: float | None) -> str:
    """The scale, one of SCALES, on which people of the field read values from ``minimum`` to
    ``maximum`` in ``unit``: logarithmic for resistivities above 0 over a decade or more."""
    wide = minimum is not None and maximum is not None and 0 < minimum * DECADE <= maximum
    return "log" if wide and LOGARITHMIC.match(unit or "") else "linear"


def log_range(low: float, high: float, smallest_positive: float) -> tuple[float, float]:
    """Return the ends of a logarithmic range.

    ``smallest_positive`` replaces a ``low`` of 0 or less; it is NaN if the log has no such value.
    Raises InvalidParameter if no range above 0 remains.
    """
    low = low if low > 0 else smallest_positive
    if not (low > 0 and high > 0):
        raise InvalidParameter("scale", "log", "a logarithmic scale needs values above 0")
    return low, high
