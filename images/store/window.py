"""Find the image logs of a depth range, and open their traces."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from bson import ObjectId

from images.arrays import Block, joined
from images.errors import LogNotFound, NothingInRange, WindowTooLarge
from images.models import ImageLog, Level
from images.store.level_window import LevelWindow
from images.store.merge import merged
from storage.bucket import Bucket
from storage.errors import FileCorrupt, translated
from storage.reader import read_chunks

# Logs that may overlap at one depth in one answer: a chunk of each is in memory.
MAX_OVERLAP = 16
# Logs of one answer. Their documents, of some kilobytes each, are in memory.
MAX_LOGS = 1000
# Logs whose edges are read by one query: at most 8 MB of depths.
MEASURED_LOGS = 16
_CHOOSE = "choose fewer with well= or log=, or a smaller range"


@dataclass(frozen=True, slots=True)
class Window:
    """The traces of one or more logs in a depth range.

    ``parts`` read the traces of each of the ``logs``. There are ``count`` traces, from the depth
    ``first`` to the depth ``last``.
    """

    logs: Sequence[ImageLog]
    parts: Sequence[LevelWindow]
    count: int
    first: float
    last: float

    @property
    def width(self) -> int | None:
        """The pixels of a trace; None if the logs have different widths."""
        widths = {part.level.width for part in self.parts}
        return widths.pop() if len(widths) == 1 else None

    @property
    def blocks(self) -> Iterator[Block]:
        """The traces in ascending depth. All logs must have the same width."""
        [first, *others] = self.parts
        return self.merged(lambda _, blocks: blocks) if others else first.blocks()

    def merged(
        self, convert: Callable[[ImageLog, Iterator[Block]], Iterator[Block]]
    ) -> Iterator[Block]:
        """Convert the traces of each log, then merge the results in ascending depth."""
        streams = [
            convert(log, part.blocks()) for log, part in zip(self.logs, self.parts, strict=True)
        ]
        return merged(streams, [part.ends[0] for part in self.parts])


@translated()
def matching_logs(
    top: float, base: float, well: str | None = None, log_id: ObjectId | None = None
) -> list[ImageLog]:
    """Return the logs that overlap the range, in the order of their uploads.

    ``well`` or ``log_id`` narrow the search. Curves are only found by their id.

    Raises LogNotFound, NothingInRange, WindowTooLarge, StorageUnavailable.
    """
    if log_id is not None:
        # A query by the id alone is the fastest one.
        log = ImageLog.with_id(log_id)
        logs = [log] if log and _is_ready(log, well) else []
        found = [log for log in logs if log.top <= base and log.base >= top]
    else:
        selection = {"state": ImageLog.State.READY, "kind": {"$ne": ImageLog.Kind.CURVE}}
        selection |= {} if well is None else {"well": well}
        in_range = {"top": {"$lte": base}, "base": {"$gte": top}}
        found = ImageLog.find({**selection, **in_range}, MAX_LOGS + 1)
        if len(found) > MAX_LOGS:
            raise WindowTooLarge(f"more than {MAX_LOGS} image logs match; {_CHOOSE}")
        logs = found or ([] if well is None else ImageLog.find(selection, 1))
    if not logs and (log_id or well):
        name = f"image log {log_id}" if log_id else "image log"
        raise LogNotFound(f"there is no {name}" + (f" in well {well}" if well else ""))
    if not found:
        raise nothing_in_range(top, base)
    return found


def _is_ready(log: ImageLog, well: str | None) -> bool:
    return log.state == ImageLog.State.READY and well in {None, log.well}


@translated()
def open_window(logs: Sequence[ImageLog], top: float, base: float) -> Window:
    """Open the traces of ``logs`` from ``top`` to ``base`` inclusive.

    This finds every error of the request. Reading the blocks afterwards can only raise
    StorageUnavailable and FileCorrupt.

    Raises NothingInRange, WindowTooLarge, StorageUnavailable, FileCorrupt.
    """
    found = _found(logs, top, base, measured=len(logs) > 1)
    return Window(
        logs=[log for log, _ in found],
        parts=[part for _, part in found],
        count=sum(part.count for _, part in found),
        first=min(part.ends[0] for _, part in found),
        last=max(part.ends[1] for _, part in found),
    )


@translated()
def check_window(logs: Sequence[ImageLog], top: float, base: float) -> None:
    """Raise what ``open_window`` raises for these arguments. Reads depths, but no pixels."""
    _found(logs, top, base, measured=True)


def _found(
    logs: Sequence[ImageLog], top: float, base: float, measured: bool
) -> list[tuple[ImageLog, LevelWindow]]:
    """The logs with traces in the range. If they are ``measured``, their depths are read first,
    all together."""
    _check_overlap(logs, top, base)
    parts = [LevelWindow(log.levels()[0], top, base, keeps=len(logs) == 1) for log in logs]
    if measured:
        _measure(parts)
    found = [
        (log, part)
        for log, part in zip(logs, parts, strict=True)
        if (part.measured or _read_edges_if_ready(log, part)) and part.count
    ]
    if not found:
        raise nothing_in_range(top, base)
    return found


def _check_overlap(logs: Sequence[ImageLog], top: float, base: float) -> None:
    """Raise WindowTooLarge if more than MAX_OVERLAP logs overlap at a depth of the range."""
    # Sorting puts the tops (-1) at a depth before the bases (1) there: both ends are inclusive.
    tops = [(max(log.top, top), -1) for log in logs]
    ends = sorted([*tops, *((min(log.base, base), 1) for log in logs)])
    for (depth, _), count in zip(ends, accumulate(-step for _, step in ends), strict=True):
        if count > MAX_OVERLAP:
            raise WindowTooLarge(
                f"more than {MAX_OVERLAP} image logs overlap at {depth}; {_CHOOSE}"
            )


def _measure(parts: Sequence[LevelWindow]) -> None:
    """Read the depths of the edges of all parts, MEASURED_LOGS logs at a time.

    A part whose chunks are missing stays unmeasured.
    """
    for start in range(0, len(parts), MEASURED_LOGS):
        batch = parts[start : start + MEASURED_LOGS]
        for bucket in {part.level.bucket for part in batch}:
            some = [part for part in batch if part.level.bucket == bucket]
            wanted = {part.level.file_ids[1]: part.edge_numbers for part in some}
            crcs = {file_id: crc for part in some for file_id, crc in part.level.crcs.items()}
            found = read_chunks(Bucket(bucket), wanted, crcs, missing_ok=True)
            for part in some:
                part.measure(found)


@translated()
def read_level(log: ImageLog, level: Level, top: float, base: float) -> Block:
    """Read all traces of one level of ``log`` from ``top`` to ``base`` inclusive.

    Raises NothingInRange if the log has been deleted; StorageUnavailable, FileCorrupt.
    """
    part = LevelWindow(level, top, base)
    if not _read_edges_if_ready(log, part):
        raise nothing_in_range(top, base)
    empty = Block(np.empty(0), np.empty((0, level.width), level.dtype))
    return joined(list(part.blocks()) or [empty])


def _read_edges_if_ready(log: ImageLog, part: LevelWindow) -> bool:
    """Read the edges. Returns False if the log has been deleted meanwhile."""
    try:
        part.read_edges()
    except FileCorrupt:
        if log.is_still_ready():
            raise
        return False
    return True


def nothing_in_range(top: float, base: float) -> NothingInRange:
    """The error of a range without traces."""
    return NothingInRange(f"there is no trace from {top} to {base}")
