"""Delimited text as people have it: any usual delimiter, a row of units, comments, encodings."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

NULLS = frozenset({-999.0, -999.25, -9999.0, -9999.25, -99999.0, -999999.0})
DELIMITERS = "\t;,"
_UNIT = re.compile(
    r"\s*[\[(](?P<bracketed>[^\])]*)[\])]\s*$|[_ ](?P<bare>mm|cm|m|ft|in|deg|degrees)$", re.I
)
_QUOTED = re.compile(r'(^|[\t;,])\s*"')
# A quote that is never closed does not swallow all of the file.
MAX_LINE_CHARACTERS = 100_000
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name as it stands there, as it is compared, and the unit beside it."""

    name: str
    plain: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of data: its number in the file, and its fields, one for each column or fewer."""

    line: int
    fields: Sequence[str]

    def field(self, place: int) -> str:
        return self.fields[place] if place < len(self.fields) else ""


@dataclass(frozen=True, slots=True)
class Table:
    """A header, where there is one, and what stands below it."""

    header_line: int
    columns: Sequence[Column]
    rows: Sequence[Row]
    decimal_comma: bool

    def number(self, text: str) -> float | None:
        """The finite number that ``text`` is, None where it is none."""
        if self.decimal_comma:
            text = text.replace(",", ".")
        if not _NUMBER.fullmatch(text) or abs(float(text)) == float("inf"):
            return None
        return float(text)


def read(data: bytes, max_rows: int) -> Table:
    """At most ``max_rows`` and one more rows of a text; comments begin with #."""
    lines = _lines(data)
    number, header = next(lines, (1, ""))
    delimiter = next((mark for mark in DELIMITERS if mark in header), None)
    first = _fields(header, delimiter)
    blank = Table(number, (), (), delimiter == ";")
    if first and all(blank.number(field) is not None for field in first):
        columns: list[Column] = []  # no header: the first line is data already
        rows = [Row(number, first)]
    else:
        columns, rows = [_column(field) for field in first], []
    for line, text in lines:
        fields = _fields(text, delimiter)
        if columns and not rows and _are_units(fields, blank):
            columns = [
                Column(column.name, column.plain, column.unit or unit or None)
                for column, unit in zip(columns, [*fields, *[""] * len(columns)], strict=False)
            ]
            continue
        if any(fields):
            rows.append(Row(line, fields))
        if len(rows) > max_rows:
            break
    return Table(number, columns, rows, delimiter == ";")


def _are_units(fields: Sequence[str], table: Table) -> bool:
    """Whether a row below the header has words only, short ones."""
    some = [field for field in fields if field]
    return bool(some) and all(table.number(field) is None and len(field) <= 12 for field in some)


def _lines(data: bytes) -> Iterator[tuple[int, str]]:
    """Numbered lines with something in them that is no comment."""
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            text = data.decode("latin-1")
    lines = enumerate(io.StringIO(text, newline=None), 1)
    for number, line in lines:
        if line.strip() and not line.startswith("#"):
            yield number, _whole(line, lines).strip("\n")


def _whole(line: str, lines: Iterator[tuple[int, str]]) -> str:
    """A line, with those after it that a field in quotes goes on in."""
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


def _column(field: str) -> Column:
    found = _UNIT.search(field)
    unit = (found["bracketed"] or found["bare"]) if found else None
    name = field[: found.start()] if found else field
    return Column(field, re.sub(r"[\s_.\-]", "", name).lower(), unit)
