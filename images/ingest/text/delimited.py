"""Delimited text: commas, tabs, semicolons or spaces; one row a depth, or one a pixel."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, chain, pairwise
from typing import IO

from images.errors import InvalidFile
from images.ingest import names
from images.ingest.layout.arrays import FEWEST_NUMBERED
from images.ingest.layout.axes import FEWEST_AXIS
from images.ingest.layout.plan import Options
from images.ingest.table import Column, Contents, Read, Rows, Table
from images.ingest.text import rows as text_rows
from images.ingest.text import tidying
from images.ingest.text.dialect import (
    SPACE,
    Dialect,
    blank_columns,
    numeric_columns,
    with_numbers,
)
from images.ingest.text.lines import HEAD_BYTES, MAX_LINE_BYTES, decoded, slabs
from images.ingest.text.long_form import unfolded

SEPARATORS = ("\t", ";", ",", "|", SPACE)
# Lines before the first row of values, and rows that are looked at to tell numbers from text.
MAX_LINES_BEFORE = 200
SAMPLE_ROWS = 300
# Lines that the name of a column may go over, and the others of its header with it.
MAX_LINES_QUOTED = 10
# Rows that are looked at to see whether a line is their header.
ROWS_BELOW = 20
# Lines of text between the header and the first row: units, and what the columns are.
MAX_TEXT_ROWS = 3
_WELLS = {"wellname", "well", "borehole", "boreholename", "wellid", "holeid", "wellbore"}
_ROW_NUMBERS = {
    "", "index", "unnamed0", "row", "rownumber", "rowno", "frameno", "no", "nr", "id", "record",
}  # fmt: skip
_SETS = {"datasetname", "dataset", "setname"}
# A number whose digits are in groups, or with a comma and a point.
_LIKE_NUMBER = re.compile(r"[+-]?\d{1,3}([ '’.,\u00a0\u202f\u2009]\d{3})+([.,]\d+)?|[+-]?\d+,\d+")
# A unit or a number in brackets, behind a name.
_BRACKETED = re.compile(r"\s+([\[({][^\[\](){}]{0,20}[\])}])")
_CLOCK = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}([T ].*)?|\d{1,2}:\d{2}(:\d{2}.*)?")


@dataclass(frozen=True, slots=True)
class _Line:
    """One of the first lines: its number in the file, its text, and the byte where it begins."""

    number: int
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class _Head:
    """The first lines, the comments before them, and the separator that the file names."""

    lines: tuple[_Line, ...]
    comments: tuple[str, ...]
    separator: str | None


@dataclass(frozen=True, slots=True)
class _Cut:
    """How lines are cut; the places of the header and of the first line below it among the first
    lines. ``header`` is None where there is none, or where a comment is one."""

    dialect: Dialect
    header: int | None
    first: int
    named: bool


def read(file: IO[bytes], options: Options) -> Contents:
    """The table in ``file``, which is seekable, of single-byte text. Raises InvalidFile."""
    head = _head(file)
    if not head.lines:
        raise InvalidFile("the file has no row of values, only comments")
    cut = _cut(head)
    found = cut.dialect
    units, first = _text_rows(cut, head)
    sample_lines = head.lines[first : first + SAMPLE_ROWS]
    sample = [fields for line in sample_lines if any(fields := found.split(line.text))]
    if not sample:
        raise InvalidFile("there is no row of values below the header")
    found = _widened(with_numbers(found, sample), sample)
    line = head.lines[first]
    columns = _columns(found, units)
    blank = blank_columns(found, sample)
    later = _later(file, found, columns, blank, line)
    columns = _judged(found, columns, sample, later)
    columns = tuple(
        replace(column, reason="it has no name")
        if i in blank and i not in later and not column.name
        else column
        for i, column in enumerate(columns)
    )
    contents = Contents("delimited text", [], _well(columns, sample), text=file)
    if found.wrapped:
        contents.warnings.append(
            ("values-unwrapped", "values written np.float64(…) were read as the numbers in them")
        )
    if found.grouping:
        detail = f"digits in groups of three with {found.grouping!r} between were read as numbers"
        contents.warnings.append(("digits-grouped", detail))
    skipped = (cut.header or 0) + (first - cut.first - bool(units))
    if skipped:
        told = f"{skipped} lines before the values were not read"
        contents.warnings.append(("lines-skipped", told))
    same = tuple(i for i, c in enumerate(columns) if names.plain(c.name) in _WELLS | _SETS)
    rows = partial(_rows, file, found, line, same, contents.warnings)
    table = Table("", columns, rows, unnamed=not cut.named)
    contents.tables = [unfolded(table, found, sample, options, contents)]
    return contents


def _later(
    file: IO[bytes], found: Dialect, columns: Sequence[Column], blank: Sequence[int], line: _Line
) -> dict[int, list[str]]:
    """What stands below the sample in columns that are ``blank`` there."""
    nameless = [i for i in blank if not columns[i].name]
    if len(nameless) < FEWEST_NUMBERED:
        # They are too few to be an array.
        blank = [i for i in blank if i not in nameless]
    return text_rows.later_texts(slabs(file, line.start, line.number), found, blank)


def _rows(
    file: IO[bytes],
    found: Dialect,
    line: _Line,
    same: tuple[int, ...],
    warnings: list[tuple[str, str]],
    read: Read,
) -> Iterator[Rows]:
    of_file = slabs(file, line.start, line.number)
    yield from text_rows.rows(of_file, found, read, warnings, same)


def _head(file: IO[bytes]) -> _Head:
    """The first lines that are neither blank nor comments; the last may be cut and is left out."""
    file.seek(0)
    data = file.read(HEAD_BYTES)
    whole = len(data) < HEAD_BYTES
    raw = data.split(b"\n")
    if not whole:
        raw = raw[:-1]
    lines: list[_Line] = []
    comments: list[str] = []
    separator = None
    for number, begin, line in _whole_lines(raw):
        if not line or line == b"\r":
            continue
        if len(line) > MAX_LINE_BYTES:
            raise InvalidFile(f"line {number} is longer than {MAX_LINE_BYTES} bytes")
        told = decoded(line).lstrip("\ufeff").rstrip("\r\n\x1a")
        bare = told.strip().strip('"')
        if bare.lower().startswith("sep=") and len(bare) <= 5 and not lines:
            separator = told.strip('" \r')[4:5] or "\t"
        elif bare and tidying.is_comment(told) and not (lines and begin == 0):
            comments += [told] if not lines else []
        elif bare:
            lines.append(_Line(number, told, begin))
        if len(lines) > MAX_LINES_BEFORE + SAMPLE_ROWS:
            break
    if not whole and not lines:
        raise InvalidFile(f"the first line is longer than {MAX_LINE_BYTES} bytes")
    return _Head(tuple(lines), tuple(comments), separator)


def _whole_lines(raw: Sequence[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """Lines with their numbers and the bytes where they begin; one where quotes go on, as Excel
    writes names of columns that have line ends in them."""
    at, i = 0, 0
    while i < len(raw):
        count = 1
        if raw[i].count(b'"') % 2 and i < MAX_LINES_BEFORE:
            counts = accumulate(line.count(b'"') for line in raw[i : i + MAX_LINES_QUOTED])
            count = next((n for n, quotes in enumerate(counts, 1) if quotes % 2 == 0), 1)
        yield i + 1, at, b" ".join(line.rstrip(b"\r") for line in raw[i : i + count])
        at += sum(map(len, raw[i : i + count])) + count
        i += count


def _cut(head: _Head) -> _Cut:
    """How lines are cut, and where the header is.

    The header is the line with the name of a depth in it that the most rows below it fit; else a
    comment with such a name; else the line above the first row of numbers; there may be none.
    """
    separators = [head.separator] if head.separator else SEPARATORS
    wrapped = any("np.float" in line.text for line in head.lines)
    best: tuple[tuple[bool, int, int, int], _Cut] | None = None
    for separator in separators:
        plain = Dialect((), separator or SPACE, wrapped=wrapped)
        for cut in chain(_with_depth(plain, head), _above_numbers(plain, head)):
            fit, near = _fitting(cut, head)
            score = (cut.named, fit, near, len(cut.dialect.names))
            if (fit or near) and (best is None or score > best[0]):
                best = score, cut
            if best and best[0][0] and best[0][1] == len(head.lines[best[1].first :][:ROWS_BELOW]):
                return best[1]
    if best is None:
        first = head.lines[0].text[:60]
        raise InvalidFile(f"no row of numbers was found: the first line is {first!r}")
    cut = best[1]
    if cut.named:
        return cut
    return _with_comment(cut, head) or _with_line_above(cut, head)


def _with_depth(plain: Dialect, head: _Head) -> Iterator[_Cut]:
    """The cuts by lines that name a depth."""
    for i, line in enumerate(head.lines[:MAX_LINES_BEFORE]):
        texts = [line.text]
        if plain.separator == SPACE and _BRACKETED.search(line.text):
            # ``Depth (m) GR (API)``: a space in front of a unit is none between columns.
            texts.append(_BRACKETED.sub(lambda unit: unit[1].replace(" ", ""), line.text))
        for fields in map(plain.split, texts):
            named = _names_depth(fields) or (i == 0 and _counts_columns(fields, plain, head))
            if named and (len(fields) > 1 or head.separator):
                yield _Cut(replace(plain, names=tuple(fields)), i, i + 1, True)


def _names_depth(fields: Sequence[str]) -> bool:
    return any(names.depth_rank(names.column(field).name) is not None for field in fields)


def _counts_columns(fields: Sequence[str], plain: Dialect, head: _Head) -> bool:
    """Whether the first line is a header as pandas writes it of an array: the columns are counted,
    and the index has no name, or is not written. Rows may count too, but then all do."""
    if len(fields) <= FEWEST_AXIS or len(head.lines) < 2:
        return False
    first, *others = fields
    if not first:
        return others == [str(i) for i in range(len(others))]
    begin = int(first == "1")
    *counted, after = [str(i) for i in range(begin, begin + len(fields) + 1)]
    below = plain.split(head.lines[1].text)
    return fields == counted and below != fields and below[:1] != [after]


def _above_numbers(plain: Dialect, head: _Head) -> Iterator[_Cut]:
    """The cut by the first row of numbers."""
    for i, line in enumerate(head.lines[:MAX_LINES_BEFORE]):
        fields = plain.split(line.text)
        if len(fields) > 1 and _is_row(plain, fields):
            numbered = tuple(str(i) for i in range(1, len(fields) + 1))
            yield _Cut(replace(plain, names=numbered), None, i, False)
            return


def _fitting(cut: _Cut, head: _Head) -> tuple[int, int]:
    """How many of the next lines have a number and as many fields as the header; and how many at
    least half as many, which are faults."""
    fit, near, columns = 0, 0, len(cut.dialect.names)
    is_number = _is_number(cut.dialect)
    for line in head.lines[cut.first : cut.first + ROWS_BELOW]:
        fields = cut.dialect.split(line.text)
        extra = fields[columns:]
        if any(map(is_number, fields)):
            fit += len(fields) >= columns and (not any(extra) or len(extra) == 1)
            near += 2 * len(fields) >= columns > 1
    return fit, near or (cut.named and columns > 1 and cut.first == len(head.lines))


def _with_comment(cut: _Cut, head: _Head) -> _Cut | None:
    """``cut`` with the last comment for a header, where that names a depth and fits."""
    for comment in reversed(head.comments):
        bare = comment.lstrip("#%/!~ *")
        for separator in (cut.dialect.separator, *SEPARATORS):
            fields = Dialect((), separator).split(bare)
            if len(fields) == len(cut.dialect.names) and _names_depth(fields):
                return replace(cut, dialect=replace(cut.dialect, names=tuple(fields)), named=True)
    return None


def _with_line_above(cut: _Cut, head: _Head) -> _Cut:
    """``cut`` with the line above the first row for a header, or the one above a line of units."""
    for header in (cut.first - 1, cut.first - 2):
        fields = cut.dialect.split(head.lines[header].text) if header >= 0 else []
        if len(fields) != len(cut.dialect.names):
            break
        if not (_are_units(fields) and header > 0):
            return replace(
                cut,
                dialect=replace(cut.dialect, names=tuple(fields)),
                header=header,
                first=header + 1,
                named=True,
            )
    return cut


def _is_number(found: Dialect) -> Callable[[str], bool]:
    """Whether a field is a number, with a point or a comma, and no null."""
    ways = (replace(found, decimal_comma=False), replace(found, decimal_comma=True))

    def is_number(field: str) -> bool:
        return any(way.written(field) for way in ways) or bool(_LIKE_NUMBER.fullmatch(field))

    return is_number


def _is_row(found: Dialect, fields: Sequence[str]) -> bool:
    """Whether at least half of the fields are numbers or nulls, and one is a number."""
    nulls = sum(1 for field in fields if field and found.written(field) == "")
    numbers = sum(map(_is_number(found), fields))
    return numbers > 0 and 2 * (numbers + nulls) >= len(fields)


def _are_units(fields: Sequence[str]) -> bool:
    """Whether a line is of units: short words, none a number, a length or several empty."""
    words = [field for field in fields if field]
    short = all(len(word) <= 20 for word in words)
    return short and any(names.length_unit(names.unit_of(w)) for w in words)


def _text_rows(cut: _Cut, head: _Head) -> tuple[tuple[str, ...], int]:
    """The units of the columns, where a line below the header has them, and the place of the first
    row of values."""
    units: tuple[str, ...] = ()
    first = cut.first
    if not cut.named:
        return units, first
    depth = _first_depth(cut.dialect.names)
    for line in head.lines[first : first + MAX_TEXT_ROWS]:
        fields = cut.dialect.split(line.text)
        if not _is_text_row(cut, fields, depth):
            break
        if not units and not _names_depth(fields):
            units = tuple(fields)
        first += 1
    if first == len(head.lines):
        raise InvalidFile("there is no row of values below the header")
    return units, first


def _first_depth(header: Sequence[str]) -> int | None:
    ranks = [
        (rank, i)
        for i, name in enumerate(header)
        if (rank := names.depth_rank(names.column(name).name)) is not None
    ]
    return min(ranks)[1] if ranks else None


def _is_text_row(cut: _Cut, fields: Sequence[str], depth: int | None) -> bool:
    """Whether a line below the header is of units or descriptions: it has no number, and where the
    depths stand a unit, the name of a depth, or nothing."""
    if len(fields) < len(cut.dialect.names) - 1 or any(map(_is_number(cut.dialect), fields)):
        return False
    words = [field for field in fields if cut.dialect.number(field) is None]
    if not words:
        return False
    if depth is None or depth >= len(fields):
        return True
    there = names.unit_of(fields[depth])
    named = names.depth_rank(names.column(fields[depth]).name) is not None
    is_time = names.is_time(Column("", there))
    return not there or named or is_time or names.length_unit(there) is not None


def _columns(found: Dialect, units: Sequence[str]) -> tuple[Column, ...]:
    told = [*units, *[""] * len(found.names)]
    # A name in front that numbers the rows, which the header lacks, has no unit.
    return tuple(names.column(name, unit) for name, unit in zip(found.names, told, strict=False))


def _widened(found: Dialect, sample: Sequence[Sequence[str]]) -> Dialect:
    """``found`` with the nameless columns that the rows have and the header lacks: empty ones at
    the end of each row, or one in front that numbers the rows."""
    length = len(found.names)
    extra = min(len(fields) for fields in sample) - length
    if extra < 1 or any(len(fields) != length + extra for fields in sample):
        return found
    if not any(any(fields[length:]) for fields in sample):
        return replace(found, names=(*found.names, *[""] * extra))
    numbered = extra == 1 and _number_rows(found, sample, 0)
    return replace(found, names=("", *found.names)) if numbered else found


def _number_rows(found: Dialect, sample: Sequence[Sequence[str]], column: int) -> bool:
    """Whether a column counts the rows."""
    numbers = [found.number(fields[column]) for fields in sample if len(fields) > column]
    return numbers[:1] in ([0.0], [1.0]) and all(
        a is not None and b is not None and b - a == 1 for a, b in pairwise(numbers)
    )


def _judged(
    found: Dialect,
    columns: tuple[Column, ...],
    sample: Sequence[Sequence[str]],
    later: Mapping[int, Sequence[str]],
) -> tuple[Column, ...]:
    """The columns, those of text with the reason for which they are not taken; ``later`` is what
    stands further down in those that the sample tells nothing of."""
    numeric = numeric_columns(found, sample, later)
    judged = []
    for i, (column, is_numeric) in enumerate(zip(columns, numeric, strict=True)):
        if not is_numeric:
            texts = [fields[i] for fields in sample if len(fields) > i and fields[i]]
            texts = [*texts, *later.get(i, ())]
            times = all(_CLOCK.fullmatch(field) for field in texts)
            what = f"times, such as {texts[0][:30]!r}" if times and texts else "text"
            column = replace(column, reason=f"it holds {what}, not numbers")
        elif names.plain(column.name) in _ROW_NUMBERS and _number_rows(found, sample, i):
            column = replace(column, reason="it numbers the rows")
        judged.append(column)
    return tuple(judged)


def _well(columns: Sequence[Column], sample: Sequence[Sequence[str]]) -> str | None:
    for i, column in enumerate(columns):
        if names.plain(column.name) in _WELLS and len(sample[0]) > i:
            return sample[0][i] or None
    return None
