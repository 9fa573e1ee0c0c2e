"""The rows of a table to drafts of logs of values."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from functools import partial
from urllib.parse import urlencode

import numpy as np

from images.arrays import Depths
from images.errors import InvalidFile
from images.ingest import names
from images.ingest.depths import Turns, among, blank, null_depths
from images.ingest.drafts import Draft, drafted
from images.ingest.layout.plan import ARRAY, CURVE, Found, Layout, Options
from images.ingest.resample import resize_values
from images.ingest.table import USUAL_NULLS, Read, Table, Values
from images.models import Axis, ImageLog
from images.store.progress import Progress
from images.store.spool import TraceSpool

# The curves of a table share a spool; each is read out of it in so many pieces a chunk.
PIECES = 16

Told = tuple[str, str]


class Depth:
    """The depths of a table: those of its column, or those that a top and a step make.

    ``factor`` changes their unit.
    """

    def __init__(self, options: Options, nulls: tuple[float, ...], factor: float = 1.0) -> None:
        self.skipped = 0
        self.turns = Turns()
        self._top, self._step = options.top, options.step
        self._nulls = nulls
        self._factor = factor
        self._rows = 0

    def of(self, depths: Depths | None, values: Values) -> tuple[Depths, Values]:
        """The depths of a block and its values, without the rows whose depth is null."""
        first, self._rows = self._rows, self._rows + len(values)
        if depths is None:
            rows = np.arange(first, self._rows)
            with np.errstate(over="ignore"):
                made = _finite(np.asarray(float(self._top or 0) + rows * float(self._step or 0)))
            if (made[1:] == made[:-1]).any():
                raise InvalidFile(f"a step of {self._step:g} is lost beside a depth of {made[0]:g}")
            return made, values
        null = null_depths(depths, self._nulls)
        if null.any():
            self.skipped += int(null.sum())
            depths, values = depths[~null], values[~null]
        self.turns.add(depths)
        with np.errstate(over="ignore"):
            return _finite(depths * self._factor if self._factor != 1 else depths), values


def _finite(depths: Depths) -> Depths:
    """The same ``depths``. Raises InvalidFile where one is infinite."""
    if np.isinf(depths).any():
        raise InvalidFile("a depth is infinite, or larger than a number can be")
    return depths


def drafts(
    table: Table,
    plan: Layout,
    options: Options,
    depth: Depth,
    unit: str | None,
    stack: ExitStack,
    progress: Progress,
) -> tuple[list[Draft], list[Told]]:
    """Read ``table`` into spools, which ``stack`` closes: the drafts of its logs, and warnings.

    Raises InvalidFile, NoRoom.
    """
    curves = [log for log in plan.logs if log.kind == CURVE]
    arrays = [log for log in plan.logs if log.kind != CURVE]
    widths = [_width(log, options) for log in arrays]
    spools = [stack.enter_context(closing(TraceSpool(width, np.float32))) for width in widths]
    shared = stack.enter_context(closing(TraceSpool(max(len(curves), 1), np.float32)))
    counted: Counter[float] = Counter()
    suspects: Counter[float] = Counter()
    declared = options.null if options.null is not None else table.nulls
    nulls = declared if options.null is not None else declared or USUAL_NULLS
    rows = 0
    ends = np.cumsum([log.width for log in [*arrays, *curves]])
    read = Read(plan.depth, tuple(i for log in [*arrays, *curves] for i in log.columns))
    for block in table.rows(read):
        depths, values = depth.of(block.depths, np.require(block.values, requirements="W"))
        if not len(depths):
            continue
        rows += len(depths)
        progress.read(progress.rows + len(depths))
        counted += blank(values, nulls)
        if nulls is not USUAL_NULLS:
            suspects += among(values, USUAL_NULLS)
        parts = np.split(values, ends[:-1], axis=1)
        for spool, part in zip(spools, parts, strict=False):
            spool.append(depths, resize_values(part, spool.width))
        if curves:
            shared.append(depths, np.concatenate(parts[len(arrays) :], axis=1))
    if not rows:
        raise InvalidFile("all depths are null" if depth.skipped else "there is no row of values")
    warnings = _warnings(depth, counted, table, options)
    common = {"rows_skipped": depth.skipped, "depth_unit": unit}
    made = [
        _draft(log, spool, table, options, common)
        for log, spool in zip(arrays, spools, strict=True)
    ]
    if curves:
        ascending = shared.sort()
        for i, log in enumerate(curves):
            chunks = partial(_column, shared, i)
            made.append(drafted(ascending, chunks, **_fields(log, 1, table, options), **common))
    for warning in (
        depth.turns.warning(),
        _suspected(suspects, table) if options.null is None else None,
        _ends(made[0], table, unit),
    ):
        if warning:
            warnings.append(warning)
    return made, warnings


def _width(log: Found, options: Options) -> int:
    return options.width if options.width and log.kind != ARRAY else log.width


def _draft(
    log: Found, spool: TraceSpool, table: Table, options: Options, common: Mapping[str, object]
) -> Draft:
    fields = _fields(log, spool.width, table, options)
    return drafted(spool.sort(), spool.chunks, **fields, **common)


def _fields(log: Found, width: int, table: Table, options: Options) -> dict[str, object]:
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
        "axis": axis,
        "part": part(table, options),
    }


def part(table: Table, options: Options) -> str:
    """What tells apart logs of one name that one file can give: its table, and the options that
    change values and depths."""
    told = {
        name: value
        for name in ("columns", "depth", "unit", "null", "depth_unit", "width", "top", "step")
        if (value := getattr(options, name)) not in (None, ())
    }
    return f"{table.name}?{urlencode(told)}"[:255] if told else table.name[:255]


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


def _warnings(depth: Depth, counted: Counter[float], table: Table, options: Options) -> list[Told]:
    warnings = []
    if depth.skipped:
        detail = f"{depth.skipped} rows have no depth and were left out"
        warnings.append(("rows-without-depth", detail))
    if counted and options.null is None and not table.nulls:
        found = ", ".join(f"{null:g} ({count} times)" for null, count in counted.items())
        detail = f"{found} was taken for a null, which the file does not say; null= says otherwise"
        warnings.append(("nulls-assumed", detail))
    return warnings


def _suspected(suspects: Counter[float], table: Table) -> Told | None:
    """What to tell of values that usually are nulls, which a file does not declare."""
    if not suspects:
        return None
    found = ", ".join(f"{null:g} ({count} times)" for null, count in suspects.items())
    every = ",".join(f"{null:g}" for null in (*table.nulls, *suspects))
    declared = ", ".join(f"{null:g}" for null in table.nulls)
    return (
        "nulls-suspected",
        f"{found} is among the values, while the file declares {declared} for nulls;"
        f" null={every} makes nulls of them too",
    )


def _ends(draft: Draft, table: Table, unit: str | None) -> Told | None:
    """What to tell where the depths are not those that the header of the file tells."""
    if table.ends is None or table.unit_of_ends:
        return None
    told, kept = names.length_unit(table.ends.unit), names.length_unit(unit or "")
    if bool(told) != bool(kept):
        return None
    factor = told[1] / kept[1] if told and kept else 1.0
    low, high = sorted((table.ends.first * factor, table.ends.last * factor))
    top, base, interval = draft.log.top, draft.log.base, draft.log.sampling_interval or 0
    allowed = 1.5 * interval + 1e-6 * max(abs(top), abs(base))
    step = abs(table.ends.step or 0) * factor
    even = not step or not interval or abs(step - interval) <= 0.01 * interval
    if abs(low - top) <= allowed and abs(high - base) <= allowed and even:
        return None
    by_header = f"{low:.10g} to {high:.10g}" + (f" with a step of {step:.6g}" if step else "")
    return (
        "header-disagrees",
        f"by STRT, STOP and STEP the depths are {by_header}; they are {top:.10g} to {base:.10g}"
        f" with a step of {interval:.6g}",
    )
