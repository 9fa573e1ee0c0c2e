"""LAS 1.2, 2.0 and 3.0 (Canadian Well Logging Society), read as a stream.

A file is sections that begin with ``~``. Headers have lines ``NAME.UNIT  VALUE : DESCRIPTION``;
data sections have rows. LAS 3 has any number of data sections, each with its own definition.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from typing import IO

from images.errors import InvalidFile
from images.ingest.las.header import ends_of, other_unit, with_unit_of_header
from images.ingest.las.sections import Section, lines_of, sections_of, slabs_of
from images.ingest.las.wrapped import unwrapped
from images.ingest.names.columns import column_of, depth_rank
from images.ingest.table import Column, Contents, Read, Rows, Table, Told
from images.ingest.text.column_texts import column_texts
from images.ingest.text.dialect import (
    SPACE,
    Dialect,
    is_numeric,
    with_numbers,
)
from images.ingest.text.lines import each_line
from images.ingest.text.rows import rows_of
from tables.encodings import decoded
from tables.las_header import FORMAT, NONE, Header, Item, definitions
from web.text import counted

SAMPLE_ROWS, ROWS_OF_FIT = 50, 10
# Tables of LAS 3 that hold no readings against depth.
_NO_LOGS = {
    "core": "it is a table of cores",
    "tops": "it is a table of formation tops",
    "test": "it is a table of tests",
    "perforations": "it is a table of perforations",
    "inclinometry": "it is a deviation survey, which goes to PUT /wells/<id>/survey",
}


def read(file: IO[bytes]) -> Contents:
    """The tables in ``file``, which is seekable. Raises InvalidFile."""
    sections = list(sections_of(file))
    header = Header.of(sections, partial(lines_of, file))
    contents = Contents(f"LAS {header.version:.1f}", [], header.well)
    tables: list[Table] = []
    for i, section in enumerate(sections):
        if not section.is_data:
            continue
        kind = re.split(r"_data|[\s_\[|]", section.words)[0]
        lines = [line for d in definitions(sections, i) for line in lines_of(file, d)]
        items = [*map(Item.read_column, lines)]
        table = None
        if kind not in _NO_LOGS:
            table = _table(file, section, items, header, contents.warnings)
        if table is None:
            reason = _NO_LOGS.get(kind, "it has no rows")
            contents.ignored.append((f"~{section.title}"[:60], reason))
        else:
            tables.append(table)
    if len(tables) == 1:
        tables = [replace(tables[0], name="", ends=ends_of(header))]
    else:
        # STRT, STOP and STEP belong to only one of them.
        tables = [replace(table, unit_of_ends="") for table in tables]
    contents.tables = tables
    if not tables:
        why = "; ".join(f"{name}: {reason}" for name, reason in contents.ignored[:3])
        raise InvalidFile(f"the LAS has no section of readings{f' ({why})' if why else ''}")
    return contents


def _table(
    file: IO[bytes],
    section: Section,
    items: Sequence[Item],
    header: Header,
    warnings: list[Told],
) -> Table | None:
    """The table of a data section, whose columns are ``items``; None if it has no rows."""
    sample = _sample(file, section)
    if not sample:
        return None
    items = _widened(items or _items_of_title(section, sample), sample, header)
    dialect = _dialect(tuple(item.name for item in items), sample, header)
    rows = _rows(dialect, sample, items, section, header.wrapped)
    dialect = with_numbers(dialect, rows)
    below = iter(()) if header.wrapped else slabs_of(file, section)
    texts = column_texts(dialect, rows, below, header.nulls)
    index, *others = (
        _column(item, is_numeric(dialect, t)) for item, t in zip(items, texts, strict=True)
    )
    index = with_unit_of_header(index, header)
    first = dialect.number(rows[0][0]) if rows else None

    def read_rows(read: Read) -> Iterator[Rows]:
        slabs = slabs_of(file, section)
        slabs = unwrapped(slabs, dialect) if header.wrapped else slabs
        return rows_of(slabs, dialect, read, warnings)

    return Table(
        f"~{section.title[:80]}",
        (index, *others),
        read_rows,
        index=0,
        nulls=header.nulls,
        unit_of_ends=other_unit(header, index.unit, first),
    )


def _rows(
    dialect: Dialect,
    sample: Sequence[str],
    items: Sequence[Item],
    section: Section,
    wrapped: bool,
) -> list[list[str]]:
    """The fields of those rows in ``sample`` that have one for each column."""
    rows = [dialect.split(line) for line in sample]
    if wrapped:
        tokens = [token for row in rows for token in row]
        rows = [tokens[i : i + len(items)] for i in range(0, len(tokens), len(items))]
    whole = [row for row in rows if len(row) == len(items)]
    if not whole and len(items) == 1 and not wrapped:
        raise InvalidFile(
            f"line {section.line}: the rows of ~{section.title[:40]} have {len(rows[0])} fields,"
            f" and the header defines one column, {items[0].name}"
        )
    return whole


def _items_of_title(section: Section, sample: Sequence[str]) -> list[Item]:
    """The columns by the title of the data, ``~A DEPTH GR``, where no section defines them."""
    words = section.title.split()
    words = words[1:] if section.words[:1] == "a" and depth_rank(words[0]) is None else words
    fields = len(Dialect((), SPACE).split(sample[0]))
    if not words or len(words) != fields:
        what = f"{counted(fields, 'column')} of ~{section.title[:40]}"
        raise InvalidFile(f"line {section.line}: nothing defines the {what}")
    return [Item(word) for word in words]


def _widened(items: Sequence[Item], sample: Sequence[str], header: Header) -> Sequence[Item]:
    """``items`` with a further one without a name, where each row ends with a delimiter."""
    for mark in () if header.wrapped else (header.separator or ",", ",", ";", "\t"):
        if all(
            line.rstrip(" ").endswith(mark) and line.count(mark) == len(items) for line in sample
        ):
            return [*items, NONE]
    return items


def _sample(file: IO[bytes], section: Section) -> list[str]:
    raw = chain.from_iterable(each_line(slab.data) for slab in slabs_of(file, section))
    lines = (decoded(line).strip("\r\n") for line in raw)
    rows = (line for line in lines if line.strip() and not line.lstrip().startswith("#"))
    return [*islice(rows, SAMPLE_ROWS)]


def _dialect(columns: tuple[str, ...], sample: Sequence[str], header: Header) -> Dialect:
    """How the rows are cut: by the delimiter that gives the most numbers in rows with a field for
    each column; where several do, by the one that the header names."""
    told = header.separator or SPACE
    if header.wrapped:
        return Dialect(columns, told)

    def fit(dialect: Dialect) -> int:
        rows = map(dialect.split, sample[:ROWS_OF_FIT])
        fields = chain.from_iterable(row for row in rows if len(row) == len(columns))
        return sum(dialect.number(field) is not None for field in fields)

    return max(
        (Dialect(columns, separator) for separator in (told, SPACE, ",", "\t", ";")), key=fit
    )


def _column(item: Item, is_numeric: bool) -> Column:
    formats = FORMAT.findall(item.description)
    # {AF;5ms} and {A:5} are elements of an array, and how far they are from its first one.
    parts = re.split(r"[;:]", formats[-1], maxsplit=1) if formats else []
    axis = parts[1].strip() if len(parts) > 1 and parts[0].upper().startswith("A") else ""
    about = FORMAT.sub("", item.description).strip()
    reason = None if is_numeric else "it holds text, not numbers"
    return replace(column_of(item.name, item.unit, about), axis=axis, reason=reason)
