"""How lines of text are cut into fields, and how the numbers in these are written."""

import csv
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

from tables.nulls import NULL_WORDS
from web import numbers

SPACE = " "
# How many rows, and how many fields that are no plain numbers, show how numbers are written.
ROWS_OF_NUMBERS, MAX_ODD = 50, 2000
# How NumPy 2 writes a number that was meant to be written with str().
WRAPPED = re.compile(rb"np\.float(?:64|32|16)\(([^()\n]{0,40})\)")
# How Fortran writes the exponents of double precision: 1.5D+03.
_D_EXPONENT = re.compile(r"([+-]?(?:\d+\.\d*|\.\d+))[dD]([+-]?\d{1,3})", re.ASCII)
_TOKENS = re.compile(r"\"[^\"]*\"|'[^']*'|\S+")
# The minus sign of Unicode, which spreadsheets write in Swedish, Finnish and Norwegian.
MINUS = "\u2212"
# What may stand between groups of three digits.
GROUPINGS = (" ", "\u00a0", "\u202f", "\u2009", "'", "’", ".", ",")
# A number whose digits are in groups, or with a comma and a point.
_LIKE_NUMBER = re.compile(r"[+-]?\d{1,3}([ '’.,\u00a0\u202f\u2009]\d{3})+([.,]\d+)?|[+-]?\d+,\d+")
_COMMA_FOR_POINT = str.maketrans(",.", ".,")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How lines are cut into fields, and how the numbers in them are written.

    ``names`` are those of the columns. With ``SPACE`` as separator any number of spaces and tabs
    stands between fields. ``decimal_comma`` is None where neither a comma nor a point was seen.
    ``wrapped`` tells that numbers are written as ``np.float64(1.5)``. ``grouping`` is what stands
    between groups of three digits.
    """

    names: tuple[str, ...]
    separator: str
    decimal_comma: bool | None = False
    wrapped: bool = False
    grouping: str = ""

    def split(self, line: str) -> list[str]:
        """The fields of one line, without the white space around them and their quotes."""
        if self.wrapped:
            line = WRAPPED.sub(rb"\1", line.encode()).decode()
        if self.separator == SPACE:
            if '"' not in line and "'" not in line:
                return line.split()
            return [token.strip("\"'") for token in _TOKENS.findall(line)]
        if '"' not in line:
            fields = [field.strip() for field in line.split(self.separator)]
            return [_unquoted(field) for field in fields] if "'" in line else fields
        try:
            lines = csv.reader([line], delimiter=self.separator, skipinitialspace=True, strict=True)
            fields = next(lines)
        except csv.Error:
            fields = line.split(self.separator)
        return [field.strip() for field in fields]

    def written(self, text: str) -> str | None:
        """The number in a field, written with a decimal point; empty for a null; None where the
        field holds neither."""
        if not text or text.lower() in NULL_WORDS:
            return ""
        if text[0] == MINUS:
            text = "-" + text[1:]
        if self.grouping and _grouped(self.grouping).fullmatch(text):
            text = text.replace(self.grouping, "")
        if self.decimal_comma:
            text = text.translate(_COMMA_FOR_POINT)
        if exponent := _D_EXPONENT.fullmatch(text):
            text = "E".join(exponent.groups())
        if len(text) > numbers.MAX_CHARACTERS or not numbers.DECIMAL.fullmatch(text):
            return None
        return text

    def number(self, text: str) -> float | None:
        """The number in a field, NaN for a null, None where the field holds neither."""
        written = self.written(text)
        return None if written is None else float(written or "nan")

    def is_null(self, text: str, nulls: tuple[float, ...] = ()) -> bool:
        """Whether a field holds a null; ``nulls`` are the numbers that the file declares."""
        number = self.number(text)
        return number is not None and (math.isnan(number) or number in nulls)


def _unquoted(field: str) -> str:
    """``field`` without the single quotes around it."""
    return field[1:-1] if len(field) > 1 and field[0] == field[-1] == "'" else field


_UNGROUPED = re.compile(r"[+-]?\d{4}")
_MAY_BE_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")


@cache
def _grouped(grouping: str) -> re.Pattern[str]:
    """Numbers whose digits are in groups of three."""
    between = re.escape(grouping)
    return re.compile(rf"[+-]?\d{{1,3}}(?:{between}\d{{3}})+(?:[.,]\d*)?", re.ASCII)


def _certainly_grouped(grouping: str, text: str) -> bool:
    """Whether the sign between digits cannot be a decimal one, as there are several, or another
    one stands behind."""
    last = max(text.rfind("."), text.rfind(","))
    is_number = bool(_grouped(grouping).fullmatch(text))
    return is_number and (text.count(grouping) > 1 or text[last] != grouping)


def is_numeric(dialect: Dialect, texts: Iterable[str]) -> bool:
    """Whether the column with these texts holds numbers. Fewer than half of its values may be
    something else; they are faults then."""
    values = [v for v in map(dialect.number, texts) if v is None or not math.isnan(v)]
    others = values.count(None)
    return not others or 2 * others < len(values)


def with_numbers(dialect: Dialect, sample: Sequence[Sequence[str]]) -> Dialect:
    """``dialect`` with a decimal comma and groups of digits, if numbers of ``sample`` have them.

    A comma is a decimal one where no number has a point. Digits are in groups where that makes
    numbers of further fields.
    """
    texts = [text for fields in sample[:ROWS_OF_NUMBERS] for text in fields]
    commas = replace(dialect, decimal_comma=True)
    has_point = any("." in text and dialect.number(text) is not None for text in texts)
    has_comma = any("," in text and commas.number(text) is not None for text in texts)
    told = has_comma and not has_point
    dialect = replace(dialect, decimal_comma=told if has_comma or has_point else None)
    odd = [text for text in texts if dialect.number(text) is None][:MAX_ODD]
    best, most = dialect, 0
    for grouping, comma in product(GROUPINGS, (False, True)):
        if grouping == ("," if comma else ".") or not any(grouping in t for t in odd):
            continue
        # A comma in one field may as well be a decimal sign that does not belong there.
        if grouping in (".", ",") and not any(_certainly_grouped(grouping, t) for t in odd):
            continue
        other = replace(dialect, grouping=grouping, decimal_comma=comma)
        if (count := sum(other.number(text) is not None for text in odd)) > most:
            best, most = other, count
    return best


def doubtful_comma(dialect: Dialect, sample: Sequence[Sequence[str]]) -> str | None:
    """A number of ``sample`` whose decimal comma may be one between groups of digits, as those of
    all others may; None where one tells."""
    if not dialect.decimal_comma or dialect.grouping:
        return None
    texts = [text for fields in sample for text in fields if dialect.number(text) is not None]
    commas = [text for text in texts if "," in text]
    told = any(map(_UNGROUPED.match, texts)) or not all(map(_MAY_BE_GROUPED.fullmatch, commas))
    return commas[0] if commas and not told else None


def number_check(found: Dialect) -> Callable[[str], bool]:
    """A function that says whether a field is a number, with a point or a comma, and no null."""
    ways = (replace(found, decimal_comma=False), replace(found, decimal_comma=True))

    def is_number(field: str) -> bool:
        return any(way.written(field) for way in ways) or bool(_LIKE_NUMBER.fullmatch(field))

    return is_number


def is_row(found: Dialect, fields: Sequence[str]) -> bool:
    """Whether at least half of the fields are numbers or nulls, and one is a number."""
    nulls = sum(1 for field in fields if field and found.written(field) == "")
    numbers = sum(map(number_check(found), fields))
    return numbers > 0 and 2 * (numbers + nulls) >= len(fields)
