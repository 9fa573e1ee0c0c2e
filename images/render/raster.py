"""A window of one image log to one picture."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from images.arrays import Block, Depths
from images.errors import NothingInRange, TooManyPictures, WindowTooLarge
from images.models import ImageLog, Level
from images.render import strip
from images.render.colormap import ColorTable, color_table
from images.render.png import image_data, opaque_image, rgba, rgba_image
from images.render.stretch import GRAYS, Stretch, linear, sliding, stretch
from images.render.strip import Strip
from images.render.window_request import MAX_HEIGHT, Recipe
from images.store.chunks import CHUNK_ROWS
from images.store.statistics import GAP_INTERVALS
from images.store.window import LevelWindow, read_level
from web.kept import Kept

# Traces whose grays dynamic normalisation may look at for one picture.
MAX_SLIDING_TRACES = 40_000
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
_drawn: Kept[tuple[Any, ...], Drawing] = Kept(8 * 1024**2, _bytes_of)
_encoded: Kept[tuple[Any, ...], bytes] = Kept(8 * 1024**2, len)


@contextmanager
def room_for(recipe: Recipe, log: ImageLog) -> Iterator[None]:
    """Within it the picture is drawn and encoded. Raises TooManyPictures where there is none."""
    if (recipe.height or MAX_HEIGHT) * (recipe.width or log.width) <= LARGE_PIXELS:
        yield
    elif _large.acquire(blocking=False):
        try:
            yield
        finally:
            _large.release()
    else:
        raise TooManyPictures("other large pictures are being drawn; try again in some seconds")


def picture(recipe: Recipe, log: ImageLog) -> Picture:
    """Draw the window, from what is stored or was drawn lately.

    Raises NothingInRange, WindowTooLarge, StatisticsMissing, StorageUnavailable, FileCorrupt.
    """
    level = _level(recipe, log)
    key = (*level.file_ids, *recipe.geometry)
    drawing = _drawn.get_or_make(key, lambda: _draw(recipe, log, level))
    stretched = None if recipe.sliding else stretched_for(recipe, log)
    return Picture(
        key,
        drawing,
        level.number,
        value_range=(stretched.low, stretched.high) if stretched else None,
        colors=colors_for(recipe, stretched or linear(0, 255)),
    )


def _draw(recipe: Recipe, log: ImageLog, level: Level) -> Drawing:
    margin = _margin(recipe, level)
    _check_size(recipe, level, margin)
    around = read_level(log, level, recipe.top - margin, recipe.base + margin)
    drawn = _strip(recipe, level, around)
    if recipe.width is not None:
        drawn = strip.widened(drawn, recipe.width)
    shown = _shown(recipe, around)
    return Drawing(drawn, first=float(shown[0]), last=float(shown[-1]))


def stretched_for(recipe: Recipe, log: ImageLog) -> Stretch:
    """The static stretch, from the histogram of the whole ``log`` where it takes one.

    Raises StatisticsMissing.
    """
    if recipe.stretch == "none":
        return recipe.stretched
    return stretch(recipe.stretch, log.gray_histogram(), recipe.percentiles)


def colors_for(recipe: Recipe, stretched: Stretch) -> ColorTable | None:
    """The colours of the 256 grays, (256, 3) uint8; None where each gray is itself."""
    if recipe.colormap is not None:
        return color_table(recipe.colormap, recipe.stops, stretched.table)
    grays = np.rint(stretched.table * 255).astype(np.uint8)
    return None if (grays == GRAYS).all() else np.repeat(grays[:, np.newaxis], 3, axis=1)


def legend(recipe: Recipe) -> bytes:
    """All grays from left to right, coloured as an image of the recipe would be, as PNG."""
    ramp = np.tile(GRAYS.astype(np.uint8), (LEGEND_HEIGHT, 1))
    height, width = ramp.shape
    return opaque_image(width, height, colors_for(recipe, recipe.stretched), image_data(ramp))


def encode(picture: Picture, kind: str) -> bytes:
    """The picture as ``png`` or ``webp``, without loss, made now or lately."""
    colors = None if picture.colors is None else picture.colors.tobytes()
    return _encoded.get_or_make((*picture.key, colors, kind), lambda: _encode(picture, kind))


def _encode(picture: Picture, kind: str) -> bytes:
    """A PNG with transparent rows has no gray to spare for them, and is RGBA."""
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


def _level(recipe: Recipe, log: ImageLog) -> Level:
    """The coarsest level of which each row of the picture has a trace at least."""
    levels = log.levels()
    if recipe.height is None:
        return levels[0]
    piece = (recipe.base - recipe.top) / recipe.height
    return [levels[0], *(o for o in levels[1:] if o.spacing and o.spacing <= piece)][-1]


def _margin(recipe: Recipe, level: Level) -> float:
    """How far beyond the window traces are read: to see across gaps, and to slide."""
    across = GAP_INTERVALS * (level.spacing or 0) if recipe.height is not None else 0
    return max(across, (recipe.sliding or 0) / 2)


def _check_size(recipe: Recipe, level: Level, margin: float) -> None:
    """Refuse, before it is read, what would be too large to draw. Raises WindowTooLarge."""
    around = LevelWindow(level, recipe.top - margin, recipe.base + margin).most
    if recipe.sliding and around > MAX_SLIDING_TRACES:
        raise WindowTooLarge(
            f"dynamic normalisation would look at up to {around} traces, and at most"
            f" {MAX_SLIDING_TRACES} are allowed; choose a smaller window or range, or a height"
        )
    # All but the chunks at both ends are full of traces of the window.
    surely = LevelWindow(level, recipe.top, recipe.base).most - 2 * CHUNK_ROWS
    if recipe.height is None and surely > MAX_HEIGHT:
        raise _too_high(f"more than {MAX_HEIGHT}")


def _too_high(count: str) -> WindowTooLarge:
    return WindowTooLarge(
        f"the window holds {count} traces and a picture has at most {MAX_HEIGHT} rows;"
        " give a height"
    )


def _shown(recipe: Recipe, around: Block) -> Depths:
    """The depths of the traces in the window; of all around it where it lies between two."""
    inside = (around.depths >= recipe.top) & (around.depths <= recipe.base)
    return around.depths[inside] if inside.any() else around.depths


def _strip(recipe: Recipe, level: Level, around: Block) -> Strip:
    """Raises NothingInRange where no row would show anything, WindowTooLarge."""
    nothing = NothingInRange(f"there is no trace from {recipe.top} to {recipe.base}")
    if not len(around.depths):
        raise nothing
    if recipe.height is None:
        inside = (around.depths >= recipe.top) & (around.depths <= recipe.base)
        traces, at = around.traces[inside], around.depths[inside]
        if len(traces) > MAX_HEIGHT:
            raise _too_high(str(len(traces)))
        drawn = Strip(traces, np.ones(len(traces), bool))
    else:
        at = strip.centres(recipe.top, recipe.base, recipe.height)
        drawn = strip.draw(around, recipe.top, recipe.base, recipe.height, level.spacing or 0)
    if not drawn.filled.any():
        raise nothing
    if recipe.sliding is None:
        return drawn
    tables = sliding(recipe.stretch, *around, at, recipe.sliding, recipe.percentiles)
    return Strip(np.take_along_axis(tables, drawn.grays.astype(np.intp), axis=1), drawn.filled)
