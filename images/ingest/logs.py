"""A file of any kind to the logs in it: looked at, or published, all of them or none."""

import hashlib
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from tempfile import TemporaryFile
from typing import IO, Self

import numpy as np

from images.errors import InvalidCsv, InvalidFile
from images.ingest import open_file, values
from images.ingest.checks import misplaced
from images.ingest.contract.header import parse_header
from images.ingest.csv_ingest import Ingest
from images.ingest.depth_units import DepthUnits
from images.ingest.drafts import Draft, publish
from images.ingest.layout.find import distinct, find
from images.ingest.layout.plan import Layout, Options
from images.ingest.table import Contents, Table, Told
from images.ingest.text.lines import MAX_LINE_BYTES
from images.ingest.wells import cleaned, one_of
from images.models import ImageLog
from images.store.chunks import rows_per_chunk
from images.store.progress import Progress
from web.errors import UploadTooLarge
from web.parameters import DEFAULT_WELL
from web.temporary_files import room_needed
from web.text import counted
from wells.models import as_stored

READ_BYTES = 1024 * 1024
# Of one file, as each log is written by itself, and of a table, as each array has files of its own.
MAX_LOGS, MAX_ARRAYS = 1000, 100


@dataclass
class Result:
    """What was found in a file, and what became of it.

    ``logs`` are the image logs and curves, each with whether it is new; without ids where they were
    only looked at. ``warnings`` are (code, detail), ``ignored`` (column, reason).
    """

    format: str
    logs: list[tuple[ImageLog, bool]] = field(default_factory=list)
    warnings: list[Told] = field(default_factory=list)
    ignored: list[Told] = field(default_factory=list)


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
        with room_needed():
            self._file = TemporaryFile()  # noqa: SIM115

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
        with room_needed():
            self._file.write(data)

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
        with room_needed():
            self._file.flush()
        self._wait_for_digest()
        with ExitStack() as stack:
            opened = open_file.contents(self._file, self._max_bytes, options, well)
            contents = stack.enter_context(opened)
            _leave_one_well(contents, well)
            well = well or as_stored(cleaned(contents.well)) or DEFAULT_WELL
            result = Result(contents.format, [], contents.warnings, contents.ignored)
            units = DepthUnits(well, options.depth_unit, result.warnings)
            made = self._grays(contents.text, options, units, result, stack)
            if made is None:
                made = _Values(contents, units, options, result, stack, self.progress).drafts()
            self.progress.write()
            if one_array:
                made = _only_array(made, result)
            for draft in made:
                draft.log.well, draft.log.filename = well, filename
                draft.log.sha256 = self._sha256.hexdigest()
            if preview:
                for draft in made:
                    draft.log.nulls = _nulls(draft)
                result.logs = [(draft.log, False) for draft in made]
            else:
                result.logs = publish(made, self.size)
        return result

    def _grays(
        self,
        text: IO[bytes] | None,
        options: Options,
        units: DepthUnits,
        result: Result,
        stack: ExitStack,
    ) -> list[Draft] | None:
        """The draft of a file that keeps the contract of ``/upload-csv/``, else None."""
        plain = replace(options, name=None, unit=None, depth_unit=None) == Options()
        if text is None or not plain:
            return None
        text.seek(0)
        try:
            parse_header(text.readline(MAX_LINE_BYTES))
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
        result.warnings += ingest.warnings
        return [draft]


@dataclass
class _Values:
    """The tables of a file on their way to drafts."""

    contents: Contents
    units: DepthUnits
    options: Options
    result: Result
    stack: ExitStack
    progress: Progress

    def drafts(self) -> list[Draft]:
        made: list[Draft] = []
        plans = self._plans()
        for table, plan in plans:
            unit = self.units.of(table, plan)
            found, warnings = values.drafts(
                table, plan, self.options, unit, self.stack, self.progress
            )
            made += found
            self.result.warnings += [*plan.warnings, *warnings]
            self.result.ignored += plan.ignored
        return made

    def _plans(self) -> list[tuple[Table, Layout]]:
        """The tables that hold logs; the others become ``ignored``. Raises InvalidFile."""
        plans: list[tuple[Table, Layout]] = []
        refusals: list[InvalidFile] = []
        for table in self.contents.tables:
            try:
                plan = find(table, self.options)
            except InvalidFile as error:
                if len(self.contents.tables) == 1:
                    raise
                refusals.append(error)
                self.result.ignored.append((table.name, str(error)))
                continue
            if plan.logs:
                plans.append((table, plan))
            else:
                self.result.ignored += plan.ignored
        if not plans:
            raise refusals[0] if refusals else _no_log(self.contents, self.result.ignored)
        self._name_apart(plans)
        count = sum(len(plan.logs) for _, plan in plans)
        arrays = sum(log.width > 1 for _, plan in plans for log in plan.logs)
        if count > MAX_LOGS or arrays > MAX_ARRAYS:
            raise InvalidFile(
                f"the file holds {count} logs, {arrays} of them arrays; at most {MAX_LOGS} and"
                f" {MAX_ARRAYS} are taken at a time: choose some with columns="
            )
        return plans

    def _name_apart(self, plans: list[tuple[Table, Layout]]) -> None:
        """Give each log of the file a name of its own, also across tables."""
        logs = [log for _, plan in plans for log in plan.logs]
        apart = iter(distinct(logs, self.result.warnings))
        for _, plan in plans:
            plan.logs = [next(apart) for _ in plan.logs]


def _leave_one_well(contents: Contents, well: str | None) -> None:
    """Leave the tables of ``well`` where a file holds those of several wells; else refuse it."""
    named = [(table, cleaned(table.well)) for table in contents.tables]
    taken = one_of([name for _, name in named if name], well)
    if taken is None:
        return
    others = [table for table, name in named if name not in (taken, "")]
    contents.ignored += [(table.name, f"it is of the well {table.well}") for table in others]
    contents.tables = [table for table in contents.tables if table not in others]


def _nulls(draft: Draft) -> int:
    """How many values are null, for a preview: else it is counted when a log is written."""
    log = draft.log
    if log.dtype == np.uint8:
        return 0
    written = draft.pixel_chunks(log.rows, rows_per_chunk(log.width, log.dtype))
    return sum(int(np.isnan(np.frombuffer(chunk, log.dtype)).sum()) for chunk in written)


def _only_array(made: list[Draft], result: Result) -> list[Draft]:
    arrays = [draft for draft in made if draft.log.kind == ImageLog.Kind.IMAGE]
    if len(arrays) != 1:
        found = ", ".join(draft.log.name for draft in arrays[:5]) or "only curves"
        raise InvalidFile(
            f"one array is taken here, and the file holds {found}; POST /logs/ takes all of them"
            f"{misplaced.hint(result.warnings)}"
        )
    left = len(made) - 1
    if left:
        curves = counted(left, "curve was", "curves were")
        detail = f"{curves} not taken; POST /logs/ takes all"
        result.warnings.append(("curves-left-out", detail))
    return arrays


def _no_log(contents: Contents, ignored: list[Told]) -> InvalidFile:
    reasons = "; ".join(f"{name or 'a column'}: {reason}" for name, reason in ignored[:3])
    told = (told for table in contents.tables for told in misplaced.suspected(table.columns, None))
    return InvalidFile(
        f"no column holds values beside the depths ({reasons or 'there is none'})"
        f"{misplaced.hint(told)}"
    )
