"""The wells that a column of a text names, and the rows of one of them."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO, NamedTuple

from images.errors import InvalidFile
from images.ingest.layout.plan import listed
from images.ingest.names.columns import names_wells
from images.ingest.table import Column, Contents
from images.ingest.text.column_texts import texts_of
from images.ingest.text.dialect import Dialect
from images.ingest.text.head import SAMPLE_ROWS, Line
from images.ingest.text.lines import each_line, slabs
from images.ingest.text.rows import OfWell, WellNames
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
    naming = _naming(columns)
    if not naming:
        return rows
    wells = _wells(file, dialect, naming, rows.line)
    name = one_of(wells, asked)
    if name is None:
        return rows._replace(well=next(iter(wells), None))
    line, of_well = wells[name].line, OfWell(naming, wells[name].texts)
    others = {other: well for other, well in wells.items() if other != name}
    left = counted(sum(well.rows for well in others.values()), "row")
    reason = f"{left} of it are of other wells: {listed(others)}"
    contents.ignored.append((columns[naming[-1]].name, reason))
    return Taken(line, [*islice(_rows(file, dialect, of_well, line), SAMPLE_ROWS)], name, of_well)


def _naming(columns: Sequence[Column]) -> tuple[int, ...]:
    """The columns that name wells: one, or a site and its hole, as of the Ocean Discovery Program;
    a number of a well is asked for where there is no name."""
    called = [bare(column.name) for column in columns]
    if {"site", "hole"} <= {*called}:
        return called.index("site"), called.index("hole")
    named = [i for i, column in enumerate(columns) if names_wells(column.name)]
    return tuple(sorted(named, key=lambda i: called[i].startswith("uwi"))[:1])


def _wells(
    file: IO[bytes], dialect: Dialect, columns: tuple[int, ...], line: Line
) -> dict[str, _Well]:
    """The wells that ``columns`` name, in the order of the file; a row without a name is of the
    well above. Raises InvalidFile where they are more than MAX_WELLS."""
    wells: dict[str, _Well] = {}
    start, names = line.start, WellNames(columns)
    for slab, frame in texts_of(slabs(file, start, line.number), dialect, columns):
        texts = names.of(frame)
        begin, told = Line(slab.first_line, "", start), texts.unique(maintain_order=True)
        for text, count in zip(told, texts.unique_counts(), strict=True):
            if name := cleaned(text):
                known = wells.get(name, _Well(frozenset(), 0, begin))
                wells[name] = _Well(known.texts | {text}, known.rows + count, known.line)
        if len(wells) > MAX_WELLS:
            name = dialect.names[columns[-1]][:60]
            raise InvalidFile(f"{name} names more than {MAX_WELLS} wells")
        start += len(slab.data)
    return wells


def _rows(file: IO[bytes], dialect: Dialect, of_well: OfWell, line: Line) -> Iterator[list[str]]:
    """The fields of the first rows of a well, which begin in the first slab from ``line`` on."""
    above = ["" for _ in of_well.columns]
    for slab in islice(slabs(file, line.start, line.number), 2):
        for raw in each_line(slab.data):
            fields = dialect.split(decoded(raw))
            if len(fields) == len(dialect.names):
                told = zip(of_well.columns, above, strict=True)
                above = [fields[i] or before for i, before in told]
                if "".join(above) in of_well.texts:
                    yield fields
