"""A CSV, as its bytes come in, to a published image log: all of it or nothing."""

import hashlib
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any, NamedTuple, Self

import numpy as np

from images.arrays import Histogram
from images.errors import MAX_FAULTS, InvalidCsv
from images.ingest.checks.depths import DepthChecks
from images.ingest.contract.careful import SlabRows
from images.ingest.contract.header import DEPTH, SOURCE_WIDTH, is_above, parse_header
from images.ingest.contract.rows import parse_slab
from images.ingest.depths import null_depths
from images.ingest.drafts import Draft, drafted, publish
from images.ingest.gray_loss import SlabValues, ValuesBeside, values_of
from images.ingest.resample import WIDTH, resize_rows
from images.ingest.slabs import LineTooLong, SlabCutter
from images.ingest.table import Told
from images.ingest.text.lines import MAX_LINE_BYTES
from images.models import ImageLog
from images.store.spool import TraceSpool
from images.store.statistics import histogram
from web.errors import Fault, UploadTooLarge
from web.text import counted

# One more than the two that keep polars' own threads busy: it resizes while they parse.
THREADS = 3


class Parsed(NamedTuple):
    """A slab with its rows resized to traces, the histogram of these, what is known of its values,
    and how many of its depths were null."""

    slab: SlabRows
    histogram: Histogram
    values: SlabValues
    null_depths: int


