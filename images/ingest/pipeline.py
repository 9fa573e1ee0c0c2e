"""A CSV, as its bytes come in, to a published image log: all of it or nothing."""

import hashlib
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import NamedTuple, Self

import numpy as np
from prometheus_client import Counter

from images.arrays import Histogram
from images.errors import Fault, InvalidCsv
from images.ingest import csv_rows
from images.ingest.csv_rows import MAX_FAULTS, MAX_LINE_BYTES, Slab
from images.ingest.resample import WIDTH, resize_rows
from images.ingest.slabs import LineTooLong, SlabCutter
from images.models import ImageLog
from images.store import journal
from images.store.depths import duplicates, sampling_interval
from images.store.spool import TraceSpool
from images.store.statistics import histogram, steps
from web.errors import UploadTooLarge

# One more than the two that keep polars' own threads busy: it resizes while they parse.
THREADS = 3
_ingested_rows = Counter("image_log_ingested_rows", "Rows of the CSVs that became image logs.")
_ingested_bytes = Counter("image_log_ingested_bytes", "Bytes of the CSVs that became image logs.")


class Parsed(NamedTuple):
    """A slab with its rows resized to traces, and the histogram of these, (256,) int64."""

    slab: Slab
    histogram: Histogram


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
        self._given_up = False
        self._stopped = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back the threads and the temporary file; what is not published is gone."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._spool.close()

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the CSV, of any number. Raises UploadTooLarge, SpoolFull."""
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

    def publish(self, well: str, filename: str) -> tuple[ImageLog, bool]:
        """The image log of this CSV in ``well``, and whether it is new.

        Raises InvalidCsv, SpoolFull, IngestOvertaken, StorageUnavailable.
        """
        if not self._given_up:
            self._submit(self._cutter.rest())
        self._collect_all()
        if not self.rows and not self._faults:
            self._give_up("there is no row of values" if self._bytes else "the file is empty")
        if self._faults:
            raise InvalidCsv(self._faults, self._fault_count, at_least=self._stopped)
        depths = self._spool.sort()
        interval = sampling_interval(depths)
        found = steps(depths, interval)
        log = ImageLog(
            well=well,
            filename=filename,
            sha256=self._sha256.hexdigest(),
            rows=self.rows,
            rows_skipped=self._skipped,
            duplicate_depths=duplicates(depths),
            width=WIDTH,
            source_width=csv_rows.SOURCE_WIDTH,
            top=float(depths[0]),
            base=float(depths[-1]),
            sampling_interval=interval,
            smallest_step=found.smallest,
            largest_step=found.largest,
            gaps=found.ends,
            gap_count=found.gap_count,
            histogram=self._histogram.astype("<i8").tobytes(),
        )
        published, created = journal.publish(log, depths, self._spool.chunks)
        if created:
            _ingested_rows.inc(self.rows)
            _ingested_bytes.inc(self._bytes)
        return published, created

    def _submit(self, slab: bytes) -> None:
        if slab and not self._columns:
            slab = self._take_header(slab)
        if slab and not self._given_up:
            if len(self._under_way) >= THREADS:
                self._collect()
            self._under_way.append(self._threads.submit(_parse, slab, self._columns))

    def _take_header(self, slab: bytes) -> bytes:
        """Read the first line, and return the lines that follow."""
        end = slab.find(b"\n") + 1 or len(slab)
        self._lines = 1
        try:
            self._columns = csv_rows.parse_header(slab[:end])
        except InvalidCsv as error:
            self._add_faults(error.faults, error.total)
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
        slab, grays = self._under_way.popleft().result()
        faults = [replace(fault, line=fault.line + self._lines + 1) for fault in slab.faults]
        self._add_faults(faults, slab.fault_count)
        # They are enough to mend the file by; more would only take time.
        self._stopped = self._stopped or self._fault_count >= MAX_FAULTS
        self._given_up = self._given_up or self._stopped
        self._lines += slab.lines
        self._skipped += slab.skipped
        self.rows += len(slab.depths)
        if not self._faults:
            self._spool.append(slab.depths, slab.pixels)
            self._histogram += grays

    def _add_faults(self, faults: list[Fault] | tuple[Fault, ...], count: int) -> None:
        self._faults = [*self._faults, *faults][:MAX_FAULTS]
        self._fault_count += count

    def _give_up(self, reason: str) -> None:
        """Note a fault after which reading on makes no sense."""
        self._add_faults([Fault(self._lines + 1, None, None, reason)], 1)
        self._given_up = True


def _parse(slab: bytes, columns: tuple[str, ...]) -> Parsed:
    parsed = csv_rows.parse_slab(slab, columns)
    # The traces replace the rows, which are larger.
    traces = resize_rows(parsed.pixels)
    return Parsed(replace(parsed, pixels=traces), histogram(traces))
