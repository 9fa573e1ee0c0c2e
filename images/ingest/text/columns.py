"""What the columns of a text are: their units, and whether they hold numbers."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, pairwise, zip_longest
from typing import NamedTuple

from images.errors import InvalidFile
from images.ingest.names.columns import column_of, depth_rank, first_depth, is_time, names_wells
from images.ingest.names.units import length_unit, unit_of
from images.ingest.table import Column
from images.ingest.text.dialect import Dialect, is_numeric, number_check
from images.ingest.text.head import Head
from images.ingest.text.header import MAX_TEXT_ROWS, Cut, names_array_once, names_depth
from tables.names import bare

_ROW_NUMBERS = {
    "", "index", "unnamed0", "row", "rownumber", "rowno", "frameno", "no", "nr", "id", "record",
}  # fmt: skip
# What a line of the types of columns may say of that of the depths.
_TYPES = {"float", "double", "real", "float32", "float64", "number", "numeric", "decimal"}
_JOINED = re.compile(r"(.{1,80}?)([:./])([^\W\d]\w*)")
_CLOCK = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}([T ].*)?|\d{1,2}:\d{2}(:\d{2}.*)?")


class Below(NamedTuple):
    """What the lines between the header and the first row say of the columns, the place of that
    row, and how many of the lines say nothing."""

    units: tuple[str, ...]
    descriptions: tuple[str, ...]
    first: int
    skipped: int


def below_header(cut: Cut, head: Head) -> Below:
    """The units and descriptions of the columns, where lines below the header have them."""
    units: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    first, skipped = cut.first, 0
    depth = first_depth(cut.dialect.names)
    for line in head.lines[first : first + MAX_TEXT_ROWS] if cut.named else ():
        fields = tuple(cut.dialect.split(line.text))
        if not _is_text_row(cut, fields, depth):
            break
        first += 1
        if not descriptions and names_depth(fields):
            descriptions = fields
        elif not (units or names_depth(fields) or _TYPES.issuperset(map(str.lower, fields))):
            units = fields
        else:
            skipped += 1
    if first == len(head.lines):
        raise InvalidFile("there is no row of values below the header")
    return Below(units, descriptions, first, skipped)


def _is_text_row(cut: Cut, fields: Sequence[str], depth: int | None) -> bool:
    """Whether a line below the header is one of units or descriptions: it has no number, and in the
    column of depths a unit, the name of a depth, or nothing."""
    if any(map(number_check(cut.dialect), fields)):
        return False
    of_depth = fields[depth] if depth is not None and depth < len(fields) else ""
    unit = unit_of(of_depth)
    if len(fields) < len(cut.dialect.names) - 1:
        # Units may be left out behind the last one.
        return length_unit(unit) is not None
    if all(cut.dialect.number(field) is not None for field in fields):
        return False
    known = unit.lower() in _TYPES or is_time(Column("", unit)) or length_unit(unit) is not None
    return not unit or known or names_depth([of_depth])


def columns_of(dialect: Dialect, below: Below) -> tuple[Column, ...]:
    """The columns by their names, and by their units and descriptions in lines below the header."""
    names, units = (dialect.names, below.units) if below.units else _apart(dialect.names)
    # The header may have names for more columns than these lines have fields.
    told = zip_longest(names, units, below.descriptions, fillvalue="")
    return tuple(column_of(*each) for each in islice(told, len(names)))


def _apart(header: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names and units, where what joins them is that between the name and the unit of the depths:
    ``DEPT:FT,GR:GAPI``, ``DEPT.M,RES.ohm.m``, ``depth/m,p/MPa``."""
    found = (_JOINED.fullmatch(name) for name in header)
    of_depth = (f for f in found if f and depth_rank(f[1]) is not None and length_unit(f[3]))
    if (depth := next(of_depth, None)) is None:
        return header, ()
    pattern = re.compile(rf"(.+?){re.escape(depth[2])}(?!\d)(\S{{1,20}})")
    pairs = [f.groups() if (f := pattern.fullmatch(name)) else (name, "") for name in header]
    names, units = zip(*pairs, strict=True)
    return names, units


def widened(dialect: Dialect, sample: Sequence[Sequence[str]]) -> Dialect:
    """``dialect`` with the columns that the header has no names for: empty ones at the end of each
    row, those of an array that is named once, at the end, or one in front that numbers the rows."""
    length = len(dialect.names)
    extra = min(len(fields) for fields in sample) - length
    if extra < 1 or any(len(fields) != length + extra for fields in sample):
        return dialect
    if not any(any(fields[length:]) for fields in sample):
        return replace(dialect, names=(*dialect.names, *[""] * extra))
    if names_array_once(length, length + extra, dialect):
        return replace(dialect, names=(*dialect.names, *[dialect.names[-1]] * extra))
    numbered = extra == 1 and _number_rows(dialect, [fields[0] for fields in sample])
    return replace(dialect, names=("", *dialect.names)) if numbered else dialect


def _number_rows(dialect: Dialect, texts: Sequence[str]) -> bool:
    """Whether the column with these texts counts the rows."""
    numbers = [*map(dialect.number, texts)]
    return numbers[:1] in ([0.0], [1.0]) and all(
        a is not None and b is not None and b - a == 1 for a, b in pairwise(numbers)
    )


def judged(
    dialect: Dialect, columns: Sequence[Column], texts: Sequence[Sequence[str]]
) -> tuple[Column, ...]:
    """The columns, with the reason where one is not taken; ``texts`` are what stands in each."""
    judged = []
    for column, told in zip(columns, texts, strict=True):
        if not column.name and all(map(dialect.is_null, told)):
            column = replace(column, reason="it has no name")
        elif names_wells(column.name):
            column = replace(column, reason="it names the well")
        elif not is_numeric(dialect, told):
            what = "times" if all(_CLOCK.fullmatch(text) for text in told if text) else "text"
            like = next(text for text in told if dialect.number(text) is None)
            column = replace(column, reason=f"it holds {what}, such as {like[:30]!r}, not numbers")
        elif bare(column.name) in _ROW_NUMBERS and _number_rows(dialect, told):
            column = replace(column, reason="it numbers the rows")
        judged.append(column)
    return tuple(judged)
