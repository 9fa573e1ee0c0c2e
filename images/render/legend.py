"""Draw the legend of a colormap: its colours alone, or those of a log with values and unit."""

import io
from collections.abc import Set
from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ticker import NullFormatter

from images.models import ImageLog
from images.render.colour.stretch import GRAYS
from images.render.colour.values import NULL, ValueRange
from images.render.colouring import colouring, gray_colors, gray_table
from images.render.png import image_data, palette_image
from images.render.window_request import WindowRequest

HEIGHT = 24
# Of the legend of a log.
INCHES, DOTS_PER_INCH = (4.0, 0.8), 100
# Below this ratio of its ends a logarithmic axis may have no power of ten to mark.
NARROW = 10
# The parts of all values that are marked where equal parts of them have equal widths.
RANKS = np.linspace(0, 1, 5)


def draw_legend(request: WindowRequest) -> bytes:
    """Draw the 256 grays from left to right, coloured as the request says, as PNG."""
    ramp = np.tile(GRAYS.astype(np.uint8), (HEIGHT, 1))
    height, width = ramp.shape
    return palette_image(width, height, gray_colors(request, request.stretched), image_data(ramp))


def draw_log_legend(request: WindowRequest, log: ImageLog) -> bytes:
    """Draw the colours of a log above the values that they stand for, its name and unit, as PNG.

    Raises StatisticsMissing, InvalidParameter.
    """
    found = colouring(request, log)
    colors = gray_table(GRAYS / 255) if found.colors is None else found.colors
    figure = Figure(INCHES, DOTS_PER_INCH)
    bar = figure.add_axes((0.06, 0.58, 0.88, 0.38))
    # Each gray has its colour; of values the code of null has none.
    shown = colors if found.values is None else np.delete(colors, NULL, axis=0)
    bar.imshow(shown[np.newaxis], aspect="auto", interpolation="nearest")
    bar.set_axis_off()
    axis = figure.add_axes((0.06, 0.58, 0.88, 0.38), yticks=[], facecolor="none")
    _mark(axis, found.values or ValueRange(0, 255))
    axis.set_xlabel(_label(log), fontsize=8, labelpad=1, parse_math=False)
    axis.tick_params(which="both", labelsize=7)
    return _png(figure)


def _label(log: ImageLog) -> str:
    """Name and unit of a log; its id if the font lacks one of their characters."""
    label = f"{log.name} ({log.unit})" if log.unit else log.name
    return label if {*map(ord, label)} <= _characters() else f"log {log.pk}"


@cache
def _characters() -> Set[int]:
    """The code points that the font of labels has."""
    return get_font(findfont(FontProperties())).get_charmap().keys()


def _mark(axis: Axes, values: ValueRange) -> None:
    """Mark values on an axis as the colours are spread over them."""
    if values.quantiles is not None:
        every = np.linspace(0, 1, len(values.quantiles))
        marked = np.interp(RANKS, every, values.quantiles)
        axis.set_xticks(RANKS, [f"{value:.4g}" for value in marked])
    elif values.low == values.high:
        axis.set_xticks([0.5], [f"{values.low:.6g}"])
    else:
        axis.set_xscale(values.scale)
        axis.set_xlim(values.low, values.high)
        if values.scale == "log":
            axis.xaxis.set_major_formatter("{x:g}")
            narrow = values.high / values.low < NARROW
            axis.xaxis.set_minor_formatter("{x:g}" if narrow else NullFormatter())


def _png(figure: Figure) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()
