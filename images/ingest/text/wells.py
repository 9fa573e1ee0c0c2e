"""The wells that a column of a text names, and the rows of one of them."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO, NamedTuple

from images.errors import InvalidFile
from images.ingest.layout.plan import listed
from images.ingest.table import Column, Contents
from images.ingest.text.column_texts import texts_of
from images.ingest.text.columns import WELLS
from images.ingest.text.dialect import Dialect
from images.ingest.text.head import SAMPLE_ROWS, Line
from images.ingest.text.lines import each_line, slabs
from images.ingest.text.rows import OfWell, filled
from images.ingest.wells import cleaned, one_of
from tables.encodings import decoded
from tables.names import bare
from web.text import counted

MAX_WELLS = 1000


class Taken(NamedTuple):
    """The rows that are taken: the first of them or a line above it, the fields of the first ones,
    and their well. ``of_well`` tells them from those of other wells, if there are some."""

    line: Line
    sample: Sequence[Sequence[str]]
    well: str | None = None
    of_well: OfWell | None = None


class _Well(NamedTuple):
    """A well: the texts that name it, how many rows it has, and the first one or a line above."""

    texts: frozenset[str]
    rows: int
    line: Line


def rows_of_one(
    file: IO[bytes],
    dialect: Dialect,
    columns: Sequence[Column],
    rows: Taken,
    asked: str | None,
    contents: Contents,
) -> Taken:
    """The ``rows`` of the well that is ``asked`` for, where a column names several wells; the
    others become ``ignored``. Raises InvalidFile."""
    column = next((i for i, one in enumerate(columns) if bare(one.name) in WELLS), None)
    if column is None:
        return rows
    wells = _wells(file, dialect, column, rows.line)
    name = one_of(wells, asked)
    if name is None:
        return rows._replace(well=next(iter(wells), None))
    line, of_well = wells[name].line, OfWell(column, wells[name].texts)
    others = {other: well for other, well in wells.items() if other != name}
    left = counted(sum(well.rows for well in others.values()), "row")
    reason = f"{left} of it are of other wells: {listed(others)}"
    contents.ignored.append((columns[column].name, reason))
    return Taken(line, [*islice(_rows(file, dialect, of_well, line), SAMPLE_ROWS)], name, of_well)


def _wells(file: IO[bytes], dialect: Dialect, column: int, line: Line) -> dict[str, _Well]:
    """The wells that ``column`` names, in the order of the file; a row without a name is of the
    well above. Raises InvalidFile where they are more than MAX_WELLS."""
    wells: dict[str, _Well] = {}
    start, above = line.start, None
    for slab, frame in texts_of(slabs(file, start, line.number), dialect, (column,)):
        texts = filled(frame.get_column(str(column)), above)
        begin, told = Line(slab.first_line, "", start), texts.unique(maintain_order=True)
        for text, count in zip(told, texts.unique_counts(), strict=True):
            if name := cleaned(text):
                known = wells.get(name, _Well(frozenset(), 0, begin))
                wells[name] = _Well(known.texts | {text}, known.rows + count, known.line)
        if len(wells) > MAX_WELLS:
            raise InvalidFile(f"{dialect.names[column][:60]} names more than {MAX_WELLS} wells")
        start += len(slab.data)
        above = texts[-1] if len(texts) else above
    return wells


def _rows(file: IO[bytes], dialect: Dialect, of_well: OfWell, line: Line) -> Iterator[list[str]]:
    """The fields of the first rows of a well, which begin in the first slab from ``line`` on."""
    above = ""
    for slab in islice(slabs(file, line.start, line.number), 2):
        for raw in each_line(slab.data):
            fields = dialect.split(decoded(raw))
            if len(fields) == len(dialect.names):
                above = fields[of_well.column] or above
                if above in of_well.texts:
                    yield fields
