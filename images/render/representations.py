"""The table of representations: the formats in which a window can be answered.

To add a format, add a row here and its writer in a module of its own.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from images.arrays import DEPTH_TYPE, Block
from images.models import ImageLog
from images.render.colouring import Colouring, colouring
from images.render.window_parameters import COLOUR, COLUMNS, HEIGHT, SIZE, Parameters
from images.render.window_request import WindowRequest
from images.render.writers.arrow import PARQUET_BYTES, write_arrow, write_parquet
from images.render.writers.desktop import write_las, write_techlog
from images.render.writers.json_images import make_entries, write_json, write_ndjson
from images.render.writers.labels import DEGREES, Labels, azimuths
from images.render.writers.tables import write_csv, write_npy, write_npz
from images.store.window import Window

# The packages that encode answers. Their versions are part of ETags.
LIBRARIES = ("isal", "matplotlib", "nanoarrow", "numpy", "orjson", "pillow", "polars")


def _places(log: ImageLog) -> dict[str, Any]:
    if log.axis is not None:
        return {"places": log.axis.places, "place_unit": log.axis.unit or ""}
    if log.first_azimuth is None or log.width == 1:
        return {}
    places = azimuths(log.width, log.first_azimuth, log.clockwise)
    return {"places": places.tolist(), "place_unit": DEGREES}


@dataclass(frozen=True)
class OpenedWindow:
    """The input of a writer: the request, its logs, and their traces in the window."""

    request: WindowRequest
    logs: Sequence[ImageLog]
    window: Window

    @cached_property
    def colouring(self) -> Colouring:
        """The colouring of the first log."""
        return colouring(self.request, self.logs[0])

    @property
    def labels(self) -> Labels:
        """The names, units and extent of the only log."""
        [log], window = self.logs, self.window
        # Most files have rounded depths, so steps may differ by a hundredth.
        steps = (log.smallest_step, log.largest_step)
        interval = log.sampling_interval
        regular = interval and all(s and abs(s - interval) <= interval / 100 for s in steps)
        minimum, maximum = log.value_limits
        return Labels(
            log=str(log.pk),
            well=log.well,
            name=log.name,
            unit=log.unit or "",
            depth_unit=log.depth_unit or "",
            azimuth_reference=log.azimuth_reference or "",
            width=log.width,
            first=window.first,
            last=window.last,
            step=interval if regular else None,
            minimum=minimum,
            maximum=maximum,
            **_places(log),
        )

    @property
    def shape(self) -> tuple[int, int]:
        """The shape of the traces of the only log: (traces, width)."""
        return self.window.count, self.logs[0].width

    @property
    def columns(self) -> list[str]:
        """The names of the columns in a CSV, which can be uploaded again."""
        [log] = self.logs
        if log.values == log.Values.GRAYS:
            return [f"col{number}" for number in range(1, log.width + 1)]
        return self.labels.columns()

    @property
    def dtype(self) -> Any:
        """The dtype of the traces of the only log: uint8 or float32."""
        return self.logs[0].dtype


@dataclass(frozen=True, eq=False)
class Representation:
    """One format of a window.

    ``note`` is its documentation. ``takes`` are its query parameters, without those that select
    logs. ``merges`` says whether it can contain several logs, ``compresses`` whether gzip makes it
    smaller. ``write`` yields the body; it is None for pictures. ``buffer_bytes`` is the memory that
    the writer needs besides some chunks of each log. ``lasts`` says that it contains nothing
    that people can change, such as names and units. ``distinct`` says that traces of the same depth
    cannot be told apart in it. Browsers show what is ``shown`` and save the rest, in a file with
    the ``suffix``, by default the name.
    """

    name: str
    media_type: str
    note: str
    takes: Parameters = ()
    merges: bool = False
    compresses: bool = False
    write: Callable[[OpenedWindow], Iterator[bytes]] | None = None
    buffer_bytes: Callable[[OpenedWindow], int] = lambda _: 0
    lasts: bool = False
    distinct: bool = False
    shown: bool = False
    suffix: str = ""


def _entries(opened: OpenedWindow) -> Iterator[Block]:
    """Make a JSON entry of every trace. If there are several logs, each entry names its log."""
    window, request = opened.window, opened.request
    alone = len(opened.logs) == 1

    def convert(log: ImageLog, blocks: Iterator[Block]) -> Iterator[Block]:
        found = colouring(request, log)
        coded = (Block(block.depths, found.codes(block.traces)) for block in blocks)
        return make_entries(coded, found.trace_colors, None if alone else str(log.pk))

    return convert(opened.logs[0], window.blocks) if alone else window.merged(convert)


def _write_window_json(opened: OpenedWindow) -> Iterator[bytes]:
    request, window = opened.request, opened.window
    facts: dict[str, Any] = {
        "count": window.count,
        "width": window.width,
        "colormap": request.colormap,
    }
    if len(opened.logs) == 1:
        [log], found = opened.logs, opened.colouring
        if found.values is not None:
            facts |= {"unit": log.unit, "scale": request.scale}
        if found.values is not None or not request.plain:
            facts |= {"stretch": request.stretch, "value_range": [found.low, found.high]}
    elif not request.plain:
        facts |= {"stretch": request.stretch}
    return write_json(facts, _entries(opened))


# The first one is the default.
REPRESENTATIONS: Mapping[str, Representation] = {
    representation.name: representation
    for representation in (
        Representation(
            "json",
            "application/json",
            "Every trace as a PNG of its own in base64; streamed.",
            COLOUR,
            merges=True,
            compresses=True,
            write=_write_window_json,
            shown=True,
        ),
        Representation(
            "png",
            "image/png",
            "One picture, shallow end up; rows in a gap are transparent.",
            COLOUR + SIZE,
            lasts=True,
            shown=True,
        ),
        Representation(
            "webp",
            "image/webp",
            "The same picture as a lossless WebP.",
            COLOUR + SIZE,
            lasts=True,
            shown=True,
        ),
        Representation(
            "npy",
            "application/x-npy",
            "A NumPy array, (traces, width): uint8 grays, or float32 values with NaN as null;"
            " streamed. With `height`: (height, width) float32, each row the same length of depth,"
            " NaN in gaps.",
            (HEIGHT,),
            compresses=True,
            write=lambda o: write_npy(o.shape, o.dtype, o.window.blocks),
            lasts=True,
        ),
        Representation(
            "npz",
            "application/x-npz",
            "`traces` as in npy, and `depths`, (traces,) float64; streamed.",
            write=lambda o: write_npz(o.shape, o.dtype, o.window.blocks),
            buffer_bytes=lambda o: o.window.count * DEPTH_TYPE.itemsize,
            lasts=True,
        ),
        Representation(
            "csv",
            "text/csv",
            "A line for each trace: `depth`, then a column for each pixel, for grays `col1`,"
            " `col2`, …, for values `NAME[0]`, `NAME[1]`, …; streamed.",
            compresses=True,
            write=lambda o: write_csv(o.columns, o.window.blocks),
        ),
        Representation(
            "parquet",
            "application/vnd.apache.parquet",
            "A Parquet file with the columns `depth` and `values`, which has each trace as a list"
            " of a fixed size. Its metadata tell the names and units, and in `places` the azimuths"
            " of the columns where they are known, or their values on the axis of the log.",
            (COLUMNS,),
            write=lambda o: write_parquet(o.labels, o.dtype, o.request.wide, o.window.blocks),
            buffer_bytes=lambda _: PARQUET_BYTES,
        ),
        Representation(
            "arrow",
            "application/vnd.apache.arrow.stream",
            "The same columns and metadata as an Arrow IPC stream.",
            (COLUMNS,),
            compresses=True,
            write=lambda o: write_arrow(o.labels, o.dtype, o.request.wide, o.window.blocks),
        ),
        Representation(
            "las",
            "application/x-las",
            "LAS 2.0 with the columns of an array as `NAME[0]`, `NAME[1]`, …; streamed.",
            compresses=True,
            write=lambda o: write_las(o.labels, o.window.blocks),
        ),
        Representation(
            "techlog",
            "application/x-techlog",
            "CSV in Techlog's long form, a line for each pixel; streamed. Not of a log with several"
            " traces of one depth, which it cannot tell apart.",
            compresses=True,
            distinct=True,
            suffix="csv",
            write=lambda o: write_techlog(o.labels, o.window.blocks),
        ),
        Representation(
            "ndjson",
            "application/x-ndjson",
            "The entries of JSON, an object with `depth` and `image` on each line; streamed.",
            COLOUR,
            merges=True,
            compresses=True,
            write=lambda o: write_ndjson(_entries(o)),
        ),
    )
}
