"""A table of texts that may be numbers, from any kind of file."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self, TextIO

from tables.units import angle_unit, length_unit
from web import numbers
from web.errors import FaultyFile

# Limits of time and memory. A line with the most points of a pick has half as many characters.
MAX_LINE_CHARACTERS = 100_000
MAX_LINES = 1_000_000
MAX_COLUMNS = 1_000
# Of the name of a column. What is longer is text, in which no unit is looked for.
MAX_NAME_CHARACTERS = 200
_UNIT = re.compile(r"\s*[\[(](?P<bracketed>[^\])]*)[\])]\s*$|[_ .](?P<bare>[^\W_]+|°)$")


class TableTooLarge(FaultyFile):
    """A table has longer lines, more lines or more columns than any survey or list of picks, or a
    quoted field without an end."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the file, its ``plain`` name for comparison, and its unit.

    ``description`` is what the file says of the column besides.
    """

    name: str
    plain: str
    unit: str | None
    description: str = ""

    @classmethod
    def named(cls, name: str) -> Self:
        """From a name with or without a unit. Brackets without a unit, as in ``Dip (apparent)``,
        belong to the name."""
        found = _UNIT.search(name) if len(name) <= MAX_NAME_CHARACTERS else None
        unit = (found["bracketed"] or found["bare"]) if found else None
        if found is None or (length_unit(unit) or angle_unit(unit)) is None:
            return cls(name, plain(name), None)
        return cls(name, plain(name[: found.start()]), unit)


Known = Callable[[Column], bool]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of data: its number in the file, and its fields, one for each column or fewer."""

    line: int
    fields: Sequence[str]

    def field(self, place: int) -> str:
        return self.fields[place] if place < len(self.fields) else ""


@dataclass(frozen=True, slots=True)
class Table:
    """A header, where there is one, and what stands below it.

    ``by_blanks`` says that the fields are separated by blanks. ``well`` is the well that the file
    names outside of its rows. ``skipped`` counts the lines before the first row that were not read.
    ``assumption`` is what to tell of its encoding.
    """

    header_line: int
    columns: Sequence[Column]
    rows: Sequence[Row]
    by_blanks: bool = False
    decimal_comma: bool = False
    well: str | None = None
    skipped: int = 0
    assumption: str | None = None

    def misplaced(self, row: Row) -> str | None:
        """Why the fields of a row may not be those of the columns; None where they are.

        A row with too many fields has a delimiter inside a number or a text. In a row that is
        separated by blanks, a missing field leaves no trace.
        """
        width = len(self.columns)
        is_long, is_short = any(row.fields[width:]), len(row.fields) < width
        if not width or not (is_long or (self.by_blanks and is_short)):
            return None
        return f"the line has {len(row.fields)} fields, and there are {width} columns"

    def number(self, text: str) -> float | None:
        """The finite number that ``text`` is, None where it is none."""
        return as_number(text.replace(",", ".") if self.decimal_comma else text)


def numbered(text: TextIO) -> Iterator[tuple[int, str]]:
    """The lines of a text with their numbers from 1. Raises TableTooLarge."""
    number = 0
    while line := text.readline(MAX_LINE_CHARACTERS + 1):
        number += 1
        if len(line) > MAX_LINE_CHARACTERS:
            reason = f"the line has more than {MAX_LINE_CHARACTERS} characters"
            raise TableTooLarge.at(number, reason)
        if number > MAX_LINES:
            raise TableTooLarge.at(number, f"there are more than {MAX_LINES} lines")
        yield number, line


def check_width(line: int, fields: Sequence[object]) -> None:
    """Raise TableTooLarge if a line has more than MAX_COLUMNS fields."""
    if len(fields) > MAX_COLUMNS:
        raise TableTooLarge.at(line, f"the line has {len(fields)} fields; at most {MAX_COLUMNS}")


def fields_of(line: str, delimiter: str | None) -> list[str]:
    """The fields of a line, which may be quoted; those without a delimiter are between blanks."""
    if '"' not in line:
        return [field.strip() for field in line.split(delimiter)]
    text = line.strip() if delimiter else " ".join(line.split())
    try:
        fields = next(csv.reader([text], delimiter=delimiter or " "))
    except (csv.Error, StopIteration):
        fields = text.split(delimiter)
    return [field.strip() for field in fields]


def plain(name: str) -> str:
    """A name as it is compared: lower case, without blanks, brackets, and marks between words."""
    return re.sub(r"[\s_.\-\"'()\[\]:]", "", name).lower()


def as_number(text: str) -> float | None:
    """The finite number that ``text`` is, with a decimal point; None where it is none."""
    try:
        return numbers.decimal(text)
    except ValueError:
        return None
