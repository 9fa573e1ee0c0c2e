"""Lines of fields to blocks of numbers: polars reads, after tidying where it needs to."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from images.errors import Fault, InvalidFile
from images.ingest.table import Read, Rows
from images.ingest.text import Slab, decoded, each_line
from web import numbers

SPACE = " "
MAX_FAULTS = 20
QUOTED_CHARACTERS = 60
# What programs write for a reading that is missing.
NULL_WORDS = frozenset(
    {"null", "none", "nan", "-nan", "na", "n/a", "#n/a", "missing", "-", "--", "---"}
    # The C library of Windows.
    | {"1.#qnan", "-1.#qnan", "1.#ind", "-1.#ind", "1.#nan"}
)
# How NumPy 2 writes a number that was meant to be written with str().
_WRAPPED = re.compile(rb"np\.float(?:64|32|16)\(([^()\n]{0,40})\)")
_PARSED_NULLS = sorted({case(w) for w in NULL_WORDS for case in (str.lower, str.upper, str.title)})

Bytes = np.ndarray[Any, np.dtype[np.uint8]]


@dataclass(frozen=True, slots=True)
class Grid:
    """How lines are cut into fields: how many, by what, and how the numbers in them are written.

    With ``SPACE`` for a separator fields are between any number of spaces and tabs.
    """

    names: tuple[str, ...]
    separator: str
    decimal_comma: bool = False
    wrapped: bool = False
    comment: str = "#"

    def split(self, line: str) -> list[str]:
        """The fields of one line, without the white space around them and their quotes."""
        if self.wrapped:
            line = _WRAPPED.sub(rb"\1", line.encode()).decode()
        if self.separator == SPACE:
            return line.split()
        if '"' not in line:
            return [field.strip() for field in line.split(self.separator)]
        try:
            fields = next(csv.reader([line], delimiter=self.separator, skipinitialspace=True))
        except csv.Error:
            fields = line.split(self.separator)
        return [field.strip() for field in fields]

    def number(self, text: str) -> float | None:
        """The number that a field holds, NaN for a null, or None where it is neither."""
        if not text or text.lower() in NULL_WORDS:
            return float("nan")
        if self.decimal_comma:
            text = text.replace(",", ".", 1)
        if len(text) > numbers.MAX_CHARACTERS or not numbers.DECIMAL.fullmatch(text):
            return None
        return float(text)


def rows(slabs: Iterator[Slab], grid: Grid, read: Read) -> Iterator[Rows]:
    """Read columns of ``slabs``, each to a block; lines without any value are left out.

    Raises InvalidFile with the places of fields that are no numbers, and of lines that are short or
    long.
    """
    reader = _Reader(grid, read)
    for slab in slabs:
        block = reader.read(slab)
        if len(block.values):
            yield block


class _Reader:
    def __init__(self, grid: Grid, read: Read) -> None:
        self.grid = grid
        self.read_columns = read
        self.separator = "\t" if grid.separator == SPACE else grid.separator
        self.padded = False
        wanted = {*read.columns} | ({read.depth} if read.depth is not None else set())
        self.wanted = sorted(wanted)
        if read.same is not None and read.same not in wanted:
            self.wanted = sorted({*wanted, read.same})
        self.same: str | None = None
        self.schema = {
            str(i): pl.String if i not in wanted else pl.Float64 if i == read.depth else pl.Float32
            for i in range(len(grid.names))
        }

    def read(self, slab: Slab) -> Rows:
        data = without_blank_lines(slab.data)
        if self.grid.wrapped:
            data = _WRAPPED.sub(rb"\1", data)
        if self.grid.separator == SPACE:
            data = spaces_to_tabs(data)
        elif self.padded:
            data = without_padding(data, self.separator)
        if not self._is_even(data, data.count(b"\n") + (not data.endswith(b"\n"))):
            # Of lines that are too short polars would make long rows of nulls.
            self._explain(slab)
            data = self._full_lines(data)
        frame = self._frame(data)
        if frame is None and not self.padded and self.grid.separator != SPACE:
            data = without_padding(data, self.separator)
            frame = self._frame(data)
            self.padded = frame is not None
        if frame is None:
            self._explain(slab)
            last = slab.first_line + slab.data.count(b"\n")
            raise InvalidFile(f"lines {slab.first_line} to {last} are not rows of numbers")
        return self._rows(frame, slab)

    def _frame(self, data: bytes) -> pl.DataFrame | None:
        try:
            return pl.read_csv(
                data,
                has_header=False,
                schema=self.schema,
                columns=self.wanted,
                separator=self.separator,
                decimal_comma=self.grid.decimal_comma,
                comment_prefix=self.grid.comment,
                null_values=_PARSED_NULLS,
                quote_char='"' if b'"' in data else None,
                encoding="utf8-lossy",
            )
        except pl.exceptions.NoDataError:
            return pl.DataFrame(schema={str(i): self.schema[str(i)] for i in self.wanted})
        except pl.exceptions.PolarsError:
            return None

    def _is_even(self, data: bytes, lines: int) -> bool:
        """Whether every line has as many fields as the header: polars fills short ones up."""
        # Of bytes that are so frequent numpy counts ten times as many in the time.
        separators = np.count_nonzero(np.frombuffer(data, np.uint8) == ord(self.separator))
        return int(separators) == (len(self.grid.names) - 1) * lines

    def _full_lines(self, data: bytes) -> bytes:
        """``data`` without blank lines and comments."""
        separator, fewest = self.separator.encode(), len(self.grid.names) - 1
        return b"\n".join([line for line in data.split(b"\n") if line.count(separator) >= fewest])

    def _rows(self, frame: pl.DataFrame, slab: Slab) -> Rows:
        if self.read_columns.same is not None:
            frame = self._checked_same(frame, str(self.read_columns.same))
        if frame.width and frame.to_series(0).null_count():
            frame = frame.filter(~pl.all_horizontal(pl.all().is_null()))
        depth = self.read_columns.depth
        depths = None if depth is None else frame.get_column(str(depth)).to_numpy()
        values = frame.select([str(i) for i in self.read_columns.columns]).to_numpy(order="c")
        if np.isinf(values).any() or (depths is not None and np.isinf(depths).any()):
            self._explain(slab)
        depths = None if depths is None else np.array(depths, np.float64)
        return Rows(depths, np.array(values, np.float32))

    def _checked_same(self, frame: pl.DataFrame, column: str) -> pl.DataFrame:
        """``frame`` without the column that has to say the same in all rows."""
        found = {self.same, *frame.get_column(column).unique().to_list()} - {None}
        if len(found) > 1:
            name = self.grid.names[int(column)]
            two = " and ".join(sorted(map(repr, found))[:2])
            raise InvalidFile(f"{name} is {two} in one file; send one well at a time")
        self.same = found.pop() if found else None
        return frame.drop(column)

    def _explain(self, slab: Slab) -> None:
        """Raise InvalidFile where the careful look finds faults; short and long lines are some."""
        faults: list[Fault] = []
        for number, line in enumerate(each_line(slab.data), slab.first_line):
            text = decoded(line.rstrip(b"\r"))
            if not text.startswith(self.grid.comment):
                faults += self._faults(number, text)
            if len(faults) >= MAX_FAULTS:
                break
        if faults:
            raise faulty(faults[:MAX_FAULTS], len(faults) >= MAX_FAULTS)

    def _faults(self, number: int, text: str) -> list[Fault]:
        fields, names = self.grid.split(text), self.grid.names
        if not any(fields):
            return []
        if len(fields) != len(names):
            found = f"{len(fields)} fields; the header has {len(names)}"
            return [Fault(number, None, text[:QUOTED_CHARACTERS], found)]
        return [
            Fault(number, names[i], fields[i][:QUOTED_CHARACTERS], reason)
            for i in self.wanted
            if i != self.read_columns.same
            and (reason := self._wrong_with(fields[i], i == self.read_columns.depth))
        ]

    def _wrong_with(self, text: str, is_depth: bool) -> str | None:
        value = self.grid.number(text)
        if value is None:
            return "not a number"
        largest = float(np.finfo(np.float64 if is_depth else np.float32).max)
        return "too large, or infinite" if abs(value) > largest else None


def faulty(faults: Sequence[Fault], at_least: bool) -> InvalidFile:
    """The exception for faults: the first one is its sentence."""
    first = faults[0]
    where = f"line {first.line}" + (f", column {first.column}" if first.column else "")
    found = f": {first.value!r}" if first.value else ""
    more = f" ({'at least ' if at_least else ''}{len(faults)} faults in all)"
    reason = f"{where}{found}: {first.reason}{more if len(faults) > 1 else ''}"
    return InvalidFile(reason, faults, at_least)


def numeric(grid: Grid, sample: Sequence[Sequence[str]]) -> list[bool]:
    """Whether each column of ``sample``, rows of fields, holds numbers. A few of its values, fewer
    than half, may be something else, which are then faults."""
    values, others = [0] * len(grid.names), [0] * len(grid.names)
    for fields in sample:
        for i, text in enumerate(fields[: len(grid.names)]):
            number = grid.number(text)
            values[i] += number is None or number == number
            others[i] += number is None
    return [2 * other < count or not other for other, count in zip(others, values, strict=True)]


def with_decimal_comma(grid: Grid, sample: Sequence[Sequence[str]]) -> Grid:
    """``grid``, with a decimal comma if the numbers of ``sample`` have one and none has a point."""
    if grid.separator == ",":
        return grid
    texts = [text for fields in sample for text in fields]
    commas = replace(grid, decimal_comma=True)
    has_comma = any("," in text and commas.number(text) is not None for text in texts)
    has_point = any("." in text and grid.number(text) is not None for text in texts)
    return commas if has_comma and not has_point else grid


def without_blank_lines(data: bytes) -> bytes:
    """``data`` with LF for CRLF, and no empty line: millions of them would be looked at one by one.

    Each round halves the runs of line ends.
    """
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n")
    while b"\n\n" in data:
        data = data.replace(b"\n\n", b"\n")
    return data[1:] if data.startswith(b"\n") else data


def spaces_to_tabs(data: bytes) -> bytes:
    """Lines whose fields are between any spaces and tabs, with one tab between two fields.

    The spaces that follow stay in front of a field, where polars passes over them.
    """
    # A tab among them would be another separator.
    data = data.replace(b"\t", b" ")
    if b" \n" in data or data.endswith(b" "):
        data = b"\n".join([line.rstrip() for line in data.split(b"\n")])
    if b"  " not in data and b"\n " not in data and not data.startswith(b" "):
        return data.replace(b" ", b"\t")
    chars: Bytes = np.frombuffer(data, np.uint8).copy()
    token = chars > 32
    token[1:] = (chars[1:] == 32) & token[:-1]
    chars[1:][token[1:]] = 9
    return chars.tobytes()


def without_padding(data: bytes, separator: str) -> bytes:
    """``data`` without the spaces around fields; as it is where some are inside of one."""
    chars: Bytes = np.frombuffer(data, np.uint8)
    blank = (chars == 32) if separator == "\t" else (chars == 32) | (chars == 9)
    if not blank.any():
        return data
    firsts = np.flatnonzero(blank & ~np.concatenate(([False], blank[:-1])))
    lasts = np.flatnonzero(blank & ~np.concatenate((blank[1:], [False])))
    edge = np.zeros(256, bool)
    edge[[10, 13, 34, ord(separator)]] = True
    before = edge[chars[np.maximum(firsts - 1, 0)]] | (firsts == 0)
    after = edge[chars[np.minimum(lasts + 1, len(chars) - 1)]] | (lasts == len(chars) - 1)
    if (before | after).all():
        return data.translate(None, b" " if separator == "\t" else b" \t")
    # Some fields hold spaces themselves, as times do: line by line, which takes longer.
    stripped = []
    for line in data.split(b"\n"):
        fields = line.strip(b" \r").split(separator.encode())
        stripped.append(separator.encode().join(field.strip(b' "') for field in fields))
    return b"\n".join(stripped)
