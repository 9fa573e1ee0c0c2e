"""Delimited text: tabs, semicolons, commas or blanks, with or without a header and units."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

from wells.tables.table import Column, Known, Row, Table, as_number
from wells.units import angle_unit, length_unit

DELIMITERS = "\t;,"
COMMENTS = ("#", "%", "//", "!")
# How many lines are searched for the header, and how many rows for decimal points.
MAX_LINES_BEFORE = 200
SAMPLE_ROWS = 200
# So that a quote that is never closed does not read the whole file as one line.
MAX_LINE_CHARACTERS = 100_000
_QUOTED = re.compile(r'(^|[\t;,])\s*"')
_WELL = re.compile(r"\W*(?:well|borehole)(?:[ _]?name)?\s*[:=,;\t]\s*([^,;\t]+?)[\s,;]*", re.I)
_POINT = re.compile(r"[+-]?\d*\.\d+")
_COMMA = re.compile(r"[+-]?\d+(,\d+)?")
Line = tuple[int, str]


def read(text: str, max_rows: int, known: Known) -> Table:
    """At most ``max_rows`` rows of a text and one more.

    The header is the first line, or comment, with two ``known`` columns. If there is no such line,
    and the first line is not all numbers, the first line is the header.
    """
    lines = _lines(text)
    head = [*islice(lines, MAX_LINES_BEFORE)]
    place, delimiter, columns = _header(head, known)
    skipped = sum(not _is_comment(line) for _, line in head[:place])
    well = next((found[1] for _, line in head[:place] if (found := _WELL.fullmatch(line))), None)
    header_line = head[place][0] if head else 1
    rows: list[Row] = []
    for line, row_text in chain(head[place + bool(columns) :], lines):
        if _is_comment(row_text):
            continue
        fields = _fields(row_text, delimiter)
        if columns and not rows and not any(map(_is_number, fields)):
            is_units = _are_units(fields)
            columns = _with_units(columns, fields) if is_units else columns
            skipped += not is_units
        elif any(fields):
            rows.append(Row(line, fields))
        if len(rows) > max_rows:
            break
    comma = delimiter != "," and not _has_points(rows[:SAMPLE_ROWS])
    return Table(header_line, columns, rows, delimiter is None, comma, well, skipped)


def _header(head: Sequence[Line], known: Known) -> tuple[int, str | None, list[Column]]:
    """The place of the header among lines, its delimiter, and its columns; no columns where the
    first line is one of numbers."""
    for place, (_, line) in enumerate(head):
        text = line.lstrip("#%/! ") if _is_comment(line) else line
        delimiter = _delimiter(text)
        columns = [Column.named(field) for field in _names(text, delimiter, head[place + 1 :])]
        if sum(map(known, columns)) >= 2:
            return place, delimiter, columns
    place = next((n for n, (_, line) in enumerate(head) if not _is_comment(line)), 0)
    text = head[place][1] if head else ""
    delimiter = _delimiter(text)
    apart = text.split()
    if delimiter == "," and len(apart) > 1 and all(map(_COMMA.fullmatch, apart)):
        delimiter = None  # the fields are separated by blanks, and the commas are decimal
    fields = _fields(text, delimiter)
    if fields and all(_is_number(field) for field in fields):
        return place, delimiter, []
    return place, delimiter, [Column.named(field) for field in fields]


def _names(header: str, delimiter: str | None, below: Sequence[Line]) -> list[str]:
    """The names in a header. In a header that is separated by blanks, names may contain single
    blanks, if splitting at two or more gives as many names as the first row has fields."""
    names = _fields(header, delimiter)
    if delimiter is None:
        rows = (line.split() for _, line in below if not _is_comment(line))
        first = next((fields for fields in rows if any(map(_is_number, fields))), names)
        apart = re.split(r"\s{2,}", header.strip())
        return apart if len(apart) == len(first) else names
    return names


def _delimiter(line: str) -> str | None:
    return next((mark for mark in DELIMITERS if mark in line), None)


def _is_comment(line: str) -> bool:
    return line.startswith(COMMENTS)


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


def _lines(text: str) -> Iterator[Line]:
    """Lines that are not blank, with their numbers."""
    lines = enumerate(io.StringIO(text, newline=None), 1)
    for number, line in lines:
        if line.strip():
            yield number, _whole(line, lines).strip("\n")


def _whole(line: str, lines: Iterator[Line]) -> str:
    """A line, with the lines after it that belong to the same quoted field."""
    parts, length = [line], len(line)
    is_open = bool(_QUOTED.search(line)) and line.count('"') % 2 == 1
    while is_open and length <= MAX_LINE_CHARACTERS:
        _, more = next(lines, (0, ""))
        parts.append(more)
        length += len(more)
        is_open = more != "" and more.count('"') % 2 == 0
    return "".join(parts)


def _fields(line: str, delimiter: str | None) -> list[str]:
    if delimiter is None:
        return line.split()
    if '"' in line:
        try:
            return [field.strip() for field in next(csv.reader([line], delimiter=delimiter))]
        except (csv.Error, StopIteration):
            pass
    return [field.strip() for field in line.split(delimiter)]
