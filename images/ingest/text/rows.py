"""Lines of fields to blocks of numbers: polars reads, after tidying where it needs to."""

import re
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

import numpy as np
import polars as pl

from images.errors import MAX_FAULTS, QUOTED_CHARACTERS, InvalidFile
from images.ingest.table import Read, Rows
from images.ingest.text import tidying
from images.ingest.text.dialect import MINUS, ROWS_OF_NUMBERS, SPACE, WRAPPED, Dialect
from images.ingest.text.lines import Slab, count, each_line, line_around
from tables.encodings import decoded
from tables.nulls import NULL_WORDS
from web.errors import Fault
from web.text import counted

# Both cores of a small machine; meanwhile the rows of a third slab are stored.
THREADS = 2
_PARSED_NULLS = sorted({case(w) for w in NULL_WORDS for case in (str.lower, str.upper, str.title)})
_MINUS = MINUS.encode()
_INFINITE = {"inf", "infinity", "1.#inf", "1.#inf00"}
# How Fortran writes the exponents of double precision: 1.5D+03.
_D_EXPONENTS = re.compile(rb"(\d\.|\.\d{1,20})[dD](?=[+-]?\d{1,3}\b)")


class OfWell(NamedTuple):
    """The rows to take: those that one of ``texts`` is in ``column`` of, or in a row above, where
    it is blank."""

    column: int
    texts: frozenset[str]


def rows(
    slabs: Iterator[Slab],
    dialect: Dialect,
    read: Read,
    warnings: list[tuple[str, str]],
    same: tuple[int, ...] = (),
    of_well: OfWell | None = None,
) -> Iterator[Rows]:
    """Read columns of ``slabs``, each to a block; lines without any value are left out, if depths
    are read, and those that are not ``of_well``.

    The columns ``same`` have to say the same in all rows. Raises InvalidFile where they do not, and
    with the places of fields that are no numbers, and of lines that are short or long. What is to
    be told of values that were read joins ``warnings``.
    """
    reader = _Reader(dialect, read, same, of_well)
    for slab, frame in _ahead(reader, slabs):
        block = reader.rows(slab, frame)
        if len(block.values):
            yield block
    if reader.touching and (first := reader.touching[min(reader.touching)]) not in warnings:
        warnings.append(first)


def later_texts(
    slabs: Iterator[Slab],
    dialect: Dialect,
    columns: Sequence[int],
    nulls: tuple[float, ...] = (),
) -> dict[int, list[str]]:
    """What stands in ``columns``, each from the first slab in which it is not all nulls, as far as
    the lines are whole: their faults are told when they are read as rows."""
    found: dict[int, list[str]] = {}
    for _, frame in texts_of(slabs, dialect, columns):
        for i in [i for i in columns if i not in found]:
            texts = frame.get_column(str(i)).drop_nulls().str.strip_chars()
            told = (t for t in texts.unique(maintain_order=True) if not dialect.is_null(t, nulls))
            if first := list(islice(told, ROWS_OF_NUMBERS)):
                found[i] = first
        if len(found) == len(columns):
            break
    return found


def texts_of(
    slabs: Iterator[Slab], dialect: Dialect, columns: Sequence[int]
) -> Iterator[tuple[Slab, pl.DataFrame]]:
    """``slabs``, each with its ``columns`` as text, as far as the lines are whole: their faults are
    told when they are read as rows."""
    reader = _Reader(dialect, Read(None, ()), tuple(columns))
    with suppress(InvalidFile):
        yield from _ahead(reader, slabs)


def filled(texts: pl.Series, above: str | None) -> pl.Series:
    """Texts without the white space around them, where a blank one is that above."""
    told = texts.str.strip_chars().replace("", None)
    return pl.concat([pl.Series([above], dtype=pl.String), told]).forward_fill()[1:]


def _ahead(reader: "_Reader", slabs: Iterator[Slab]) -> Iterator[tuple[Slab, pl.DataFrame]]:
    """``slabs``, each with its frame; two threads read the next ones while one is stored."""
    with ThreadPoolExecutor(THREADS, "rows") as threads:
        under_way: deque[tuple[Slab, Future[pl.DataFrame]]] = deque()
        for slab in slabs:
            first = None
            if len(under_way) == (THREADS if reader.settled else 1):
                first = _result(under_way.popleft())
            under_way.append((slab, threads.submit(reader.frame, slab)))
            if first is not None:
                yield first
        yield from map(_result, under_way)


def _result(under_way: tuple[Slab, Future[pl.DataFrame]]) -> tuple[Slab, pl.DataFrame]:
    slab, frame = under_way
    return slab, frame.result()


