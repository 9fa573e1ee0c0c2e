"""Lines of fields to blocks of numbers, read by polars."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import polars as pl

from images.errors import QUOTED_CHARACTERS, InvalidFile
from images.ingest.table import Read, Rows, Told
from images.ingest.text import careful, tidying
from images.ingest.text.dialect import MINUS, SPACE, WRAPPED, Dialect
from images.ingest.text.lines import Slab, count, line_around
from tables.encodings import decoded
from tables.nulls import NULL_WORDS

# Both cores of a small machine; meanwhile the rows of a third slab are stored.
THREADS = 2
_PARSED_NULLS = sorted({case(w) for w in NULL_WORDS for case in (str.lower, str.upper, str.title)})
_MINUS = MINUS.encode()
# How Fortran writes the exponents of double precision: 1.5D+03.
_D_EXPONENTS = re.compile(rb"(\d\.|\.\d{1,20})[dD](?=[+-]?\d{1,3}\b)")


class OfWell(NamedTuple):
    """The rows of a well: those with one of ``texts`` in ``columns``, one after the other. A blank
    is the same as in the row above."""

    columns: tuple[int, ...]
    texts: frozenset[str]


def rows_of(
    slabs: Iterator[Slab],
    dialect: Dialect,
    read: Read,
    warnings: list[Told],
    same: tuple[int, ...] = (),
    of_well: OfWell | None = None,
) -> Iterator[Rows]:
    """Read columns of ``slabs``, a block from each.

    Rows that are not ``of_well`` are left out, and rows without any value, if depths are read. The
    columns ``same`` have to say the same in all rows. Raises InvalidFile where they do not, and
    with the places of fields that are no numbers and of lines that are short or long. Adds to
    ``warnings``.
    """
    reader = Reader(dialect, read, same, of_well)
    for slab, frame in read_ahead(reader, slabs):
        block = reader.rows(slab, frame)
        if len(block.values):
            yield block
    if reader.touching and (first := reader.touching[min(reader.touching)]) not in warnings:
        warnings.append(first)


def read_ahead(reader: "Reader", slabs: Iterator[Slab]) -> Iterator[tuple[Slab, pl.DataFrame]]:
    """``slabs``, each with its frame. Two threads read the next ones while one is stored."""
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


class Reader:
    def __init__(
        self, dialect: Dialect, read: Read, same: tuple[int, ...], of_well: OfWell | None = None
    ) -> None:
        self.dialect = dialect
        self.read_columns = read
        self.same: dict[int, str | float | None] = dict.fromkeys(same)
        self.of_well = of_well
        self.wells = WellNames(of_well.columns if of_well else ())
        self.separator = "\t" if dialect.separator == SPACE else dialect.separator
        self.padded = False
        self.points = False
        # What to tell of values that touch, by the line of the first of each slab.
        self.touching: dict[int, Told] = {}
        # Only those that occurred, as polars compares each field with each of them.
        self.null_words: list[str] = []
        depth = set() if read.depth is None else {read.depth}
        self.texts = {*same, *(of_well.columns if of_well else ())}
        self.wanted = sorted({*read.columns, *depth, *self.texts})
        self.schema = {
            str(i): pl.Float64 if i in depth else pl.Float32 if i in read.columns else pl.String
            for i in range(len(dialect.names))
        }

    @property
    def settled(self) -> bool:
        """Whether slabs may be read side by side: it is known whether commas are decimal."""
        return self.points or self.dialect.decimal_comma is not None

    def frame(self, slab: Slab) -> pl.DataFrame:
        """The wanted columns of a slab. Raises InvalidFile."""
        frame = self._quickly(slab)
        return self._carefully(slab) if frame is None else frame

    def _quickly(self, slab: Slab) -> pl.DataFrame | None:
        """What polars reads, after tidying where it needs it; None where it cannot read a slab."""
        if self.dialect.grouping or (self.dialect.decimal_comma and self.separator == ","):
            return None
        # Another thread may change these two meanwhile.
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
        if frame is None and not self.texts and _D_EXPONENTS.search(data):
            data = _D_EXPONENTS.sub(rb"\1e", data)
            frame = self._frame(data)
        unknown = self.dialect.decimal_comma is None and not self.points
        if frame is None and unknown and self.separator != "," and b"," in data:
            frame = self._parsed(data, self.separator, True, b'"' in data)
            if frame is not None:
                self.dialect = replace(self.dialect, decimal_comma=True)
        self.points = self.points or (self.dialect.decimal_comma is None and b"." in data)
        return frame

    def _even(self, slab: Slab, padded: bool) -> bytes | None:
        """The rows of a slab without comments and, if ``padded``, without spaces around fields.
        None where lines are short or long: polars would fill short ones up with nulls."""
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
        """``data`` with a tab between values that touch, if there are some; notes the first."""
        if found := tidying.TOUCHING.search(slab.data):
            line = slab.first_line + slab.data.count(b"\n", 0, found.start())
            text = decoded(line_around(slab.data, found.start()))
            token = next(t for t in text.split() if tidying.TOUCHING.search(t.encode()))
            detail = f"values that touch were read as several, first {token[:QUOTED_CHARACTERS]!r}"
            self.touching[line] = "values-touching", f"{detail} on line {line}"
        return tidying.TOUCHING.sub(b"\t-", data)

    def _meets_null_words(self, data: bytes, known: Sequence[str]) -> bool:
        """Whether ``data`` has other words for nulls than those ``known``; notes them."""
        new = [w for w in _PARSED_NULLS if w not in known and w.encode() in data]
        self.null_words = [*dict.fromkeys([*self.null_words, *new])]
        return bool(new)

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
        wells = self.wells.of(frame)
        return frame.drop(map(str, of_well.columns)).filter(wells.is_in([*of_well.texts]))

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
        """What is in a slab, read line by line. Raises InvalidFile with the faults in it."""
        data = careful.tidied(slab, self.dialect, self.read_columns, self.wanted)
        frame = self._parsed(data, "\t", False, quotes=False)
        if frame is None:
            last = slab.first_line + slab.data.count(b"\n")
            raise InvalidFile(f"lines {slab.first_line} to {last} are not rows of numbers")
        return frame


class WellNames:
    """The names of wells that ``columns`` have together, row after row; a blank is as above."""

    def __init__(self, columns: Sequence[int]) -> None:
        self._above: dict[int, str | None] = dict.fromkeys(columns)

    def of(self, frame: pl.DataFrame) -> pl.Series:
        """The names in the next rows, null where there is none yet."""
        parts = []
        for i, above in self._above.items():
            told = frame.get_column(str(i)).str.strip_chars().replace("", None)
            told = pl.concat([pl.Series([above], dtype=pl.String), told]).forward_fill()
            self._above[i] = told[-1]
            parts.append(told[1:])
        return pl.select(pl.concat_str(parts)).to_series()
