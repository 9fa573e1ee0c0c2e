"""A window of one image log to one picture."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from typing import Any, NamedTuple

import numpy as np
from cachetools import cached
from PIL import Image

from images.arrays import Block, Depths
from images.errors import NothingInRange, TooManyPictures, WindowTooLarge
from images.models import ImageLog, Level
from images.render import strip
from images.render.colormap import ColorTable, color_table
from images.render.png import image_data, opaque_image, rgba, rgba_image
from images.render.stretch import GRAYS, Stretch, linear, sliding, stretch
from images.render.strip import Strip
from images.render.window_request import MAX_HEIGHT, MAX_SLIDING_TRACES, WindowRequest
from images.store.statistics import GAP_INTERVALS
from images.store.window import LevelWindow, read_level
from web import caching

LEGEND_HEIGHT = 24
# The largest picture takes 200 MB until it is encoded: not every thread may have one in hand.
LARGE_PIXELS = 8_000_000
_large = BoundedSemaphore(2)


class Drawing(NamedTuple):
    """A picture before it is coloured, and what it shows: the traces from ``first`` to ``last``
    depth."""

    strip: Strip
    first: float
    last: float


class Picture(NamedTuple):
    """A picture before it is encoded: of overview ``level``, with the colours of its grays, and the
    range of grays that they stand for, None where it slides. ``key`` says which drawing it is."""

    key: tuple[Any, ...]
    drawing: Drawing
    level: int
    value_range: tuple[float, float] | None
    colors: ColorTable | None


def _bytes_of(drawing: Drawing) -> int:
    """At most: compressed, grays hardly take more than as they are."""
    return 2 * drawing.strip.grays.nbytes


# What is drawn never changes, so that another colour of a window needs neither its chunks nor to
# compress it again, and the same one is there. Whether there is such a log is asked all the same.
drawings = caching.lately_made(8 * 1024**2, _bytes_of)
encodings = caching.lately_made(8 * 1024**2, len)


def _drawing_key(request: WindowRequest, log: ImageLog, level: Level) -> tuple[Any, ...]:
    return *level.file_ids, *request.geometry


@contextmanager
def room_for(request: WindowRequest, log: ImageLog) -> Iterator[None]:
    """Within it the picture is drawn and encoded. Raises TooManyPictures where there is none."""
    if (request.height or MAX_HEIGHT) * (request.width or log.width) <= LARGE_PIXELS:
        yield
    elif _large.acquire(blocking=False):
        try:
            yield
        finally:
            _large.release()
    else:
        raise TooManyPictures("other large pictures are being drawn; try again in some seconds")


def picture(request: WindowRequest, log: ImageLog) -> Picture:
    """Draw the window, from what is stored or was drawn lately.

    Raises NothingInRange, WindowTooLarge, StatisticsMissing, StorageUnavailable, FileCorrupt.
    """
    level = _level(request, log)
    drawing = _draw(request, log, level)
    stretched = None if request.sliding else stretched_for(request, log)
    return Picture(
        _drawing_key(request, log, level),
        drawing,
        level.number,
        value_range=(stretched.low, stretched.high) if stretched else None,
        colors=colors_for(request, stretched or linear(0, 255)),
    )


@cached(drawings, _drawing_key, Lock())
def _draw(request: WindowRequest, log: ImageLog, level: Level) -> Drawing:
    margin = _margin(request, level)
    _check_size(request, level, margin)
    around = read_level(log, level, request.top - margin, request.base + margin)
    drawn = _strip(request, level, around)
    if request.width is not None:
        drawn = strip.widened(drawn, request.width)
    shown = _shown(request, around)
    return Drawing(drawn, first=float(shown[0]), last=float(shown[-1]))


def stretched_for(request: WindowRequest, log: ImageLog) -> Stretch:
    """The static stretch, from the histogram of the whole ``log`` where it takes one.

    Raises StatisticsMissing.
    """
    if request.stretch == "none":
        return request.stretched
    return stretch(request.stretch, log.gray_histogram(), request.percentiles)


def colors_for(request: WindowRequest, stretched: Stretch) -> ColorTable | None:
    """The colours of the 256 grays, (256, 3) uint8; None where each gray is itself."""
    if request.colormap is not None:
        return color_table(request.colormap, request.stops, stretched.table)
    grays = np.rint(stretched.table * 255).astype(np.uint8)
    return None if (grays == GRAYS).all() else np.repeat(grays[:, np.newaxis], 3, axis=1)


def legend(request: WindowRequest) -> bytes:
    """All grays from left to right, coloured as an image of the request would be, as PNG."""
    ramp = np.tile(GRAYS.astype(np.uint8), (LEGEND_HEIGHT, 1))
    height, width = ramp.shape
    return opaque_image(width, height, colors_for(request, request.stretched), image_data(ramp))


def _encoding_key(picture: Picture, kind: str) -> tuple[Any, ...]:
    return *picture.key, None if picture.colors is None else picture.colors.tobytes(), kind


@cached(encodings, _encoding_key, Lock())
def encode(picture: Picture, kind: str) -> bytes:
    """The picture as ``png`` or ``webp``, without loss, made now or lately.

    A PNG with transparent rows has no gray to spare for them, and is RGBA.
    """
    strip = picture.drawing.strip
    if kind == "png" and strip.filled.all():
        height, width = strip.grays.shape
        return opaque_image(width, height, picture.colors, strip.packed)
    pixels = rgba(strip.grays, picture.colors, strip.filled)
    if kind == "png":
        return rgba_image(pixels)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "WEBP", lossless=True, quality=0, method=0)
    return buffer.getvalue()


def _level(request: WindowRequest, log: ImageLog) -> Level:
    """The coarsest level of which each row of the picture has a trace at least."""
    levels = log.levels()
    if request.height is None:
        return levels[0]
    piece = (request.base - request.top) / request.height
    return [levels[0], *(o for o in levels[1:] if o.spacing and o.spacing <= piece)][-1]


def _margin(request: WindowRequest, level: Level) -> float:
    """How far beyond the window traces are read: to see across gaps, and to slide."""
    across = GAP_INTERVALS * (level.spacing or 0) if request.height is not None else 0
    return max(across, (request.sliding or 0) / 2)


def _check_size(request: WindowRequest, level: Level, margin: float) -> None:
    """Refuse, before it is read, what would be too large to draw. Raises WindowTooLarge."""
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
    """The depths of the traces in the window; of all around it where it lies between two."""
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
        at = strip.centres(request.top, request.base, request.height)
        drawn = strip.draw(around, request.top, request.base, request.height, level.spacing or 0)
    if not drawn.filled.any():
        raise nothing
    if request.sliding is None:
        return drawn
    tables = sliding(request.stretch, *around, at, request.sliding, request.percentiles)
    return Strip(np.take_along_axis(tables, drawn.grays.astype(np.intp), axis=1), drawn.filled)