class Ingest:
    """Takes the bytes of one CSV and publishes it as an image log; a context manager.

    Slabs of lines are parsed and resized by threads while further bytes come in, and the traces go
    to a temporary file. Nothing goes to MongoDB before ``publish``, and that raises where anything
    in the whole CSV is wrong.
    """

    def __init__(self, max_bytes: int) -> None:
        self.rows = 0
        self._max_bytes = max_bytes
        self._bytes = 0
        self._sha256 = hashlib.sha256()
        self._cutter = SlabCutter()
        self._columns: tuple[str, ...] = ()
        self._threads = ThreadPoolExecutor(THREADS, "ingest")
        self._under_way: deque[Future[Parsed]] = deque()
        self._spool = TraceSpool(WIDTH)
        self._histogram = np.zeros(256, np.int64)
        self._lines = 0
        self._skipped = 0
        self._faults: list[Fault] = []
        self._fault_count = 0
        self._values = ValuesBeside()
        self._null_depths = 0
        self._depths = DepthChecks()
        self._given_up = False
        self._stopped = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the threads and the temporary file; what is not published is gone."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._spool.close()
        self._values.close()

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the CSV, of any number. Raises UploadTooLarge, NoRoom."""
        self._bytes += len(data)
        if self._bytes > self._max_bytes:
            raise UploadTooLarge(self._max_bytes)
        if self._given_up:
            return
        self._sha256.update(data)
        try:
            if slab := self._cutter.feed(data):
                self._submit(slab)
        except LineTooLong:
            rest = self._cutter.rest()
            self._submit(rest[: rest.rfind(b"\n") + 1])
            self._collect_all()
            self._give_up(f"the line is longer than {MAX_LINE_BYTES} bytes")

    def draft(self) -> Draft:
        """The log of this CSV, whole, without a well. Raises InvalidCsv, NoRoom."""
        if not self._given_up:
            self._submit(self._cutter.rest())
        self._collect_all()
        if not self.rows and not self._null_depths and not self._faults:
            self._give_up("there is no row of values" if self._bytes else "the file is empty")
        if self._faults:
            raise InvalidCsv(self._faults, self._fault_count, at_least=self._stopped)
        if not self.rows:
            raise InvalidCsv([Fault(2, DEPTH, None, "all depths are null")], 1)
        spool = self._spool
        found: dict[str, Any] = {"histogram": self._histogram.astype("<i8").tobytes()}
        if kept := self._values.kept:
            spool, found = kept, {"values": ImageLog.Values.PHYSICAL}
        return drafted(
            spool.sort(),
            spool.chunks,
            sha256=self._sha256.hexdigest(),
            rows_skipped=self._skipped + self._null_depths,
            width=WIDTH,
            source_width=SOURCE_WIDTH,
            **found,
        )

    def publish(self, well: str, filename: str) -> tuple[ImageLog, bool]:
        """The image log of this CSV in ``well``, and whether it is new.

        Raises InvalidCsv, NoRoom, IngestOvertaken, StorageUnavailable.
        """
        draft = self.draft()
        draft.log.well, draft.log.filename = well, filename
        return publish([draft], self._bytes)[0]

    @property
    def warnings(self) -> list[Told]:
        """The warnings for the sender of the file, as (code, detail), once there is a draft."""
        warnings = []
        if self._null_depths:
            rows = counted(self._null_depths, "row was", "rows were")
            warnings.append(("rows-without-depth", f"{rows} left out, with a null for a depth"))
        if told := self._values.warning():
            warnings.append(told)
        return [*warnings, *self._depths.warnings(lambda _: "leave its rows out of the file")]

    def _submit(self, slab: bytes) -> None:
        if slab and not self._columns:
            slab = self._take_header(slab)
        if slab and not self._given_up:
            if len(self._under_way) >= THREADS:
                self._collect()
            keep = self._values.spool is not None
            self._under_way.append(self._threads.submit(_parse, slab, self._columns, keep))

    def _take_header(self, slab: bytes) -> bytes:
        """Read the header and what stands above it, and return the lines that follow."""
        line, end = b"", 0
        while not line or (is_above(line) and end < len(slab)):
            start, end = end, slab.find(b"\n", end) + 1 or len(slab)
            line = slab[start:end]
            self._lines += 1
        try:
            self._columns = parse_header(line)
        except InvalidCsv as error:
            faults = [replace(fault, line=self._lines) for fault in error.faults]
            self._add_faults(faults, error.total)
            self._given_up = True
        return slab[end:]

    def _collect_all(self) -> None:
        while self._under_way:
            if self._stopped:
                self._under_way.popleft().cancel()
            else:
                self._collect()

    def _collect(self) -> None:
        """Put the oldest slab under way into the spool."""
        slab, grays, values, null_depths = self._under_way.popleft().result()
        faults = [replace(fault, line=fault.line + self._lines + 1) for fault in slab.faults]
        self._add_faults(faults, slab.fault_count)
        # These are enough to correct the file; to look for more would only take time.
        self._stopped = self._stopped or self._fault_count >= MAX_FAULTS
        self._given_up = self._given_up or self._stopped
        self._lines += slab.lines
        self._skipped += slab.skipped
        self.rows += len(slab.depths)
        self._null_depths += null_depths
        if not self._faults:
            self._depths.add(slab.depths)
            self._spool.append(slab.depths, slab.pixels)
            self._histogram += grays
            self._values.add(slab.depths, values)

    def _add_faults(self, faults: list[Fault] | tuple[Fault, ...], count: int) -> None:
        self._faults = [*self._faults, *faults][:MAX_FAULTS]
        self._fault_count += count

    def _give_up(self, reason: str) -> None:
        """Note a fault after which reading on makes no sense."""
        self._add_faults([Fault(self._lines + 1, None, None, reason)], 1)
        self._given_up = True


def _parse(slab: bytes, columns: tuple[str, ...], keep: bool) -> Parsed:
    parsed = parse_slab(slab, columns)
    null = null_depths(parsed.depths)
    if null.any():
        parsed = replace(parsed, depths=parsed.depths[~null], pixels=parsed.pixels[~null])
    values = values_of(parsed.pixels, keep)
    # The traces replace the rows, which are larger.
    traces = resize_rows(parsed.pixels)
    return Parsed(replace(parsed, pixels=traces), histogram(traces), values, int(null.sum()))
