"""Delimited text: commas, tabs, semicolons or spaces; one row a depth, or one a pixel."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import IO

from images.errors import InvalidFile
from images.ingest.layout.arrays import FEWEST_NUMBERED
from images.ingest.layout.plan import Options
from images.ingest.table import Column, Contents, Read, Rows, Table
from images.ingest.text.column_texts import later_texts
from images.ingest.text.columns import (
    below_header,
    columns_of,
    judged,
    widened,
    with_azimuths,
)
from images.ingest.text.dialect import Dialect, blank_columns, with_numbers
from images.ingest.text.head import SAMPLE_ROWS, Line, head_of
from images.ingest.text.header import cut_of
from images.ingest.text.lines import slabs
from images.ingest.text.long_form import unfolded
from images.ingest.text.name_lists import cut_of_list
from images.ingest.text.rows import rows_of
from images.ingest.text.wells import Taken, rows_of_one
from tables.delimited import well_of_title
from tables.names import bare
from web.text import counted

_SETS = {"datasetname", "dataset", "setname"}


def read(file: IO[bytes], options: Options, well: str | None = None) -> Contents:
    """The table in ``file``, which is seekable; its rows of ``well``, where it has rows of several.
    Raises InvalidFile."""
    head = head_of(file)
    if not head.lines:
        raise InvalidFile("the file has no row of values, only comments")
    cut, head = with_azimuths(cut_of_list(head) or cut_of(head), head)
    found = cut.dialect
    below = below_header(cut, head)
    sample_lines = head.lines[below.first : below.first + SAMPLE_ROWS]
    sample: Sequence[Sequence[str]]
    sample = [fields for line in sample_lines if any(fields := found.split(line.text))]
    if not sample:
        raise InvalidFile("there is no row of values below the header")
    found = widened(with_numbers(found, sample), sample)
    line = head.lines[below.first]
    columns = columns_of(found, below)
    contents = Contents("delimited text", [], text=file)
    taken = rows_of_one(file, found, columns, Taken(line, sample), well, contents)
    line, sample = taken.line, taken.sample
    blank = blank_columns(found, sample)
    later = _later(file, found, columns, blank, line)
    empty = set(blank) - set(later)
    columns = judged(found, columns, sample, later, empty)
    before = head.lines[: cut.header or 0]
    titles = [well for text in before if (well := well_of_title(text.text))]
    remarks = (well_of_title(c.text) for c in head.comments if c.number < line.number)
    contents.well = taken.well or next(filter(None, [*titles, *remarks]), None)
    skipped = len(before) - len(titles) + below.skipped
    contents.warnings += _warnings(found, skipped)
    same = tuple(i for i, c in enumerate(columns) if bare(c.name) in _SETS)
    rows = partial(_rows, file, found, taken, same, contents.warnings)
    table = Table("", columns, rows, unnamed=not cut.named)
    contents.tables = [unfolded(table, found, sample, options, contents)]
    return contents


def _warnings(found: Dialect, skipped: int) -> Iterator[tuple[str, str]]:
    if found.wrapped:
        detail = "values written np.float64(…) were read as the numbers in them"
        yield "values-unwrapped", detail
    if found.grouping:
        detail = f"digits in groups of three with {found.grouping!r} between were read as numbers"
        yield "digits-grouped", detail
    if skipped:
        lines = counted(skipped, "line before the values was", "lines before the values were")
        yield "lines-skipped", f"{lines} not read"


def _later(
    file: IO[bytes], found: Dialect, columns: Sequence[Column], blank: Sequence[int], line: Line
) -> dict[int, list[str]]:
    """What stands below the sample in columns that are ``blank`` there."""
    nameless = [i for i in blank if not columns[i].name]
    if len(nameless) < FEWEST_NUMBERED:
        # They are too few to make an array, and are not taken without a name.
        blank = [i for i in blank if i not in nameless]
    return later_texts(slabs(file, line.start, line.number), found, blank)


def _rows(
    file: IO[bytes],
    found: Dialect,
    taken: Taken,
    same: tuple[int, ...],
    warnings: list[tuple[str, str]],
    read: Read,
) -> Iterator[Rows]:
    of_file = slabs(file, taken.line.start, taken.line.number)
    yield from rows_of(of_file, found, read, warnings, same, taken.of_well)
