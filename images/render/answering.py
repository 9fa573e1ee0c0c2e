"""Make the answer to a window request, within the memory budget."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from images.arrays import Block
from images.errors import SeveralLogs
from images.models import ImageLog
from images.render import pictures
from images.render.representations import REPRESENTATIONS, OpenedWindow, Representation
from images.render.window_request import WindowRequest
from images.render.writers.tables import write_npy
from images.store.window import MAX_OVERLAP, open_window
from web.budget import Reservation, reserved
from web.errors import InvalidParameter

# Memory for streaming one log: a page of chunks, and the output for one chunk.
STREAM_BYTES = 6 * 1024**2


@dataclass
class Answer:
    """The body of an answer, at once or as a stream, its headers, and timings in milliseconds.

    ``held`` is the memory of a large body that is not a stream.
    """

    media_type: str
    body: bytes | Iterator[bytes]
    headers: dict[str, str] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)
    held: Reservation | None = None


class Stopwatch:
    """Measures time; starts when it is made."""

    def __init__(self) -> None:
        self._since = time.perf_counter()

    def lap(self) -> float:
        """Return the milliseconds since the last call."""
        since, self._since = self._since, time.perf_counter()
        return (self._since - since) * 1000


def check_logs(request: WindowRequest, logs: Sequence[ImageLog]) -> None:
    """Raise SeveralLogs if there are several ``logs`` and the representation takes only one, and
    InvalidParameter if it cannot tell traces of one depth apart and the log has such."""
    representation = REPRESENTATIONS[request.format]
    merges = representation.merges and request.stretch == "none"
    if len(logs) > 1 and not merges:
        raise SeveralLogs([(str(log.pk), log.well, log.name, log.filename) for log in logs])
    if representation.distinct and (number := logs[0].duplicate_depths):
        reason = f"{number} traces of the log have the depth of another; csv keeps them apart"
        raise InvalidParameter("format", request.format, reason)


def make_answer(request: WindowRequest, logs: Sequence[ImageLog]) -> Answer:
    """Make the answer to a request from one or more ``logs``. Call ``check_logs`` first.

    Raises NothingInRange, WindowTooLarge, BudgetExhausted, TooLargeForBudget, StatisticsMissing,
    InvalidParameter, StorageUnavailable, FileCorrupt.
    """
    representation = REPRESENTATIONS[request.format]
    if representation.write is None:
        return _make_picture(representation, request, logs[0])
    if request.height is not None:
        return _make_array(representation, request, logs[0])
    watch = Stopwatch()
    opened = OpenedWindow(request, logs, open_window(logs, request.top, request.base))
    timings = {"chunks": watch.lap()}
    headers = {"Image-Rows": str(opened.window.count)}
    nbytes = STREAM_BYTES * min(len(logs), MAX_OVERLAP) + representation.buffer_bytes(opened)
    what = "the window; choose one log or a smaller range"
    body = reserved(nbytes, what, partial(representation.write, opened))
    return Answer(representation.media_type, body, headers, timings)


def _make_picture(representation: Representation, request: WindowRequest, log: ImageLog) -> Answer:
    watch = Stopwatch()
    with pictures.reserve_memory(request, log, representation.name) as memory:
        picture = pictures.make_picture(request, log)
        chunks_time = watch.lap()
        body = pictures.encode(picture, representation.name)
        held = memory.lasting(body)
    headers = {
        "Image-Rows": str(len(picture.drawing.raster.pixels)),
        "Image-First-Depth": repr(picture.drawing.first),
        "Image-Last-Depth": repr(picture.drawing.last),
        "Image-Level": str(picture.level),
        "Image-Value-Range": _format_range(picture.value_range),
        "Image-Colormap": request.colormap or "none",
        "Image-Log": str(log.pk),
    }
    timings = {"chunks": chunks_time, "render": watch.lap()}
    return Answer(representation.media_type, body, headers, timings, held)


def _make_array(representation: Representation, request: WindowRequest, log: ImageLog) -> Answer:
    """Make an NPY file of the rows of a picture that is not coloured."""
    watch = Stopwatch()
    with pictures.reserve_memory(request, log, representation.name) as memory:
        drawing, level = pictures.draw(request, log)
        rows = drawing.raster.pixels.astype(np.float32)
        rows[~drawing.raster.filled] = np.nan
        body = b"".join(write_npy(rows.shape, rows.dtype, [Block(np.empty(0), rows)]))
        held = memory.lasting(body)
    headers = {"Image-Rows": str(len(rows)), "Image-Level": str(level), "Image-Log": str(log.pk)}
    return Answer(representation.media_type, body, headers, {"chunks": watch.lap()}, held)


def _format_range(value_range: tuple[float, float] | None) -> str:
    return "sliding" if value_range is None else f"{value_range[0]:g} {value_range[1]:g}"
