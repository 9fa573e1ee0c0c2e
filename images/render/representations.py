"""A recipe and its image logs to the body and the headers of an answer."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from images.errors import SeveralLogs
from images.models import ImageLog
from images.render import raster
from images.render.json_images import json_answer, ndjson_answer
from images.render.tables import csv_answer, npy_answer, npz_answer
from images.render.window_request import PICTURES, Recipe
from images.store.window import open_window

MEDIA_TYPES = {
    "json": "application/json",
    "png": "image/png",
    "webp": "image/webp",
    "npy": "application/x-npy",
    "npz": "application/x-npz",
    "csv": "text/csv",
    "ndjson": "application/x-ndjson",
}


@dataclass
class Answer:
    """What goes out: the body, whole or in pieces, and headers with its facts."""

    media_type: str
    body: bytes | Iterator[bytes]
    headers: dict[str, str] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)


class Stopwatch:
    """Milliseconds from one call to the next."""

    def __init__(self) -> None:
        self._since = time.perf_counter()

    def lap(self) -> float:
        since, self._since = self._since, time.perf_counter()
        return (self._since - since) * 1000


def make(recipe: Recipe, logs: Sequence[ImageLog]) -> Answer:
    """Make what the recipe says of ``logs``, of which there is at least one.

    Raises SeveralLogs, NothingInRange, WindowTooLarge, TooManyPictures, StatisticsMissing,
    StorageUnavailable, FileCorrupt.
    """
    if recipe.of_one_log and len(logs) > 1:
        raise SeveralLogs([(str(log.pk), log.well, log.filename) for log in logs])
    if recipe.format in PICTURES:
        return _picture(recipe, logs[0])
    return _list(recipe, logs)


def _picture(recipe: Recipe, log: ImageLog) -> Answer:
    watch = Stopwatch()
    with raster.room_for(recipe, log):
        picture = raster.picture(recipe, log)
        chunks_time = watch.lap()
        body = raster.encode(picture, recipe.format)
    headers = {
        "Image-Rows": str(len(picture.drawing.strip.grays)),
        "Image-First-Depth": repr(picture.drawing.first),
        "Image-Last-Depth": repr(picture.drawing.last),
        "Image-Level": str(picture.level),
        "Image-Value-Range": _range(picture.value_range),
        "Image-Colormap": recipe.colormap or "none",
        "Image-Log": str(log.pk),
    }
    timings = {"chunks": chunks_time, "render": watch.lap()}
    return Answer(MEDIA_TYPES[recipe.format], body, headers, timings)


def _list(recipe: Recipe, logs: Sequence[ImageLog]) -> Answer:
    watch = Stopwatch()
    window = open_window(logs, recipe.top, recipe.base)
    timings = {"chunks": watch.lap()}
    count, width, blocks = window.count, window.width, window.blocks
    stretched = raster.stretched_for(recipe, logs[0])
    colors = raster.colors_for(recipe, stretched)
    body: Iterator[bytes]
    match recipe.format:
        case "npy":
            body = npy_answer(count, width, blocks)
        case "npz":
            body = npz_answer(count, width, blocks)
        case "csv":
            body = csv_answer(width, blocks)
        case "ndjson":
            body = ndjson_answer(colors, blocks)
        case _:
            facts: dict[str, Any] = {"count": count, "width": width, "colormap": recipe.colormap}
            if not recipe.plain:
                facts |= {"stretch": recipe.stretch, "value_range": [stretched.low, stretched.high]}
            body = json_answer(facts, colors, blocks)
    return Answer(MEDIA_TYPES[recipe.format], body, {"Image-Rows": str(count)}, timings)


def _range(value_range: tuple[float, float] | None) -> str:
    return "sliding" if value_range is None else f"{value_range[0]:g} {value_range[1]:g}"
