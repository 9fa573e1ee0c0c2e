"""How a request colours the pixels of a log.

Pixels are coloured through uint8 codes: a gray is its own code, values are converted to codes.
"""

from dataclasses import dataclass

import numpy as np

from images.arrays import Floats, Traces
from images.models import ImageLog
from images.render.colour.colormap import ColorTable, color_table
from images.render.colour.stretch import GRAYS, Stretch, fit_stretch, linear
from images.render.colour.values import NULL, POSITIONS, ValueRange, log_range
from images.render.window_request import WindowRequest
from web.errors import InvalidParameter


@dataclass(frozen=True)
class Colouring:
    """The colours of a log. They stand for the grays or values from ``low`` to ``high``.

    ``colors`` are the colours of the 256 codes, (256, 3) uint8; None if each gray is shown as it
    is. ``values`` converts values to codes; None for grays.
    """

    low: float
    high: float
    colors: ColorTable | None
    values: ValueRange | None = None

    @property
    def transparent(self) -> int | None:
        """The code that is transparent, which is the code of null; None for grays."""
        return None if self.values is None else NULL

    @property
    def trace_colors(self) -> ColorTable | None:
        """The colours for ``write_json``: as ``colors``, but (256, 4) with alpha for values."""
        if self.values is None or self.colors is None:
            return self.colors
        return with_alpha(self.colors, NULL)

    def codes(self, traces: Traces) -> Traces:
        """Convert (n, width) grays or values to (n, width) uint8 codes."""
        return traces if self.values is None else self.values.codes(traces)


def with_alpha(colors: ColorTable, transparent: int | None) -> ColorTable:
    """Add alpha to (256, 3) uint8 colours; ``transparent`` is the code with alpha 0, or None."""
    alpha = np.full((256, 1), 255, np.uint8)
    if transparent is not None:
        alpha[transparent] = 0
    return np.hstack([colors, alpha])


def gray_table(positions: Floats) -> ColorTable:
    """Return (256, 3) uint8 grays for (256,) float64 positions from 0, black, to 1, white."""
    return np.repeat(np.rint(positions * 255).astype(np.uint8)[:, np.newaxis], 3, axis=1)


def colouring(request: WindowRequest, log: ImageLog) -> Colouring:
    """Return the colouring of a log without dynamic normalisation.

    Raises StatisticsMissing. Raises InvalidParameter if the range is reversed, has no logarithm, or
    a logarithm is asked for grays.
    """
    if log.values == log.Values.PHYSICAL:
        found = _value_range(request, log)
        return Colouring(found.low, found.high, _colors(request, POSITIONS), found)
    if request.scale != "linear":
        reason = "a log of grays has no logarithmic scale; allowed: linear"
        raise InvalidParameter("scale", request.scale, reason)
    stretched = request.stretched
    if request.stretch != "none":
        stretched = fit_stretch(request.stretch, log.gray_histogram(), request.percentiles)
    return Colouring(stretched.low, stretched.high, gray_colors(request, stretched))


def sliding_colors(request: WindowRequest, log: ImageLog) -> tuple[ColorTable | None, int | None]:
    """Return the colours for dynamic normalisation, and the code that is transparent."""
    if log.values == log.Values.PHYSICAL:
        return _colors(request, POSITIONS), NULL
    return gray_colors(request, linear(0, 255)), None


def gray_colors(request: WindowRequest, stretched: Stretch) -> ColorTable | None:
    """Return the colours of the 256 grays, (256, 3) uint8; None if each gray stays as it is."""
    colors = _colors(request, stretched.table)
    unchanged = request.colormap is None and (colors[:, 0] == GRAYS).all()
    return None if unchanged else colors


def _colors(request: WindowRequest, positions: Floats) -> ColorTable:
    """The colours at (256,) float64 positions from 0 to 1; grays if there is no colormap."""
    if request.colormap is not None:
        return color_table(request.colormap, request.stops, positions)
    return gray_table(positions)


def _value_range(request: WindowRequest, log: ImageLog) -> ValueRange:
    """The range of values that the request asks for; by default from percentile 2 to 98."""
    summary = log.value_summary()
    quantiles = summary.quantiles.astype(np.float64)
    if not summary.count:
        return ValueRange(0.0, 1.0)
    if request.stretch == "equalize":
        return ValueRange(summary.minimum, summary.maximum, quantiles=quantiles)
    low, high = summary.minimum, summary.maximum
    if request.stretch != "minmax":
        ranks = np.linspace(0, 100, len(quantiles))
        low, high = (float(at) for at in np.interp(request.percentiles, ranks, quantiles))
    low = low if request.low is None else request.low
    high = high if request.high is None else request.high
    if request.scale == "log":
        positive = quantiles[quantiles > 0]
        low, high = log_range(low, high, float(positive[0]) if len(positive) else np.nan)
    if low > high:
        raise InvalidParameter("vmin", f"{low:g}", f"vmin must be less than vmax, {high:g}")
    return ValueRange(low, high, request.scale)
