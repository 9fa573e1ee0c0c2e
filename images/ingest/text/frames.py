"""Slabs of lines to frames of columns, read by polars."""

import re
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import polars as pl

from images.errors import QUOTED_CHARACTERS, InvalidFile
from images.ingest.table import Read, Told
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


def read_ahead(reader: "FrameReader", slabs: Iterator[Slab]) -> Iterator[tuple[Slab, pl.DataFrame]]:
    """``slabs``, each with its frame. Two threads read the next ones while one is stored."""

    def read(slab: Slab) -> tuple[Slab, pl.DataFrame]:
        return slab, reader.frame(slab)

    with ThreadPoolExecutor(THREADS, "rows") as threads:
        under_way: deque[Future[tuple[Slab, pl.DataFrame]]] = deque()
        for slab in slabs:
            first = None
            if len(under_way) == (THREADS if reader.settled else 1):
                first = under_way.popleft().result()
            under_way.append(threads.submit(read, slab))
            if first is not None:
                yield first
        for last in under_way:
            yield last.result()


class FrameReader:
    """Reads the columns of ``read`` as numbers, and those of ``texts`` as text."""

    def __init__(self, dialect: Dialect, read: Read, texts: Collection[int]) -> None:
        self.dialect = dialect
        # What to tell of values that touch, by the line of the first of each slab.
        self.touching: dict[int, Told] = {}
        self._read = read
        self._texts = texts
        self._separator = "\t" if dialect.separator == SPACE else dialect.separator
        self._padded = False
        self._points = False
        # Only those that occurred, as polars compares each field with each of them.
        self._null_words: list[str] = []
        depth = set() if read.depth is None else {read.depth}
        self._wanted = sorted({*read.columns, *depth, *texts})
        self._schema = {
            str(i): pl.Float64 if i in depth else pl.Float32 if i in read.columns else pl.String
            for i in range(len(dialect.names))
        }

    @property
    def settled(self) -> bool:
        """Whether slabs may be read side by side: it is known whether commas are decimal."""
        return self._points or self.dialect.decimal_comma is not None

    def frame(self, slab: Slab) -> pl.DataFrame:
        """The wanted columns of a slab. Raises InvalidFile."""
        frame = self._quickly(slab)
        return self.carefully(slab) if frame is None else frame

    def _quickly(self, slab: Slab) -> pl.DataFrame | None:
        """What polars reads, after tidying where it needs it; None where it cannot read a slab."""
        if self.dialect.grouping or (self.dialect.decimal_comma and self._separator == ","):
            return None
        # Another thread may change these two meanwhile.
        padded, words = self._padded, tuple(self._null_words)
        data = self._even(slab, padded)
        if data is None:
            return None
        frame = self._frame(data)
        if frame is None and not padded:
            data = tidying.without_padding(data, self._separator)
            frame = self._frame(data)
            self._padded = self._padded or frame is not None
        if frame is None and self._meets_null_words(data, words):
            frame = self._frame(data)
        if frame is None and not self._texts and _D_EXPONENTS.search(data):
            data = _D_EXPONENTS.sub(rb"\1e", data)
            frame = self._frame(data)
        unknown = self.dialect.decimal_comma is None and not self._points
        if frame is None and unknown and self._separator != "," and b"," in data:
            frame = self._parsed(data, self._separator, True, b'"' in data)
            if frame is not None:
                self.dialect = replace(self.dialect, decimal_comma=True)
        self._points = self._points or (self.dialect.decimal_comma is None and b"." in data)
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
            data = tidying.without_padding(data, self._separator)
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
        self._null_words = [*dict.fromkeys([*self._null_words, *new])]
        return bool(new)

    def _frame(self, data: bytes) -> pl.DataFrame | None:
        return self._parsed(data, self._separator, self.dialect.decimal_comma, b'"' in data)

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
                schema=self._schema,
                columns=self._wanted,
                separator=separator,
                decimal_comma=bool(decimal_comma),
                null_values=self._null_words or None,
                quote_char='"' if quotes else None,
                encoding="utf8-lossy",
            )
        except pl.exceptions.NoDataError:
            return pl.DataFrame(schema={str(i): self._schema[str(i)] for i in self._wanted})
        except pl.exceptions.PolarsError:
            return None

    def _is_even(self, data: bytes) -> bool:
        """Whether every line has as many fields as the header."""
        lines = count(data, "\n") + (not data.endswith(b"\n") and bool(data))
        return count(data, self._separator) == (len(self.dialect.names) - 1) * lines

    def carefully(self, slab: Slab) -> pl.DataFrame:
        """What is in a slab, read line by line. Raises InvalidFile with the faults in it."""
        data = careful.tidied(slab, self.dialect, self._read, self._wanted)
        frame = self._parsed(data, "\t", False, quotes=False)
        if frame is None:
            last = slab.first_line + slab.data.count(b"\n")
            raise InvalidFile(f"lines {slab.first_line} to {last} are not rows of numbers")
        return frame
