"""Traces to one continuous strip of borehole wall, true to depth."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from PIL import Image

from images.arrays import Block, Depths, Traces
from images.render.png import image_data
from images.store.overviews import run_means
from images.store.statistics import GAP_INTERVALS


@dataclass(eq=False)
class Strip:
    """A picture before it is coloured: (height, width) uint8 grays, and (height,) bool, False
    where the log has a gap. Neither is changed."""

    grays: Traces
    filled: np.ndarray[Any, np.dtype[np.bool_]]

    @cached_property
    def packed(self) -> bytes:
        """The grays as the image data of a PNG, whatever their colours."""
        return image_data(self.grays)


def centres(top: float, base: float, height: int) -> Depths:
    """The depths in the middle of the rows of a picture, (height,) float64."""
    return top + (base - top) * (np.arange(height) + 0.5) / height


def draw(block: Block, top: float, base: float, height: int, spacing: float) -> Strip:
    """Draw the depths from ``top`` to ``base``, each of ``height`` rows the same piece of them.

    Parameters: ``block`` has at least one trace, and those up to GAP_INTERVALS of ``spacing``
    beyond both ends where there are any; ``spacing`` is the depth from one of its traces to the
    next where there is no gap.

    A row shows the mean of the traces in its piece of depth, the lower end not included but for the
    last row. A row without any shows the nearest trace, where the one above and the one below it
    are not further apart than GAP_INTERVALS spacings, or it is within half a spacing; else nothing.
    """
    if top == base and height > 1:
        one = draw(block, top, base, 1, spacing)
        return Strip(one.grays.repeat(height, axis=0), one.filled.repeat(height))
    inside = (block.depths >= top) & (block.depths <= base)
    rows = _row_of(block.depths[inside], top, base, height)
    grays = np.zeros((height, block.traces.shape[1]), np.uint8)
    filled = np.zeros(height, bool)
    if len(rows):
        starts = np.flatnonzero(np.diff(rows, prepend=-1))
        grays[rows[starts]] = run_means(block.traces[inside], starts)
        filled[rows[starts]] = True
    empty = np.flatnonzero(~filled)
    nearest, near = _nearest(block.depths, centres(top, base, height)[empty], spacing)
    grays[empty[near]] = block.traces[nearest[near]]
    filled[empty[near]] = True
    return Strip(grays, filled)


def widened(strip: Strip, width: int) -> Strip:
    """The strip at another width: means of pixels where narrower, repeated pixels where wider."""
    if width == strip.grays.shape[1]:
        return strip
    image = Image.fromarray(strip.grays)
    size = (width, len(strip.grays))
    return Strip(np.asarray(image.resize(size, Image.Resampling.BOX)), strip.filled)


def _row_of(depths: Depths, top: float, base: float, height: int) -> np.ndarray[Any, Any]:
    """The row of the picture in which each depth lies, (n,) int64."""
    edges = top + (base - top) * np.arange(height + 1) / height
    return np.minimum(np.searchsorted(edges, depths, "right") - 1, height - 1)


def _nearest(
    depths: Depths, at: Depths, spacing: float
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """For each depth ``at``, the index of the nearest of ``depths``, the upper one of two as near,
    and whether it is to be seen there."""
    below = np.searchsorted(depths, at, "left")
    above = np.clip(below - 1, 0, len(depths) - 1)
    below = np.clip(below, 0, len(depths) - 1)
    to_above, to_below = np.abs(at - depths[above]), np.abs(depths[below] - at)
    nearest = np.where(to_above <= to_below, above, below)
    between = (below > above) & (depths[below] - depths[above] <= GAP_INTERVALS * spacing)
    return nearest, between | (np.minimum(to_above, to_below) <= spacing / 2)
