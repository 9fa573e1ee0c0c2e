"""The rows of a table to drafts of its logs."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from functools import partial
from urllib.parse import urlencode

import numpy as np

from images.arrays import Depths, Values
from images.embedded import Axis
from images.errors import InvalidFile
from images.ingest.checks import misplaced, stated_depths
from images.ingest.depths import Depth
from images.ingest.drafts import Draft, drafted
from images.ingest.layout.plan import ARRAY, CURVE, Found, Layout, Options
from images.ingest.nulls import Nulls
from images.ingest.resample import resize_values
from images.ingest.table import Read, Table, Told
from images.models import ImageLog
from images.store.progress import Progress
from images.store.spool import TraceSpool

# The curves of a table share a spool; each is read out of it in so many pieces a chunk.
PIECES = 16
MAX_PART_CHARACTERS = 255


class _Spools:
    """Spools of the values of a table: one for each array, and one for all curves.

    ``columns`` are the columns of the table to read, in the order in which ``append`` takes them;
    ``names`` are the names of their logs, one for each value in a row.
    """

    def __init__(self, logs: Sequence[Found], options: Options, stack: ExitStack) -> None:
        self.arrays = [log for log in logs if log.kind != CURVE]
        self.curves = [log for log in logs if log.kind == CURVE]
        ordered = [*self.arrays, *self.curves]
        self.columns = tuple(i for log in ordered for i in log.columns)
        self.names = [log.name for log in ordered for _ in range(log.width)]
        self._ends = np.cumsum([log.width for log in ordered])[:-1]

        def spool(width: int) -> TraceSpool:
            return stack.enter_context(closing(TraceSpool(width, np.float32)))

        self._of_arrays = [
            spool(options.width if options.width and log.kind != ARRAY else log.width)
            for log in self.arrays
        ]
        self._of_curves = spool(max(len(self.curves), 1))

    def append(self, depths: Depths, values: Values) -> None:
        """Add rows: (n,) float64 and (n, columns) float32."""
        parts = np.split(values, self._ends, axis=1)
        for spool, part in zip(self._of_arrays, parts, strict=False):
            spool.append(depths, resize_values(part, spool.width))
        if self.curves:
            self._of_curves.append(depths, np.concatenate(parts[len(self.arrays) :], axis=1))

    def drafts(self, **common: object) -> Iterator[Draft]:
        """The draft of each log; ``common`` are fields that all of them have."""
        for log, spool in zip(self.arrays, self._of_arrays, strict=True):
            fields = {**_fields(log, spool.width), **common}
            yield drafted(spool.sort(), spool.chunks, **fields)
        ascending = self._of_curves.sort()
        for i, log in enumerate(self.curves):
            chunks = partial(_column, self._of_curves, i)
            yield drafted(ascending, chunks, **{**_fields(log, 1), **common})


def drafts(
    table: Table,
    plan: Layout,
    options: Options,
    unit: tuple[str | None, float],
    stack: ExitStack,
    progress: Progress,
) -> tuple[list[Draft], list[Told]]:
    """Read ``table`` into spools, which ``stack`` closes: the drafts of its logs, and warnings.

    ``unit`` is the unit of the depths that are kept, and the factor from those of the table.
    Raises InvalidFile, NoRoom.
    """
    depth_unit, factor = unit
    depth, spools = Depth(options, table.nulls, factor), _Spools(plan.logs, options, stack)
    nulls = Nulls(options.null, table.nulls, spools.names)
    rows = 0
    for block in table.rows(Read(plan.depth, spools.columns)):
        depths, values = depth.of(block.depths, np.require(block.values, requirements="W"))
        if not len(depths):
            continue
        rows += len(depths)
        progress.read(progress.rows + len(depths))
        nulls.blank(values)
        spools.append(depths, values)
    if not rows:
        raise InvalidFile("all depths are null" if depth.skipped else "there is no row of values")
    common = {"part": part(table, options), "rows_skipped": depth.skipped, "depth_unit": depth_unit}
    made = [*spools.drafts(**common)]
    doubts = _doubts(table, plan, made[0].log)
    return made, [*depth.warnings(nulls.asking), *nulls.warnings(), *doubts]


def _doubts(table: Table, plan: Layout, log: ImageLog) -> Iterator[Told]:
    """What is doubtful of a table; ``log`` is any of its logs, as all have the same depths."""
    kept = stated_depths.Range(log.top, log.base, log.sampling_interval, log.depth_unit)
    yield from stated_depths.differing(table, kept)
    if all(one.width == 1 for one in plan.logs):
        yield from misplaced.suspected(table.columns, log.sampling_interval)


def _fields(log: Found, width: int) -> dict[str, object]:
    axis = None
    if log.kind == ARRAY:
        places = log.axis or tuple(range(1, log.width + 1))
        axis = Axis(
            name="place" if log.axis else "column", unit=log.axis_unit or None, places=list(places)
        )
    return {
        "name": log.name,
        "unit": log.unit or None,
        "kind": ImageLog.Kind.CURVE if log.kind == CURVE else ImageLog.Kind.IMAGE,
        "values": ImageLog.Values.PHYSICAL,
        "width": width,
        "source_width": log.width,
        "first_azimuth": log.first_azimuth,
        "clockwise": log.clockwise,
        "azimuth_reference": log.azimuth_reference,
        "axis": axis,
    }


def part(table: Table, options: Options) -> str:
    """What tells apart logs with one name from one file: their table, and the options that change
    values and depths. A long text is cut and ends with its digest, so that it is unique."""
    told = {
        name: value
        for name in ("columns", "depth", "unit", "null", "depth_unit", "width", "top", "step")
        if (value := getattr(options, name)) not in (None, ())
    }
    text = f"{table.name}?{urlencode(told)}" if told else table.name
    if len(text) <= MAX_PART_CHARACTERS:
        return text
    digest = hashlib.sha256(text.encode(errors="replace")).hexdigest()
    return text[: MAX_PART_CHARACTERS - len(digest)] + digest


def _column(spool: TraceSpool, i: int, rows: int, chunk_rows: int) -> Iterator[bytes]:
    """The chunks of one curve of the many in ``spool``."""
    pieces = PIECES if chunk_rows % PIECES == 0 else 1
    column: list[bytes] = []
    for piece in spool.chunks(rows, chunk_rows // pieces):
        values = np.frombuffer(piece, np.float32).reshape(-1, spool.width)
        column.append(values[:, i].tobytes())
        if len(column) == pieces:
            yield b"".join(column)
            column = []
    if column:
        yield b"".join(column)
