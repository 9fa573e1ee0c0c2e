"""Traces to one continuous strip of borehole wall, true to depth."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from PIL import Image

from images.arrays import Block, Depths, Traces
from images.render.png import image_data
from images.store.depths import GAP_INTERVALS
from images.store.overviews import run_means


@dataclass(eq=False)
class Strip:
    """A picture before it is coloured: (height, width) pixels, uint8 or float32 with NaN as null,
    and (height,) bool, False where the log has a gap. Neither is changed."""

    pixels: Traces
    filled: np.ndarray[Any, np.dtype[np.bool_]]

    @cached_property
    def packed(self) -> bytes:
        """uint8 pixels as the image data of a PNG. It does not depend on their colours."""
        return image_data(self.pixels)


def row_centres(top: float, base: float, height: int) -> Depths:
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
        return Strip(one.pixels.repeat(height, axis=0), one.filled.repeat(height))
    inside = (block.depths >= top) & (block.depths <= base)
    rows = _row_of(block.depths[inside], top, base, height)
    pixels = _empty_rows(height, block.traces)
    filled = np.zeros(height, bool)
    if len(rows):
        starts = np.flatnonzero(np.diff(rows, prepend=-1))
        pixels[rows[starts]] = run_means(block.traces[inside], starts)
        filled[rows[starts]] = True
    empty = np.flatnonzero(~filled)
    nearest, near = _nearest(block.depths, row_centres(top, base, height)[empty], spacing)
    pixels[empty[near]] = block.traces[nearest[near]]
    filled[empty[near]] = True
    return Strip(pixels, filled)


def resize_width(strip: Strip, width: int) -> Strip:
    """The strip at another width: means of pixels where narrower, nulls left out, repeated pixels
    where wider."""
    pixels = strip.pixels
    if width == pixels.shape[1]:
        return strip
    if pixels.dtype == np.uint8:
        return Strip(_boxed(pixels, width), strip.filled)
    there = ~np.isnan(pixels)
    sums, shares = _boxed(np.where(there, pixels, 0), width), _boxed(there.astype("f4"), width)
    means = np.full(sums.shape, np.nan, np.float32)
    np.divide(sums, shares, out=means, where=shares > 0)
    return Strip(means, strip.filled)


def _empty_rows(height: int, traces: Traces) -> Traces:
    """Rows as wide as ``traces`` and of their kind, of zeros or of nulls."""
    empty = 0 if traces.dtype == np.uint8 else np.nan
    return np.full((height, traces.shape[1]), empty, traces.dtype)


def _boxed(pixels: Traces, width: int) -> Traces:
    image = Image.fromarray(pixels)
    return np.asarray(image.resize((width, len(pixels)), Image.Resampling.BOX))


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
