"""A window of one image log to one picture."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from cachetools import cached
from PIL import Image

from images.arrays import Block, Depths
from images.errors import NothingInRange, WindowTooLarge
from images.models import ImageLog, Level
from images.render import strip, values
from images.render.colormap import ColorTable
from images.render.colouring import (
    colouring,
    gray_colors,
    gray_table,
    sliding_colors,
    with_alpha,
)
from images.render.png import image_data, palette_image, rgba, rgba_image
from images.render.stretch import GRAYS, stretch_sliding
from images.render.strip import Strip
from images.render.window_request import MAX_HEIGHT, MAX_SLIDING_TRACES, WindowRequest
from images.store.depths import GAP_INTERVALS
from images.store.window import LevelWindow, read_level
from web import caching
from web.budget import budget

LEGEND_HEIGHT = 24
# Bytes of memory for each gray of a picture while it is drawn and encoded, as measured.
PIXEL_BYTES = {"png": 3, "webp": 20, "npy": 8}
# Where the range slides: tables of some rows, and the classes of the pixels of a window of traces.
SLIDING_BYTES = 4 * 1024**2
CLASS_BYTES = 16


class Drawing(NamedTuple):
    """A picture before it is coloured, and what it shows: the traces from ``first`` to ``last``
    depth."""

    strip: Strip
    first: float
    last: float


class Picture(NamedTuple):
    """A picture before it is encoded: the grays, or the codes of values, of overview ``level``,
    with their colours, and the range that these stand for, None where it slides. ``transparent`` is
    the code of null. ``key`` says which picture it is, but for its colours."""

    key: tuple[Any, ...]
    drawing: Drawing
    level: int
    value_range: tuple[float, float] | None
    colors: ColorTable | None
    transparent: int | None = None

    @property
    def all_colors(self) -> ColorTable:
        """The colours with alpha, (256, 4) uint8, also of grays."""
        colors = gray_table(GRAYS / 255) if self.colors is None else self.colors
        return with_alpha(colors, self.transparent)


def _bytes_of(drawing: Drawing) -> int:
    """The most that it takes: compressed grays are hardly larger than uncompressed ones."""
    return 2 * drawing.strip.pixels.nbytes


# Drawings never change. In another colormap a cached window is neither read nor compressed again.
# Each request still reads the catalogue, so nothing of a deleted log is shown.
drawings = caching.lately_made(8 * 1024**2, _bytes_of)
encodings = caching.lately_made(8 * 1024**2, len)


def _drawing_key(request: WindowRequest, log: ImageLog, level: Level) -> tuple[Any, ...]:
    return *level.file_ids, *request.geometry


@contextmanager
def reserve_memory(request: WindowRequest, log: ImageLog, kind: str) -> Iterator[None]:
    """Within it the picture is drawn and encoded as ``kind``.

    Raises BudgetExhausted, TooLargeForBudget.
    """
    level = _level(request, log)
    margin = _margin(request, level)
    traces = LevelWindow(level, request.top - margin, request.base + margin).most
    height = request.height or min(traces, MAX_HEIGHT)
    width = request.width or log.width
    # While the chunks are put together, the traces are in memory twice.
    nbytes = 2 * traces * log.width * level.dtype.itemsize
    values = 2 * (level.dtype.itemsize - 1)  # which are there beside their codes
    nbytes += height * max(width, log.width) * (PIXEL_BYTES[kind] + values)
    if request.sliding is not None:
        nbytes += SLIDING_BYTES
        if log.values == log.Values.PHYSICAL:
            nbytes += CLASS_BYTES * traces * log.width
    what = f"a picture of {width} x {height} pixels from {traces} traces; ask for a smaller one"
    with budget.reserve(nbytes, what):
        yield


def make_picture(request: WindowRequest, log: ImageLog) -> Picture:
    """Draw the window, from what is stored or was drawn lately.

    Raises NothingInRange, WindowTooLarge, StatisticsMissing, StorageUnavailable, FileCorrupt.
    """
    level = _level(request, log)
    drawing = _draw(request, log, level)
    key = _drawing_key(request, log, level)
    if request.sliding is not None:  # the drawing is of codes or grays already
        colors, transparent = sliding_colors(request, log)
        return Picture(key, drawing, level.number, None, colors, transparent)
    found = colouring(request, log)
    if found.values is not None:
        key = *key, found.low, found.high, found.values.scale, request.stretch
        coded = Strip(found.codes(drawing.strip.pixels), drawing.strip.filled)
        drawing = drawing._replace(strip=coded)
    value_range = (found.low, found.high)
    return Picture(key, drawing, level.number, value_range, found.colors, found.transparent)


def draw(request: WindowRequest, log: ImageLog) -> tuple[Drawing, int]:
    """The window before it is coloured, and the number of the level that it was drawn from."""
    level = _level(request, log)
    return _draw(request, log, level), level.number


@cached(drawings, _drawing_key, Lock())
def _draw(request: WindowRequest, log: ImageLog, level: Level) -> Drawing:
    margin = _margin(request, level)
    _check_size(request, level, margin)
    around = read_level(log, level, request.top - margin, request.base + margin)
    drawn = _strip(request, level, around)
    if request.width is not None:
        drawn = strip.resize_width(drawn, request.width)
    shown = _shown(request, around)
    return Drawing(drawn, first=float(shown[0]), last=float(shown[-1]))


def draw_legend(request: WindowRequest) -> bytes:
    """All grays from left to right, coloured as an image of the request would be, as PNG."""
    ramp = np.tile(GRAYS.astype(np.uint8), (LEGEND_HEIGHT, 1))
    height, width = ramp.shape
    return palette_image(width, height, gray_colors(request, request.stretched), image_data(ramp))


def _encoding_key(picture: Picture, kind: str) -> tuple[Any, ...]:
    return *picture.key, None if picture.colors is None else picture.colors.tobytes(), kind


@cached(encodings, _encoding_key, Lock())
def encode(picture: Picture, kind: str) -> bytes:
    """The picture as ``png`` or ``webp``, without loss, made now or lately.

    A PNG with transparent rows has no gray to spare for them, and is RGBA.
    """
    strip = picture.drawing.strip
    if kind == "png" and (strip.filled.all() or picture.transparent is not None):
        height, width = strip.pixels.shape
        return palette_image(width, height, picture.colors, strip.packed, picture.transparent)
    if kind == "png":
        return rgba_image(strip.pixels, picture.all_colors, strip.filled)
    pixels = rgba(strip.pixels, picture.all_colors, strip.filled)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "WEBP", lossless=True, quality=0, method=0)
    return buffer.getvalue()


def _level(request: WindowRequest, log: ImageLog) -> Level:
    """The coarsest level that has a trace for each row of the picture."""
    levels = log.levels()
    if request.height is None:
        return levels[0]
    piece = (request.base - request.top) / request.height
    return [levels[0], *(o for o in levels[1:] if o.spacing and o.spacing <= piece)][-1]


def _margin(request: WindowRequest, level: Level) -> float:
    """How far traces are read beyond the window, for gaps at its ends and for sliding."""
    across = GAP_INTERVALS * (level.spacing or 0) if request.height is not None else 0
    return max(across, (request.sliding or 0) / 2)


def _check_size(request: WindowRequest, level: Level, margin: float) -> None:
    """Raise WindowTooLarge, before anything is read, for what is too large to draw."""
    around = LevelWindow(level, request.top - margin, request.base + margin).most
    if request.sliding and around > MAX_SLIDING_TRACES:
        raise WindowTooLarge(
            f"dynamic normalisation would look at up to {around} traces, and at most"
            f" {MAX_SLIDING_TRACES} are allowed; choose a smaller window or range, or a height"
        )
    # All but the chunks at both ends are full of traces of the window.
    surely = LevelWindow(level, request.top, request.base).most - 2 * level.chunk_rows
    if request.height is None and surely > MAX_HEIGHT:
        raise _too_high(f"more than {MAX_HEIGHT}")


def _too_high(count: str) -> WindowTooLarge:
    return WindowTooLarge(
        f"the window holds {count} traces and a picture has at most {MAX_HEIGHT} rows;"
        " give a height"
    )


def _shown(request: WindowRequest, around: Block) -> Depths:
    """The depths of the traces in the window, or of those around it if there are none."""
    inside = (around.depths >= request.top) & (around.depths <= request.base)
    return around.depths[inside] if inside.any() else around.depths


def _strip(request: WindowRequest, level: Level, around: Block) -> Strip:
    """Raises NothingInRange where no row would show anything, WindowTooLarge."""
    nothing = NothingInRange(f"there is no trace from {request.top} to {request.base}")
    if not len(around.depths):
        raise nothing
    if request.height is None:
        inside = (around.depths >= request.top) & (around.depths <= request.base)
        traces, at = around.traces[inside], around.depths[inside]
        if len(traces) > MAX_HEIGHT:
            raise _too_high(str(len(traces)))
        drawn = Strip(traces, np.ones(len(traces), bool))
    else:
        at = strip.row_centres(request.top, request.base, request.height)
        drawn = strip.draw(around, request.top, request.base, request.height, level.spacing or 0)
    if not drawn.filled.any():
        raise nothing
    if request.sliding is None:
        return drawn
    asked = request.sliding, request.percentiles
    if level.dtype != np.uint8:
        codes = values.code_sliding(request.stretch, around, drawn.pixels, at, *asked)
        return Strip(codes, drawn.filled)
    return Strip(stretch_sliding(request.stretch, around, drawn.pixels, at, *asked), drawn.filled)
