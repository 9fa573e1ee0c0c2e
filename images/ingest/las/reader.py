"""LAS 1.2, 2.0 and 3.0 (Canadian Well Logging Society), read as a stream.

A file is sections that begin with ``~``. Headers have lines ``NAME.UNIT  VALUE : DESCRIPTION``;
data sections have rows. LAS 3 has any number of data sections, each with its own definition.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import IO

from images.errors import InvalidFile
from images.ingest.las.header import ends_of, header_of, lines_of
from images.ingest.las.rows import rows_of
from images.ingest.las.sections import Section, sections_of, slabs_of
from images.ingest.names.columns import column_of, depth_rank
from images.ingest.names.units import length_unit, unit_of
from images.ingest.table import Column, Contents, Table
from images.ingest.text import rows as text_rows
from images.ingest.text.dialect import (
    SPACE,
    Dialect,
    blank_columns,
    numeric_columns,
    with_numbers,
)
from images.ingest.text.lines import each_line
from tables.encodings import decoded
from tables.las_header import FORMAT, NONE, Header, Item, definitions, number_of
from web.text import counted

SAMPLE_ROWS, ROWS_OF_FIT = 50, 10
# Tables of LAS 3 that hold no readings against depth.
_NO_LOGS = {
    "core": "a table of cores",
    "tops": "a table of formation tops",
    "test": "a table of tests",
    "perforations": "a table of perforations",
    "inclinometry": "a deviation survey, which goes to PUT /wells/<id>/survey",
}


def read(file: IO[bytes]) -> Contents:
    """The tables in ``file``, which is seekable. Raises InvalidFile."""
    sections = list(sections_of(file))
    header = header_of(file, sections)
    contents = Contents(f"LAS {header.version:.1f}", [], header.well)
    tables: list[Table] = []
    for i, section in enumerate(sections):
        if not section.is_data:
            continue
        kind = re.split(r"_data|[\s_\[|]", section.words)[0]
        if kind in _NO_LOGS:
            contents.ignored.append((f"~{section.title}"[:60], f"it is {_NO_LOGS[kind]}"))
            continue
        items = [
            Item.read_column(line)
            for definition in definitions(sections, i)
            for line in lines_of(file, definition)
        ]
        table = _table(file, section, items, header, contents.warnings)
        if table is None:
            contents.ignored.append((f"~{section.title}"[:60], "it has no rows"))
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
    warnings: list[tuple[str, str]],
) -> Table | None:
    """The table of a data section, whose columns are ``items``; None if it has no rows."""
    sample = _sample(file, section)
    if not sample:
        return None
    items = _widened(items or _items_of_title(section, sample), sample, header)
    found = _dialect(tuple(item.name for item in items), sample, header)
    rows = _rows(found, sample, items, section, header.wrapped)
    found = with_numbers(found, rows)
    later = {}
    if not header.wrapped:
        blank = blank_columns(found, rows, header.nulls)
        later = text_rows.later_texts(slabs_of(file, section), found, blank, header.nulls)
    numeric = numeric_columns(found, rows, later)
    index, *others = map(_column, items, numeric)
    index = _with_unit_of_header(index, header)
    first = found.number(rows[0][0]) if rows else None
    return Table(
        f"~{section.title[:80]}",
        (index, *others),
        partial(rows_of, file, found, section, header.wrapped, warnings),
        index=0,
        nulls=header.nulls,
        unit_of_ends=_other_unit(header, index.unit, first),
    )


def _rows(
    found: Dialect, sample: Sequence[str], items: Sequence[Item], section: Section, wrapped: bool
) -> list[list[str]]:
    """The fields of the rows in ``sample`` that have as many as there are columns."""
    rows = [found.split(line) for line in sample]
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


def _with_unit_of_header(index: Column, header: Header) -> Column:
    """The column of depths with the unit of STRT, STOP or STEP, where it has none of its own."""
    told = unit_of(header.first.unit or header.last.unit or header.step.unit)
    lacks = not index.unit and depth_rank(index.name) is not None
    return replace(index, unit=told) if lacks and length_unit(told) else index


def _items_of_title(section: Section, sample: Sequence[str]) -> list[Item]:
    """The columns by the title of the data, where nothing else defines them: ``~A DEPTH GR``."""
    words = section.title.split()
    words = words[1:] if section.words[:1] == "a" and depth_rank(words[0]) is None else words
    fields = len(Dialect((), SPACE).split(sample[0]))
    if not words or len(words) != fields:
        what = f"{counted(fields, 'column')} of ~{section.title[:40]}"
        raise InvalidFile(f"line {section.line}: nothing defines the {what}")
    return [Item(word) for word in words]


def _widened(items: Sequence[Item], sample: Sequence[str], header: Header) -> Sequence[Item]:
    """``items`` with one that has no name, where each row ends with a delimiter."""
    for separator in (header.separator, ",", ";", "\t"):
        ends = separator and separator != SPACE and not header.wrapped
        if ends and all(
            line.rstrip(" ").endswith(str(separator)) and line.count(str(separator)) == len(items)
            for line in sample
        ):
            return [*items, NONE]
    return items


def _other_unit(header: Header, unit: str, first: float | None) -> str:
    """The unit of STRT, STOP or STEP where it contradicts the one of the column of depths; empty
    where all are one, or where the first depth is STRT in the other unit."""
    ours = length_unit(unit)
    for item in (header.first, header.last, header.step):
        theirs = length_unit(item.unit)
        if not ours or not theirs or theirs[0] == ours[0]:
            continue
        start, scale = number_of(header.first.value), theirs[1] / ours[1]
        if item is header.first and first and start and abs(start * scale / first - 1) <= 1e-3:
            return ""
        return item.unit
    return ""


def _sample(file: IO[bytes], section: Section) -> list[str]:
    lines: list[str] = []
    for slab in slabs_of(file, section):
        for raw in each_line(slab.data):
            line = decoded(raw).strip("\r\n")
            if line.strip() and not line.lstrip().startswith("#"):
                lines.append(line)
            if len(lines) == SAMPLE_ROWS:
                return lines
    return lines


def _dialect(columns: tuple[str, ...], sample: Sequence[str], header: Header) -> Dialect:
    """How the rows are cut: by the delimiter that the header names, else by the one that gives as
    many fields as there are columns, and the most numbers among them."""
    told = header.separator or SPACE
    if header.wrapped:
        return Dialect(columns, told)
    dialects = [
        Dialect(columns, separator) for separator in dict.fromkeys([told, SPACE, ",", "\t", ";"])
    ]

    def fit(found: Dialect) -> int:
        rows = [f for line in sample[:ROWS_OF_FIT] if len(f := found.split(line)) == len(columns)]
        return sum(found.number(field) is not None for fields in rows for field in fields)

    return max(dialects, key=fit)


def _column(item: Item, is_numeric: bool) -> Column:
    formats = FORMAT.findall(item.description)
    # {AF;5ms} and {A:5} are elements of an array, and how far they are from its first one.
    parts = re.split(r"[;:]", formats[-1], maxsplit=1) if formats else []
    axis = parts[1].strip() if len(parts) > 1 and parts[0].upper().startswith("A") else ""
    about = FORMAT.sub("", item.description).strip()
    reason = None if is_numeric else "it holds text, not numbers"
    return replace(column_of(item.name, item.unit, about), axis=axis, reason=reason)