class _Reader:
    def __init__(
        self, dialect: Dialect, read: Read, same: tuple[int, ...], of_well: OfWell | None = None
    ) -> None:
        self.dialect = dialect
        self.read_columns = read
        self.same: dict[int, str | float | None] = dict.fromkeys(same)
        self.of_well = of_well
        # The well of the last row.
        self.well: str | None = None
        self.separator = "\t" if dialect.separator == SPACE else dialect.separator
        self.padded = False
        self.points = False
        # What to tell of values that touch, by the line of the first of each slab.
        self.touching: dict[int, tuple[str, str]] = {}
        # Only those that occurred, as polars compares each field with each of them.
        self.null_words: list[str] = []
        depth = set() if read.depth is None else {read.depth}
        texts = {*same, *([of_well.column] if of_well else [])}
        self.wanted = sorted({*read.columns, *depth, *texts})
        self.schema = {
            str(i): pl.Float64 if i in depth else pl.Float32 if i in read.columns else pl.String
            for i in range(len(dialect.names))
        }

    @property
    def settled(self) -> bool:
        """Whether slabs may be read in any order: points or decimal commas have been met."""
        return self.points or self.dialect.decimal_comma is not None

    def frame(self, slab: Slab) -> pl.DataFrame:
        """The wanted columns, those that have to say the same as text. Raises InvalidFile."""
        frame = self._quickly(slab)
        return self._carefully(slab) if frame is None else frame

    def _quickly(self, slab: Slab) -> pl.DataFrame | None:
        """What polars reads, after tidying where it needs to; None where it cannot."""
        if self.dialect.grouping or (self.dialect.decimal_comma and self.separator == ","):
            return None
        # Copies: another thread may change them meanwhile.
        padded, words = self.padded, tuple(self.null_words)
        data = self._even(slab, padded)
        if data is None:
            return None
        frame = self._frame(data)
        if frame is None and not padded:
            data = tidying.without_padding(data, self.separator)
            frame = self._frame(data)
            self.padded = self.padded or frame is not None
        if frame is None and self._meets_null_words(data, words):
            frame = self._frame(data)
        if frame is None and not self.same and _D_EXPONENTS.search(data):
            data = _D_EXPONENTS.sub(rb"\1e", data)
            frame = self._frame(data)
        if frame is None and self._may_have_commas(data):
            frame = self._parsed(data, self.separator, True, b'"' in data)
            if frame is not None:
                self.dialect = replace(self.dialect, decimal_comma=True)
        self.points = self.points or (self.dialect.decimal_comma is None and b"." in data)
        return frame

    def _even(self, slab: Slab, padded: bool) -> bytes | None:
        """The rows of a slab without remarks and, if ``padded``, without spaces around fields. None
        where a line is too short: polars would fill it up with nulls."""
        data = tidying.without_comments(tidying.without_blank_lines(slab.data))
        if self.dialect.wrapped:
            data = WRAPPED.sub(rb"\1", data)
        if _MINUS in data:
            data = data.replace(_MINUS, b"-")
        if self.dialect.separator == SPACE:
            data = tidying.spaces_to_tabs(data)
        elif padded:
            data = tidying.without_padding(data, self.separator)
        if self._is_even(data):
            return data
        data = tidying.BLANK_LINES.sub(b"", tidying.COMMENT_LINES.sub(b"", data))
        if not self._is_even(data) and self.dialect.separator == SPACE:
            data = self._parted(data, slab)
        return data if self._is_even(data) else None

    def _parted(self, data: bytes, slab: Slab) -> bytes:
        """``data`` with a tab between values that touch, if there are some; tell the first."""
        if found := tidying.TOUCHING.search(slab.data):
            line = slab.first_line + slab.data.count(b"\n", 0, found.start())
            text = decoded(line_around(slab.data, found.start()))
            token = next(t for t in text.split() if tidying.TOUCHING.search(t.encode()))
            detail = f"values that touch were read as several, first {token[:QUOTED_CHARACTERS]!r}"
            self.touching[line] = "values-touching", f"{detail} on line {line}"
        return tidying.TOUCHING.sub(b"\t-", data)

    def _meets_null_words(self, data: bytes, known: Sequence[str]) -> bool:
        """Whether there are words for nulls in ``data`` beside those ``known``."""
        new = [w for w in _PARSED_NULLS if w not in known and w.encode() in data]
        self.null_words = [*dict.fromkeys([*self.null_words, *new])]
        return bool(new)

    def _may_have_commas(self, data: bytes) -> bool:
        unknown = self.dialect.decimal_comma is None and not self.points
        return unknown and self.separator != "," and b"," in data

    def _frame(self, data: bytes) -> pl.DataFrame | None:
        return self._parsed(data, self.separator, self.dialect.decimal_comma, b'"' in data)

    def _parsed(
        self, data: bytes, separator: str, decimal_comma: bool | None, quotes: bool
    ) -> pl.DataFrame | None:
        if quotes and not data.endswith(b"\n"):
            # A single quote at the end of the text makes polars panic instead of raising an error.
            data += b"\n"
        try:
            return pl.read_csv(
                data,
                has_header=False,
                schema=self.schema,
                columns=self.wanted,
                separator=separator,
                decimal_comma=bool(decimal_comma),
                null_values=self.null_words or None,
                quote_char='"' if quotes else None,
                encoding="utf8-lossy",
            )
        except pl.exceptions.NoDataError:
            return pl.DataFrame(schema={str(i): self.schema[str(i)] for i in self.wanted})
        except pl.exceptions.PolarsError:
            return None

    def _is_even(self, data: bytes) -> bool:
        """Whether every line has as many fields as the header."""
        lines = count(data, "\n") + (not data.endswith(b"\n") and bool(data))
        return count(data, self.separator) == (len(self.dialect.names) - 1) * lines

    def rows(self, slab: Slab, frame: pl.DataFrame) -> Rows:
        if self.of_well:
            frame = self._of_well(frame, self.of_well)
        for i in self.same:
            frame = self._checked_same(frame, i)
        depth = self.read_columns.depth
        # Where depths are made of a top and a step, a row of nulls has one as well.
        if depth is not None and frame.to_series(0).null_count():
            frame = frame.filter(~pl.all_horizontal(pl.all().is_null()))
        depths = None if depth is None else frame.get_column(str(depth)).to_numpy()
        values = frame[[str(i) for i in self.read_columns.columns]].to_numpy(order="c")
        if np.isinf(values).any() or (depths is not None and np.isinf(depths).any()):
            self._carefully(slab)
        depths = None if depths is None else np.array(depths, np.float64)
        return Rows(depths, np.asarray(values, np.float32))

    def _of_well(self, frame: pl.DataFrame, of_well: OfWell) -> pl.DataFrame:
        wells = filled(frame.get_column(str(of_well.column)), self.well)
        self.well = wells[-1] if len(wells) else self.well
        return frame.drop(str(of_well.column)).filter(wells.is_in([*of_well.texts]))

    def _checked_same(self, frame: pl.DataFrame, column: int) -> pl.DataFrame:
        """``frame`` without the column that has to say the same in all rows."""
        said = frame.get_column(str(column)).unique().to_list()
        found = {self.same[column], *said} - {None, ""}
        if len(found) > 1:
            texts = sorted(map(str, found))[:2]
            two = " and ".join(repr(text[:QUOTED_CHARACTERS]) for text in texts)
            name = self.dialect.names[column][:QUOTED_CHARACTERS]
            raise InvalidFile(f"{name} is {two} in one file; send one of them at a time")
        self.same[column] = found.pop() if found else None
        return frame if column in self.read_columns.columns else frame.drop(str(column))

    def _carefully(self, slab: Slab) -> pl.DataFrame:
        """What is in the slab, line by line and field by field, which takes long.

        Raises InvalidFile where that finds faults; short and long lines are some.
        """
        faults: list[Fault] = []
        lines: list[str] = []
        for number, line in enumerate(each_line(slab.data), slab.first_line):
            text = decoded(line.rstrip(b"\r"))
            if not text.strip() or tidying.COMMENT_LINES.match(line):
                continue
            lines.append(self._tidied(number, text, faults))
            if len(faults) >= MAX_FAULTS:
                break
        if faults:
            raise faulty(faults[:MAX_FAULTS], len(faults) >= MAX_FAULTS)
        data = "".join(lines).encode()
        frame = self._parsed(data, "\t", False, quotes=False)
        if frame is None:
            last = slab.first_line + slab.data.count(b"\n")
            raise InvalidFile(f"lines {slab.first_line} to {last} are not rows of numbers")
        return frame

    def _tidied(self, number: int, text: str, faults: list[Fault]) -> str:
        """A line with a tab between fields, and each number as polars reads it."""
        fields, names = self.dialect.split(text), self.dialect.names
        if self.read_columns.depth is not None and not any(fields):
            return ""
        if len(fields) != len(names):
            reason = f"{counted(len(fields), 'field')}; the header has {len(names)}"
            faults.append(Fault(number, None, text[:QUOTED_CHARACTERS], reason))
            return ""
        tidied = [""] * len(names)
        for i in self.wanted:
            if self.schema[str(i)] == pl.String:
                tidied[i] = fields[i].replace("\t", " ")
                continue
            written = self.dialect.written(fields[i])
            if wrong := self._wrong_with(fields[i], written, i == self.read_columns.depth):
                name, value = names[i][:QUOTED_CHARACTERS], fields[i][:QUOTED_CHARACTERS]
                faults.append(Fault(number, name, value, wrong))
            tidied[i] = written or ""
        return "\t".join(tidied) + "\n"

    def _wrong_with(self, text: str, written: str | None, is_depth: bool) -> str | None:
        if written is None:
            infinite = text.lower().lstrip("+-") in _INFINITE
            return "infinite; a null is empty or NaN" if infinite else "not a number"
        # Up to half a step of float32 above its largest is rounded to it.
        largest = sys.float_info.max if is_depth else float(np.finfo(np.float32).max) * (1 + 2**-25)
        return "too large, or infinite" if abs(float(written or 0)) > largest else None


def faulty(faults: Sequence[Fault], at_least: bool) -> InvalidFile:
    """The exception for faults: the first one is its sentence."""
    first = faults[0]
    found = f": {first.value!r}" if first.value else ""
    more = f" ({'at least ' if at_least else ''}{len(faults)} faults in all)"
    reason = f"{first.place}{found}: {first.reason}{more if len(faults) > 1 else ''}"
    return InvalidFile(reason, faults, at_least)
