"""Draw a window of one image log as one picture."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from cachetools import cached
from PIL import Image

from images.arrays import Block, Depths
from images.errors import WindowTooLarge
from images.models import ImageLog, Level
from images.render import raster
from images.render.colour import values
from images.render.colour.colormap import ColorTable
from images.render.colour.stretch import GRAYS, stretch_sliding
from images.render.colouring import (
    colouring,
    gray_table,
    sliding_colors,
    with_alpha,
)
from images.render.png import palette_image, rgba, rgba_image
from images.render.raster import Raster
from images.render.window_parameters import MAX_HEIGHT, MAX_SLIDING_TRACES
from images.render.window_request import WindowRequest
from images.store.chunks import cut
from images.store.depths import GAP_INTERVALS
from images.store.level_window import LevelWindow
from images.store.window import nothing_in_range, read_level
from web.budget import Reservation, bounded_cache, budget

# Memory for each pixel of a picture while it is drawn and encoded, in bytes, as measured.
PIXEL_BYTES = {"png": 3, "webp": 20, "npy": 8}
# Memory for dynamic normalisation: the tables of some rows, and the class of each value read.
SLIDING_BYTES = 4 * 1024**2
CLASS_BYTES = 16


class Drawing(NamedTuple):
    """A picture before it is coloured, and the depths of the first and the last trace it shows."""

    raster: Raster
    first: float
    last: float


class Picture(NamedTuple):
    """A picture before it is encoded.

    ``drawing`` has grays or the codes of values, drawn from overview ``level``. ``colors`` are
    those of the grays or codes, as in ``Colouring``. ``value_range`` is the range that they stand
    for, None for dynamic normalisation. ``transparent`` is the code of null. ``key`` identifies the
    picture apart from its colours.
    """

    key: tuple[Any, ...]
    drawing: Drawing
    level: int
    value_range: tuple[float, float] | None
    colors: ColorTable | None
    transparent: int | None = None

    @property
    def all_colors(self) -> ColorTable:
        """The colours with alpha, (256, 4) uint8; also for grays without a colormap."""
        colors = gray_table(GRAYS / 255) if self.colors is None else self.colors
        return with_alpha(colors, self.transparent)


def _size(drawing: Drawing) -> int:
    """The most memory of a drawing: its pixels, and ``Raster.packed``, which is hardly larger."""
    return 2 * drawing.raster.pixels.nbytes


# Stored files never change, so cached drawings are always valid. They do not depend on the colormap
# either. Each request still reads the catalogue, so a deleted log is not shown.
drawings = bounded_cache(8 * 1024**2, _size)
encodings = bounded_cache(8 * 1024**2, len)


def _drawing_key(request: WindowRequest, log: ImageLog, level: Level) -> tuple[Any, ...]:
    return *level.file_ids, *request.geometry


@contextmanager
def reserve_memory(request: WindowRequest, log: ImageLog, kind: str) -> Iterator[Reservation]:
    """Reserve the memory for drawing a picture and encoding it as ``kind``, a key of PIXEL_BYTES.

    Raises BudgetExhausted, TooLargeForBudget.
    """
    level = _level(request, log)
    margin = _margin(request, level)
    traces = LevelWindow(level, request.top - margin, request.base + margin).most
    height = request.height or min(traces, MAX_HEIGHT)
    width = request.width or log.width
    # Joining the chunks takes the traces twice.
    nbytes = 2 * traces * log.width * level.dtype.itemsize
    value_bytes = 2 * (level.dtype.itemsize - 1)  # values beside their codes
    nbytes += height * max(width, log.width) * (PIXEL_BYTES[kind] + value_bytes)
    if request.sliding is not None:
        nbytes += SLIDING_BYTES
        if log.values == log.Values.PHYSICAL:
            nbytes += CLASS_BYTES * traces * log.width
    what = f"a picture of {width} x {height} pixels from {traces} traces; ask for a smaller one"
    with budget.reserve(nbytes, what) as memory:
        yield memory


def make_picture(request: WindowRequest, log: ImageLog) -> Picture:
    """Draw and colour the window; the drawing may come from the cache.

    Raises NothingInRange, WindowTooLarge, StatisticsMissing, InvalidParameter, StorageUnavailable,
    FileCorrupt.
    """
    level = _level(request, log)
    drawing = _draw(request, log, level)
    key = _drawing_key(request, log, level)
    if request.sliding is not None:  # then the drawing has codes already
        colors, transparent = sliding_colors(request, log)
        return Picture(key, drawing, level.number, None, colors, transparent)
    found = colouring(request, log)
    if found.values is not None:
        key = *key, found.low, found.high, found.values.scale, request.stretch
        coded = Raster(found.codes(drawing.raster.pixels), drawing.raster.filled)
        drawing = drawing._replace(raster=coded)
    value_range = (found.low, found.high)
    return Picture(key, drawing, level.number, value_range, found.colors, found.transparent)


def draw(request: WindowRequest, log: ImageLog) -> tuple[Drawing, int]:
    """Draw the window without colours. Returns the drawing and the number of its level."""
    level = _level(request, log)
    return _draw(request, log, level), level.number


@cached(drawings, _drawing_key, Lock())
def _draw(request: WindowRequest, log: ImageLog, level: Level) -> Drawing:
    margin = _margin(request, level)
    _check_size(request, level, margin)
    around = read_level(log, level, request.top - margin, request.base + margin)
    drawn = _raster(request, level, around)
    if request.width is not None:
        drawn = raster.resize_width(drawn, request.width)
    shown = _shown_depths(request, around)
    return Drawing(drawn, first=float(shown[0]), last=float(shown[-1]))


def _encoding_key(picture: Picture, kind: str) -> tuple[Any, ...]:
    return *picture.key, None if picture.colors is None else picture.colors.tobytes(), kind


@cached(encodings, _encoding_key, Lock())
def encode(picture: Picture, kind: str) -> bytes:
    """Encode the picture as ``png`` or lossless ``webp``, or take it from the cache."""
    drawn = picture.drawing.raster
    if kind == "png" and (drawn.filled.all() or picture.transparent is not None):
        height, width = drawn.pixels.shape
        return palette_image(width, height, picture.colors, drawn.packed, picture.transparent)
    if kind == "png":
        # Grays use all 256 entries of a palette, so transparent rows need RGBA.
        return rgba_image(drawn.pixels, picture.all_colors, drawn.filled)
    pixels = rgba(drawn.pixels, picture.all_colors, drawn.filled)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "WEBP", lossless=True, quality=0, method=0)
    return buffer.getvalue()


def _level(request: WindowRequest, log: ImageLog) -> Level:
    """The coarsest level that has at least one trace for each row of the picture."""
    levels = log.levels()
    if request.height is None:
        return levels[0]
    row_length = (request.base - request.top) / request.height
    fine_enough = [level for level in levels[1:] if level.spacing and level.spacing <= row_length]
    return [levels[0], *fine_enough][-1]


def _margin(request: WindowRequest, level: Level) -> float:
    """The depth to read above and below the window: for gaps at its ends, and for sliding."""
    for_gaps = GAP_INTERVALS * (level.spacing or 0) if request.height is not None else 0
    return max(for_gaps, (request.sliding or 0) / 2)


def _check_size(request: WindowRequest, level: Level, margin: float) -> None:
    """Raise WindowTooLarge, before anything is read, if the picture would be too large."""
    most = LevelWindow(level, request.top - margin, request.base + margin).most
    if request.sliding and most > MAX_SLIDING_TRACES:
        raise WindowTooLarge(
            f"dynamic normalisation would read up to {most} traces, and at most"
            f" {MAX_SLIDING_TRACES} are allowed; choose a smaller window or range, or a height"
        )
    # All chunks but the first and the last are in the window as a whole.
    fewest = LevelWindow(level, request.top, request.base).most - 2 * level.chunk_rows
    if request.height is None and fewest > MAX_HEIGHT:
        raise _too_high(f"more than {MAX_HEIGHT}")


def _too_high(count: str) -> WindowTooLarge:
    return WindowTooLarge(
        f"the window holds {count} traces and a picture has at most {MAX_HEIGHT} rows;"
        " give a height"
    )


def _shown_depths(request: WindowRequest, around: Block) -> Depths:
    """The depths of the traces in the window; if there are none, of those around it."""
    inside = cut(around, request.top, request.base).depths
    return inside if len(inside) else around.depths


def _raster(request: WindowRequest, level: Level, around: Block) -> Raster:
    """Draw the traces ``around`` the window. Raises NothingInRange, WindowTooLarge."""
    if not len(around.depths):
        raise nothing_in_range(request.top, request.base)
    if request.height is None:
        depths, traces = cut(around, request.top, request.base)
        if len(traces) > MAX_HEIGHT:
            raise _too_high(str(len(traces)))
        drawn = Raster(traces, np.ones(len(traces), bool))
    else:
        depths = raster.row_centres(request.top, request.base, request.height)
        drawn = raster.draw(around, request.top, request.base, request.height, level.spacing or 0)
    if not drawn.filled.any():
        raise nothing_in_range(request.top, request.base)
    if request.sliding is None:
        return drawn
    slide = stretch_sliding if level.dtype == np.uint8 else values.code_sliding
    window, percentiles = request.sliding, request.percentiles
    codes = slide(request.stretch, around, drawn.pixels, depths, window, percentiles)
    return Raster(codes, drawn.filled)
