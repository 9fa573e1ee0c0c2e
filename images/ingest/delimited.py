"""Delimited text: commas, tabs, semicolons or spaces; one row a depth, or one a pixel."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import IO

import numpy as np

from images.errors import InvalidFile
from images.ingest import grid, layout, names, text
from images.ingest.grid import SPACE, Grid
from images.ingest.long_form import folded, pixels_a_depth
from images.ingest.table import Column, Contents, Read, Rows, Table

SEPARATORS = ("\t", ";", ",", SPACE)
COMMENTS = ("#", "%", "//", "!")
# Lines before the first row of values, and rows that are looked at to tell numbers from text.
MAX_LINES_BEFORE = 200
SAMPLE_ROWS = 300
_WELLS = {"wellname", "well", "borehole", "boreholename", "wellid", "holeid"}


@dataclass(frozen=True, slots=True)
class _Head:
    """The first lines: each its number in the file, its text, and the byte at which it begins."""

    lines: tuple[tuple[int, str, int], ...]
    separator: str | None
    comment: str


def read(file: IO[bytes], options: layout.Options) -> Contents:
    """The table in ``file``, which is seekable, of single-byte text. Raises InvalidFile."""
    head = _head(file)
    if not head.lines:
        raise InvalidFile("the file has no row of values, only comments")
    found, header, first = _cut(head)
    sample_lines = head.lines[first : first + SAMPLE_ROWS]
    sample = [fields for _, line, _ in sample_lines if any(fields := found.split(line))]
    if not sample:
        raise InvalidFile("there is no row of values below the header")
    found = grid.with_decimal_comma(found, sample)
    columns, units_line = _columns(found, header, head, sample)
    if units_line:
        sample, first = sample[1:], first + 1
    if not sample or first == len(head.lines):
        raise InvalidFile("there is no row of values below the header")
    found = _widened(found, sample)
    columns = _judged(found, columns, sample)
    contents = Contents("delimited text", [], _well(columns, sample), text=file)
    if found.wrapped:
        contents.warnings.append(
            ("values-unwrapped", "values written np.float64(…) were read as the numbers in them")
        )
    if skipped := max(0, _header_line(head, header, first, units_line)):
        contents.warnings.append(
            ("lines-skipped", f"{skipped} lines before the header were not read")
        )
    line, _, start = head.lines[first]
    table = Table("", columns, partial(_rows, file, found, start, line), unnamed=header is None)
    contents.tables = [_unfolded(table, found, sample, options, contents)]
    return contents


def _rows(file: IO[bytes], found: Grid, start: int, line: int, read: Read) -> Iterator[Rows]:
    yield from grid.rows(text.slabs(file, start, line), found, read)


def _head(file: IO[bytes]) -> _Head:
    """The first lines that are neither blank nor comments; the last may be cut and is left out."""
    file.seek(0)
    data = file.read(text.HEAD_BYTES)
    whole = len(data) < text.HEAD_BYTES
    raw = data.split(b"\n")
    if not whole:
        raw = raw[:-1]
    lines: list[tuple[int, str, int]] = []
    at, separator = 0, None
    comment = next(
        (c for c in COMMENTS if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(c.encode())), "#"
    )
    for number, line in enumerate(raw, 1):
        begin, at = at, at + len(line) + 1
        if len(line) > text.MAX_LINE_BYTES:
            raise InvalidFile(f"line {number} is longer than {text.MAX_LINE_BYTES} bytes")
        told = text.decoded(line).strip("\r\n \ufeff") if line.strip() else ""
        tabs = text.decoded(line).rstrip("\r\n").lstrip("\ufeff")
        if told.lower().startswith("sep=") and len(told) <= 5 and not lines:
            separator = tabs[4:5] or "\t"
        elif told and not told.startswith(comment):
            lines.append((number, tabs, begin))
        if len(lines) > MAX_LINES_BEFORE + SAMPLE_ROWS:
            break
    if not whole and not lines:
        raise InvalidFile(f"the first line is longer than {text.MAX_LINE_BYTES} bytes")
    return _Head(tuple(lines), separator, comment)


def _cut(head: _Head) -> tuple[Grid, int | None, int]:
    """How lines are cut, the header's place among the first lines, and that of the first row.

    The header is the line with the name of a depth in it, else the one above the first row of
    numbers; there may be none.
    """
    separators = [head.separator] if head.separator else SEPARATORS
    lines = [line for _, line, _ in head.lines]
    wrapped = any("np.float" in line for line in lines)
    best: tuple[int, Grid, int | None, int] | None = None
    for separator in separators:
        plain = Grid((), separator or SPACE, wrapped=wrapped, comment=head.comment)
        for i, line in enumerate(lines[:MAX_LINES_BEFORE]):
            fields = plain.split(line)
            is_header = any(names.depth_rank(names.column(f).name) is not None for f in fields)
            if is_header and (len(fields) > 1 or len(separators) == 1):
                return replace(plain, names=tuple(fields)), i, i + 1
            if len(fields) > 1 and _is_row(plain, fields):
                header = i - 1 if i and len(plain.split(lines[i - 1])) == len(fields) else None
                if header and _are_units(plain.split(lines[header])) and header > 0:
                    above = plain.split(lines[header - 1])
                    header = header - 1 if len(above) == len(fields) else header
                same = sum(len(plain.split(line)) == len(fields) for line in lines[i : i + 20])
                if best is None or same > best[0]:
                    cut = replace(plain, names=tuple(fields))
                    best = (same, cut, header, i if header is None else header + 1)
                break
    if best is None:
        first = lines[0][:60]
        raise InvalidFile(f"no row of numbers was found: the first line is {first!r}")
    _, found, header, first_row = best
    if header is not None:
        return replace(found, names=tuple(found.split(lines[header]))), header, first_row
    numbered = tuple(str(i) for i in range(1, len(found.names) + 1))
    return replace(found, names=numbered), None, first_row


def _is_row(found: Grid, fields: Sequence[str]) -> bool:
    """Whether at least half of the fields are numbers, with a point or a comma."""
    commas = replace(found, decimal_comma=found.separator != ",")
    numbers = sum(1 for f in fields if f and None not in (commas.number(f),))
    return 2 * numbers >= len(fields) and numbers > 0


def _are_units(fields: Sequence[str]) -> bool:
    """Whether a line is of units: short words, none a number, a length or several empty."""
    words = [field for field in fields if field]
    return all(len(word) <= 20 for word in words) and any(names.length_unit(w) for w in words)


def _columns(
    found: Grid, header: int | None, head: _Head, sample: Sequence[Sequence[str]]
) -> tuple[tuple[Column, ...], bool]:
    """The columns by the header, and by the line of units where one is below it."""
    first = sample[0]
    has_units = (
        header is not None
        and len(first) == len(found.names)
        and not _is_row(found, first)
        and not any(field and found.number(field) is not None for field in first)
        and (len(sample) == 1 or _is_row(found, sample[1]))
    )
    units = first if has_units else [""] * len(found.names)
    return tuple(names.column(*pair) for pair in zip(found.names, units, strict=True)), has_units


def _widened(found: Grid, sample: Sequence[Sequence[str]]) -> Grid:
    """``found`` with a nameless column for the separator that ends each row but not the header."""
    longer = len(found.names) + 1
    if sample and all(len(fields) == longer and not fields[-1] for fields in sample):
        return replace(found, names=(*found.names, ""))
    return found


def _judged(
    found: Grid, columns: tuple[Column, ...], sample: Sequence[Sequence[str]]
) -> tuple[Column, ...]:
    """The columns, those of text with the reason for which they are not taken."""
    columns += (Column(""),) * (len(found.names) - len(columns))
    numeric = grid.numeric(found, sample)
    return tuple(
        column if is_numeric else replace(column, reason="it holds text, not numbers")
        for column, is_numeric in zip(columns, numeric, strict=True)
    )


def _well(columns: Sequence[Column], sample: Sequence[Sequence[str]]) -> str | None:
    for i, column in enumerate(columns):
        if names.plain(column.name) in _WELLS and len(sample[0]) > i:
            return sample[0][i] or None
    return None


def _header_line(head: _Head, header: int | None, first: int, units_line: bool) -> int:
    """How many lines stand before the header."""
    return header if header is not None else first - units_line


def _unfolded(
    table: Table,
    found: Grid,
    sample: Sequence[Sequence[str]],
    options: layout.Options,
    contents: Contents,
) -> Table:
    """``table``, with one row a depth also where the file has one a pixel."""
    try:
        plan = layout.find(table, layout.Options(depth=options.depth, top=options.top))
    except InvalidFile:
        return table
    if plan.depth is None or any(log.width > 1 for log in plan.logs):
        return table
    depths = [fields[plan.depth] for fields in sample if len(fields) == len(found.names)]
    width = pixels_a_depth(depths)
    if width is None:
        width = _pixels_beyond(table, plan.depth) if len(set(depths)) == 1 else None
    if width is None:
        return table
    contents.format = "delimited text, one row a pixel"
    wells = [i for i, c in enumerate(table.columns) if names.plain(c.name) in _WELLS]
    return folded(table, plan.depth, width, wells[0] if wells else None)


def _pixels_beyond(table: Table, depth: int) -> int | None:
    """The pixels of the first depth where the sample does not reach the second."""
    count, first = 0, None
    for block in table.rows(Read(depth, (depth,))):
        depths = block.depths
        if depths is None or not len(depths) or np.isnan(depths[0]):
            return None
        first = depths[0] if first is None else first
        others = np.flatnonzero(depths != first)
        if len(others):
            return count + int(others[0])
        count += len(depths)
        if count > layout.MAX_WIDTH:
            break
    return None
