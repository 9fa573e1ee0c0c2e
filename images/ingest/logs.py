"""A file of any kind to the logs in it: looked at, or published, all of them or none."""

import hashlib
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from typing import NamedTuple, Self

import numpy as np

from images.errors import InvalidCsv, InvalidFile
from images.ingest import open_file, values
from images.ingest.checks import misplaced
from images.ingest.contract.header import parse_header
from images.ingest.csv_ingest import Ingest
from images.ingest.depth_units import DepthUnits
from images.ingest.drafts import Draft, publish
from images.ingest.layout.plan import Options
from images.ingest.plans import plans_of
from images.ingest.table import Contents, Told
from images.ingest.text.lines import MAX_LINE_BYTES
from images.ingest.wells import cleaned, keep_one_well
from images.models import ImageLog
from images.store.chunks import rows_per_chunk
from images.store.progress import Progress
from web.errors import UploadTooLarge
from web.parameters import DEFAULT_WELL
from web.temporary_files import UnnamedFile, write
from web.text import counted
from wells.models import as_stored

READ_BYTES = 1024 * 1024


class Result(NamedTuple):
    """What was found in a file, and what became of it.

    ``logs`` are the image logs and curves, each with whether it is new; without ids where they were
    only looked at. ``warnings`` are (code, detail), ``ignored`` (column, reason).
    """

    format: str
    logs: list[tuple[ImageLog, bool]]
    warnings: list[Told]
    ignored: list[Told]


class LogsIngest:
    """Takes the bytes of one file and publishes the logs in it; a context manager.

    The file goes to a nameless temporary file, as most kinds are read more than once. ``progress``
    is told the rows that have been read.
    """

    def __init__(self, max_bytes: int) -> None:
        self.size = 0
        self.progress = Progress()
        self._max_bytes = max_bytes
        self._sha256 = hashlib.sha256()
        # It adds bytes to the digest while they are written, and further ones come.
        self._hashing = ThreadPoolExecutor(1, "sha256")
        self._hashed: Future[None] | None = None
        self._file = UnnamedFile()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the temporary files; what is not published is gone."""
        self.progress.end()
        self._hashing.shutdown()
        self._file.close()

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the file. Raises UploadTooLarge, NoRoom."""
        self.size += len(data)
        if self.size > self._max_bytes:
            raise UploadTooLarge(self._max_bytes)
        self._wait_for_digest()
        self._hashed = self._hashing.submit(self._sha256.update, data)
        write(self._file, data)

    def _wait_for_digest(self) -> None:
        if self._hashed is not None:
            self._hashed.result()

    def publish(
        self,
        well: str | None,
        filename: str,
        options: Options,
        preview: bool = False,
        one_array: bool = False,
    ) -> Result:
        """The logs of the file in ``well``, else in the well that it names.

        In a ``preview`` nothing is stored. With ``one_array`` the file must hold one array, and
        curves beside it are not taken. Raises InvalidFile, NoRoom, IngestOvertaken,
        StorageUnavailable.
        """
        self._wait_for_digest()
        with ExitStack() as stack:
            opened = open_file.contents(self._file, self._max_bytes, options, well)
            contents = stack.enter_context(opened)
            keep_one_well(contents, well)
            well = well or as_stored(cleaned(contents.well)) or DEFAULT_WELL
            units = DepthUnits(well, options.depth_unit, contents.warnings)
            made = self._grays(contents, options, units, stack)
            if made is None:
                made = self._values(contents, options, units, stack)
            self.progress.write()
            if one_array:
                made = _only_array(made, contents.warnings)
            for draft in made:
                draft.log.well, draft.log.filename = well, filename
                draft.log.sha256 = self._sha256.hexdigest()
                if preview:
                    draft.log.nulls = _nulls(draft)
            logs = [(d.log, False) for d in made] if preview else publish(made, self.size)
        return Result(contents.format, logs, contents.warnings, contents.ignored)

    def _values(
        self, contents: Contents, options: Options, units: DepthUnits, stack: ExitStack
    ) -> list[Draft]:
        """The drafts of the logs in the tables of a file."""
        made: list[Draft] = []
        for table, plan in plans_of(contents, options):
            unit = units.of(table, plan)
            found, warnings = values.drafts(table, plan, options, unit, stack, self.progress)
            made += found
            contents.warnings += [*plan.warnings, *warnings]
            contents.ignored += plan.ignored
        return made

    def _grays(
        self, contents: Contents, options: Options, units: DepthUnits, stack: ExitStack
    ) -> list[Draft] | None:
        """The draft of a file that keeps the contract of ``/upload-csv/``, else None."""
        text = contents.text
        plain = replace(options, name=None, unit=None, depth_unit=None) == Options()
        if text is None or not plain:
            return None
        text.seek(0)
        try:
            parse_header(text.read(MAX_LINE_BYTES).partition(b"\n")[0])
            ingest = stack.enter_context(Ingest(self._max_bytes))
            text.seek(0)
            while data := text.read(READ_BYTES):
                ingest.feed(data)
                self.progress.read(ingest.rows)
            draft = ingest.draft()
            self.progress.read(ingest.rows)
        except InvalidCsv:
            self.progress.read(0)
            return None
        draft.log.name = options.name or draft.log.name
        draft.log.unit = options.unit
        draft.log.depth_unit = units.where_none_is_told()
        contents.warnings += ingest.warnings
        return [draft]


def _nulls(draft: Draft) -> int:
    """How many values are null, for a preview: else it is counted when a log is written."""
    log = draft.log
    if log.dtype == np.uint8:
        return 0
    written = draft.pixel_chunks(log.rows, rows_per_chunk(log.width, log.dtype))
    return sum(int(np.isnan(np.frombuffer(chunk, log.dtype)).sum()) for chunk in written)


def _only_array(made: list[Draft], warnings: list[Told]) -> list[Draft]:
    arrays = [draft for draft in made if draft.log.kind == ImageLog.Kind.IMAGE]
    if len(arrays) != 1:
        found = ", ".join(draft.log.name for draft in arrays[:5]) or "only curves"
        raise InvalidFile(
            f"one array is taken here, and the file holds {found}; POST /logs/ takes all of them"
            f"{misplaced.hint(warnings)}"
        )
    left = len(made) - 1
    if left:
        curves = counted(left, "curve was", "curves were")
        detail = f"{curves} not taken; POST /logs/ takes all"
        warnings.append(("curves-left-out", detail))
    return arrays
