"""Delimited text: tabs, semicolons, commas or blanks, with or without a header and units."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import TextIO

from tables.table import (
    MAX_COLUMNS,
    MAX_LINE_CHARACTERS,
    Column,
    Known,
    Row,
    Table,
    TableTooLarge,
    as_number,
    check_width,
    fields_of,
    numbered,
)
from tables.units import angle_unit, length_unit

DELIMITERS = "\t;,"
COMMENTS = ("#", "%", "//", "!")
# How many lines are searched for the header and for the first row, and how many rows for decimal
# points.
MAX_LINES_BEFORE = 200
SAMPLE_ROWS = 200
# Of a line that names the well.
MAX_TITLE_CHARACTERS = 300
# Blanks but no tabs: a tab begins a field itself, and would be looked at again and again.
_QUOTED = re.compile(r'(^|[\t;,])[^\S\t]*"')
_WELL = re.compile(
    r"""\W*(?:well|borehole)(?:[ _]?name)?[\s"]*[:=,;\t][\s"]*([^,;\t"]+?)[\s,;"]*""", re.I
)
_POINT = re.compile(r"[+-]?\d*\.\d+")
_COMMA = re.compile(r"[+-]?\d+(,\d+)?")
Line = tuple[int, str]


def read(text: TextIO, max_rows: int, known: Known) -> Table:
    """At most ``max_rows`` rows of a text and one more.

    The header is the first line, or comment, with two ``known`` columns. If there is no such line,
    and the first line is not all numbers, the first line is the header.
    """
    lines = _lines(text)
    head = [*islice(lines, MAX_LINES_BEFORE)]
    place, delimiter, columns = _header(head, known)
    skipped = sum(not _is_comment(line) for _, line in head[:place])
    well = next((well for _, line in head[:place] if (well := well_of_title(line))), None)
    header_line = head[place][0] if head else 1
    records = _records(chain(head[place + bool(columns) :], lines), delimiter)
    above, records = _above_numbers(records) if columns else ([], records)
    units = [row.fields for row in above if _are_units(row.fields)]
    for fields in units:
        columns = _with_units(columns, fields)
    skipped += len(above) - len(units)
    rows = [*islice((row for row in records if any(row.fields)), max_rows + 1)]
    comma = delimiter != "," and not _has_points(rows[:SAMPLE_ROWS])
    return Table(header_line, columns, rows, delimiter is None, comma, well, skipped)


def well_of_title(line: str) -> str | None:
    """The well that a line above the header names, as in ``Well: A-1``."""
    found = _WELL.fullmatch(line) if len(line) <= MAX_TITLE_CHARACTERS else None
    return found[1] if found else None


def _records(lines: Iterable[Line], delimiter: str | None) -> Iterator[Row]:
    """The lines that are no comments, cut into fields."""
    for number, line in lines:
        if not _is_comment(line):
            fields = fields_of(line, delimiter)
            check_width(number, fields)
            yield Row(number, fields)


def _above_numbers(records: Iterator[Row]) -> tuple[list[Row], Iterator[Row]]:
    """The rows above the first one with a number, and all from that one on."""
    above: list[Row] = []
    for row in records:
        if any(map(_is_number, row.fields)):
            return above, chain([row], records)
        above.append(row)
        if len(above) > MAX_LINES_BEFORE:
            reason = f"{MAX_LINES_BEFORE} lines below the header have no numbers"
            raise TableTooLarge.at(row.line, reason)
    return above, records


def _header(head: Sequence[Line], known: Known) -> tuple[int, str | None, list[Column]]:
    """The place of the header among lines, its delimiter, and its columns; no columns where the
    first line is one of numbers."""
    widths = _widths(head)
    for place, (number, line) in enumerate(head):
        text = line.lstrip("#%/! ") if _is_comment(line) else line
        delimiter = _delimiter(text)
        names = _names(text, delimiter, widths[place])
        check_width(number, names)
        columns = [Column.named(name) for name in names]
        if sum(map(known, columns)) >= 2:
            return place, delimiter, columns
    place = next((n for n, (_, line) in enumerate(head) if not _is_comment(line)), 0)
    text = head[place][1] if head else ""
    delimiter = _delimiter(text)
    apart = text.split()
    if delimiter == "," and len(apart) > 1 and all(map(_COMMA.fullmatch, apart)):
        delimiter = None  # the fields are separated by blanks, and the commas are decimal
    fields = fields_of(text, delimiter)
    if fields and all(_is_number(field) for field in fields):
        return place, delimiter, []
    return place, delimiter, [Column.named(field) for field in fields]


def _names(header: str, delimiter: str | None, width: int | None) -> list[str]:
    """The names in a header. In a header that is separated by blanks, names may contain single
    blanks, if splitting at two or more gives the ``width`` of the first row below."""
    names = fields_of(header, delimiter)
    if delimiter is None:
        apart = re.split(r"\s{2,}", header.strip())
        return apart if len(apart) == (len(names) if width is None else width) else names
    return names


def _widths(head: Sequence[Line]) -> list[int | None]:
    """For each line, the fields between blanks of the first line below it that has numbers."""
    below: int | None = None
    widths: list[int | None] = []
    for _, line in reversed(head):
        widths.append(below)
        fields = line.split(maxsplit=MAX_COLUMNS)
        if not _is_comment(line) and any(map(_is_number, fields)):
            below = len(fields)
    return widths[::-1]


def _delimiter(line: str) -> str | None:
    return next((mark for mark in DELIMITERS if mark in line), None)


def _is_comment(line: str) -> bool:
    return line.startswith(COMMENTS) and not line.startswith("#N/A")


def _is_number(text: str) -> bool:
    return as_number(text.replace(",", ".")) is not None


def _has_points(rows: Sequence[Row]) -> bool:
    """Whether any number has a decimal point; commas are not decimal then."""
    return any(_POINT.fullmatch(field) for row in rows for field in row.fields)


def _are_units(fields: Sequence[str]) -> bool:
    """Whether there is a unit in a row without numbers."""
    plain = (field.strip("[]()") for field in fields)
    return any(length_unit(field) or angle_unit(field) for field in plain)


def _with_units(columns: Sequence[Column], fields: Sequence[str]) -> list[Column]:
    units = [field.strip("[]()-") or None for field in fields] + [None] * len(columns)
    return [
        replace(column, unit=column.unit or unit)
        for column, unit in zip(columns, units, strict=False)
    ]


def _lines(text: TextIO) -> Iterator[Line]:
    """Lines that are not blank, with their numbers."""
    lines = numbered(text)
    for number, line in lines:
        if line.strip():
            yield number, _whole(number, line, lines).strip("\n")


def _whole(number: int, line: str, lines: Iterator[Line]) -> str:
    """A line, with the lines after it that belong to the same quoted field.

    Raises TableTooLarge for a quote that is not closed: the rows after it would be lost in a field.
    """
    parts, length = [line], len(line)
    is_open = bool(_QUOTED.search(line)) and line.count('"') % 2 == 1
    while is_open:
        _, more = next(lines, (0, ""))
        parts.append(more)
        length += len(more)
        if not more or length > MAX_LINE_CHARACTERS:
            raise TableTooLarge.at(number, "a quote begins a field here, and none ends it")
        is_open = more.count('"') % 2 == 0
    return "".join(parts)
