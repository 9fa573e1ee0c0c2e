"""Delimited text: commas, tabs, semicolons or spaces; one row a depth, or one a pixel."""

from collections.abc import Iterator, Sequence
from typing import IO

from images.errors import InvalidFile
from images.ingest.layout.plan import Options
from images.ingest.table import Contents, Read, Rows, Table, Told
from images.ingest.text import tidying
from images.ingest.text.column_texts import column_texts
from images.ingest.text.columns import (
    below_header,
    columns_of,
    judged,
    widened,
)
from images.ingest.text.dialect import SPACE, Dialect, doubtful_comma, with_numbers
from images.ingest.text.head import SAMPLE_ROWS, head_of
from images.ingest.text.header import cut_of
from images.ingest.text.lines import slabs
from images.ingest.text.long_form import unfolded
from images.ingest.text.name_lists import cut_of_list
from images.ingest.text.preamble import preamble_of, with_depth_unit
from images.ingest.text.rows import rows_of
from images.ingest.text.two_lines import with_azimuths
from images.ingest.text.wells import Taken, rows_of_one
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
    below = below_header(cut, head)
    first_lines = head.lines[below.first : below.first + SAMPLE_ROWS]
    sample = [fields for line in first_lines if any(fields := _fields(cut.dialect, line.text))]
    if not sample:
        raise InvalidFile("there is no row of values below the header")
    dialect = widened(with_numbers(cut.dialect, sample), sample)
    columns = columns_of(dialect, below)
    contents = Contents("delimited text", [], text=file)
    taken = rows_of_one(file, dialect, columns, Taken(first_lines[0], sample), well, contents)
    titles = [line.text for line in head.lines[: cut.header or 0]]
    remarks = [line.text for line in head.comments if line.number < taken.line.number]
    above = preamble_of(titles, remarks)
    columns = with_depth_unit(columns, above.depth_unit)
    of_file = slabs(file, taken.line.start, taken.line.number)
    texts = column_texts(dialect, taken.sample, of_file, above.nulls)
    columns = judged(dialect, columns, texts)
    contents.well = taken.well or above.well
    contents.warnings += _warnings(dialect, taken.sample, above.unread + below.skipped)
    same = tuple(i for i, c in enumerate(columns) if bare(c.name) in _SETS)

    def rows(read: Read) -> Iterator[Rows]:
        of_file = slabs(file, taken.line.start, taken.line.number)
        return rows_of(of_file, dialect, read, contents.warnings, same, taken.of_well)

    table = Table("", columns, rows, unnamed=not cut.named, nulls=above.nulls)
    contents.tables = [unfolded(table, dialect, taken.sample, options, contents)]
    return contents


def _fields(dialect: Dialect, line: str) -> list[str]:
    """The fields of a row, also where values touch."""
    fields = dialect.split(line)
    if dialect.separator == SPACE and len(fields) < len(dialect.names):
        return dialect.split(tidying.TOUCHING.sub(b" -", line.encode()).decode())
    return fields


def _warnings(dialect: Dialect, sample: Sequence[Sequence[str]], skipped: int) -> Iterator[Told]:
    if number := doubtful_comma(dialect, sample):
        detail = (
            f"commas were read as decimal ones, as in {number!r}; if they part groups of digits,"
        )
        yield "commas-decimal", f"{detail} write the numbers without them"
    if dialect.wrapped:
        detail = "values written np.float64(…) were read as the numbers in them"
        yield "values-unwrapped", detail
    if dialect.grouping:
        detail = f"digits in groups of three with {dialect.grouping!r} between were read as numbers"
        yield "digits-grouped", detail
    if skipped:
        lines = counted(skipped, "line before the values was", "lines before the values were")
        yield "lines-skipped", f"{lines} not read"
