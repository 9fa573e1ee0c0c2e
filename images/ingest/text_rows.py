"""Lines of fields to blocks of numbers: polars reads, after tidying where it needs to."""

import csv
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import polars as pl

from images.errors import Fault, InvalidFile
from images.ingest.table import Read, Rows
from images.ingest.text import Slab, decoded, each_line
from web import numbers

SPACE = " "
MAX_FAULTS = 20
# One tidies and converts while the other keeps polars' own threads busy.
THREADS = 2
QUOTED_CHARACTERS = 60
# What is looked at to tell how numbers are written: rows, and fields that are no plain numbers.
ROWS_OF_NUMBERS, MAX_ODD = 50, 2000
# What programs write for a reading that is missing.
NULL_WORDS = frozenset(
    {"null", "(null)", "<null>", "none", "nil", "nan", "-nan", "na", "n/a", "n.a.", "#n/a", "err"}
    | {"missing", "absent", "nodata", "no data", "-", "--", "---", ".", "?"}
    # Faults of spreadsheets.
    | {"#div/0!", "#value!", "#ref!", "#num!", "#name?", "#null!"}
    # The C library of Windows, and Fortran where a field is too narrow.
    | {sign + word for sign in ("", "-") for word in ("1.#qnan", "1.#ind", "1.#snan", "1.#nan")}
    | {sign + word for sign in ("", "-") for word in ("1.#qnan0", "1.#ind00", "1.#snan0")}
    | {"*" * n for n in range(1, 33)}
)
_PARSED_NULLS = sorted({case(w) for w in NULL_WORDS for case in (str.lower, str.upper, str.title)})
_INFINITE = {"inf", "infinity", "1.#inf", "1.#inf00"}
# How NumPy 2 writes a number that was meant to be written with str().
_WRAPPED = re.compile(rb"np\.float(?:64|32|16)\(([^()\n]{0,40})\)")
# How Fortran writes the exponents of double precision: 1.5D+03.
_D_EXPONENT = re.compile(r"([+-]?(?:\d+\.\d*|\.\d+))[dD]([+-]?\d{1,3})", re.ASCII)
_D_EXPONENTS = re.compile(rb"(\d\.|\.\d{1,20})[dD](?=[+-]?\d{1,3}\b)")
# What the line of a remark may begin with.
_MARKS = np.isin(np.arange(256), list(b"#%/!~*;'"))
_COMMENT_LINES = re.compile(rb"(?m)^[ \t]*(?:#(?!N/A)|%|//|!|~|-- |\* |; |' ).*\n?")
_BLANK_LINES = re.compile(rb"(?m)^[ \t]+\n?$")
_TOKENS = re.compile(r"\"[^\"]*\"|'[^']*'|\S+")
# What may stand between groups of three digits, where it is no decimal sign.
GROUPINGS = (" ", "\u00a0", "\u202f", "\u2009", "'", "’", ".", ",")

_SPACE_TO_TAB = bytes.maketrans(b" ", b"\t")
_COMMA_FOR_POINT = str.maketrans(",.", ".,")

Bytes = np.ndarray[Any, np.dtype[np.uint8]]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How lines are cut into fields: how many, by what, and how the numbers in them are written.

    With ``SPACE`` for a separator fields are between any number of spaces and tabs.
    ``decimal_comma`` is None where neither a comma nor a point was seen; ``grouping`` is what
    stands between groups of three digits.
    """

    names: tuple[str, ...]
    separator: str
    decimal_comma: bool | None = False
    wrapped: bool = False
    grouping: str = ""

    def split(self, line: str) -> list[str]:
        """The fields of one line, without the white space around them and their quotes."""
        if self.wrapped:
            line = _WRAPPED.sub(rb"\1", line.encode()).decode()
        if self.separator == SPACE:
            if '"' not in line and "'" not in line:
                return line.split()
            return [token.strip("\"'") for token in _TOKENS.findall(line)]
        if '"' not in line:
            return [field.strip() for field in line.split(self.separator)]
        try:
            lines = csv.reader([line], delimiter=self.separator, skipinitialspace=True, strict=True)
            fields = next(lines)
        except csv.Error:
            fields = line.split(self.separator)
        return [field.strip() for field in fields]

    def written(self, text: str) -> str | None:
        """The number that a field holds as decimals with a point are written, empty for a null, or
        None where it is neither."""
        if not text or text.lower() in NULL_WORDS:
            return ""
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
        """The number that a field holds, NaN for a null, or None where it is neither."""
        written = self.written(text)
        return None if written is None else float(written or "nan")


@cache
def _grouped(grouping: str) -> re.Pattern[str]:
    """Numbers whose digits are in groups of three."""
    between = re.escape(grouping)
    return re.compile(rf"[+-]?\d{{1,3}}(?:{between}\d{{3}})+(?:[.,]\d*)?", re.ASCII)


def _certainly_grouped(grouping: str, text: str) -> bool:
    """Whether the sign between digits cannot be a decimal one: there are two, or another behind."""
    last = max(text.rfind("."), text.rfind(","))
    is_number = bool(_grouped(grouping).fullmatch(text))
    return is_number and (text.count(grouping) > 1 or text[last] != grouping)


def rows(
    slabs: Iterator[Slab], dialect: Dialect, read: Read, same: tuple[int, ...] = ()
) -> Iterator[Rows]:
    """Read columns of ``slabs``, each to a block; lines without any value are left out.

    The columns ``same`` have to say the same in all rows. Raises InvalidFile where they do not, and
    with the places of fields that are no numbers, and of lines that are short or long.
    """
    reader = _Reader(dialect, read, same)
    # What a reader learns about decimal commas and of columns that have to be the same depends on
    # the order of the slabs.
    in_order = dialect.decimal_comma is None or bool(same)
    blocks = map(reader.read, slabs) if in_order else _ahead(reader.read, slabs)
    for block in blocks:
        if len(block.values):
            yield block


def _ahead(read: Callable[[Slab], Rows], slabs: Iterator[Slab]) -> Iterator[Rows]:
    """What ``read`` makes of ``slabs``, in their order, by threads that read the next ones."""
    with ThreadPoolExecutor(THREADS, "rows") as threads:
        under_way: deque[Future[Rows]] = deque()
        for slab in slabs:
            under_way.append(threads.submit(read, slab))
            if len(under_way) > THREADS:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


class _Reader:
    def __init__(self, dialect: Dialect, read: Read, same: tuple[int, ...]) -> None:
        self.dialect = dialect
        self.read_columns = read
        self.same: dict[int, str | None] = dict.fromkeys(same)
        self.separator = "\t" if dialect.separator == SPACE else dialect.separator
        self.padded = False
        self.points = False
        # Those that were met: polars compares each field with each of them.
        self.null_words: list[str] = []
        depth = set() if read.depth is None else {read.depth}
        self.wanted = sorted({*read.columns, *depth, *same})
        self.schema = {
            str(i): pl.Float64 if i in depth else pl.Float32 if i in read.columns else pl.String
            for i in range(len(dialect.names))
        }

    def read(self, slab: Slab) -> Rows:
        frame = self._quickly(slab)
        return self._rows(self._carefully(slab) if frame is None else frame, slab)

    def _quickly(self, slab: Slab) -> pl.DataFrame | None:
        """What polars reads, after tidying where it needs to; None where it cannot."""
        if self.dialect.grouping or (self.dialect.decimal_comma and self.separator == ","):
            return None
        # Another thread may learn of padding and of words for nulls meanwhile.
        padded, null_words = self.padded, self.null_words
        data = without_comments(without_blank_lines(slab.data))
        if self.dialect.wrapped:
            data = _WRAPPED.sub(rb"\1", data)
        if self.dialect.separator == SPACE:
            data = spaces_to_tabs(data)
        elif padded:
            data = without_padding(data, self.separator)
        if not self._is_even(data):
            data = _BLANK_LINES.sub(b"", _COMMENT_LINES.sub(b"", data))
            if not self._is_even(data):
                # Of lines that are too short polars would make long rows of nulls.
                return None
        frame = self._frame(data)
        if frame is None and not padded:
            data = without_padding(data, self.separator)
            frame = self._frame(data)
            self.padded = frame is not None
        if frame is None and self._with_null_words(data) != null_words:
            frame = self._frame(data)
        if frame is None and not self.same and _D_EXPONENTS.search(data):
            data = _D_EXPONENTS.sub(rb"\1e", data)
            frame = self._frame(data)
        if frame is None and self._may_have_commas(data):
            self.dialect = replace(self.dialect, decimal_comma=True)
            frame = self._frame(data)
        self.points = self.points or (self.dialect.decimal_comma is None and b"." in data)
        return frame

    def _with_null_words(self, data: bytes) -> list[str]:
        """The words for nulls that were met before, and those in ``data``."""
        known = self.null_words
        self.null_words = [w for w in _PARSED_NULLS if w in known or w.encode() in data]
        return self.null_words

    def _may_have_commas(self, data: bytes) -> bool:
        return self.dialect.decimal_comma is None and not self.points and b"," in data

    def _frame(self, data: bytes) -> pl.DataFrame | None:
        return self._parsed(data, self.separator, self.dialect.decimal_comma, b'"' in data)

    def _parsed(
        self, data: bytes, separator: str, decimal_comma: bool | None, quotes: bool
    ) -> pl.DataFrame | None:
        if quotes and not data.endswith(b"\n"):
            # Of a single quote at the end of the text polars makes a panic, and no error.
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
        """Whether every line has as many fields as the header: polars fills short ones up."""
        lines = data.count(b"\n") + (not data.endswith(b"\n") and bool(data))
        # Of bytes that are so frequent numpy counts ten times as many in the time.
        separators = np.count_nonzero(np.frombuffer(data, np.uint8) == ord(self.separator))
        return int(separators) == (len(self.dialect.names) - 1) * lines

    def _rows(self, frame: pl.DataFrame, slab: Slab) -> Rows:
        for i in self.same:
            frame = self._checked_same(frame, i)
        if frame.width and frame.to_series(0).null_count():
            frame = frame.filter(~pl.all_horizontal(pl.all().is_null()))
        depth = self.read_columns.depth
        depths = None if depth is None else frame.get_column(str(depth)).to_numpy()
        values = frame.select([str(i) for i in self.read_columns.columns]).to_numpy(order="c")
        if np.isinf(values).any() or (depths is not None and np.isinf(depths).any()):
            self._carefully(slab)
        depths = None if depths is None else np.array(depths, np.float64)
        return Rows(depths, np.asarray(values, np.float32))

    def _checked_same(self, frame: pl.DataFrame, column: int) -> pl.DataFrame:
        """``frame`` without the column that has to say the same in all rows."""
        said = frame.get_column(str(column)).unique().to_list()
        found = {self.same[column], *said} - {None, ""}
        if len(found) > 1:
            two = " and ".join(repr(text[:QUOTED_CHARACTERS]) for text in sorted(found)[:2])
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
            if not text.strip() or _COMMENT_LINES.match(line):
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
        if not any(fields):
            return ""
        if len(fields) != len(names):
            reason = f"{len(fields)} fields; the header has {len(names)}"
            faults.append(Fault(number, None, text[:QUOTED_CHARACTERS], reason))
            return ""
        tidied = [""] * len(names)
        for i in self.wanted:
            if i in self.same:
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
        largest = float(np.finfo(np.float64 if is_depth else np.float32).max)
        value = float(written or 0)
        return "too large, or infinite" if abs(value) > largest * (1 + 2**-25) else None


def faulty(faults: Sequence[Fault], at_least: bool) -> InvalidFile:
    """The exception for faults: the first one is its sentence."""
    first = faults[0]
    where = f"line {first.line}" + (f", column {first.column}" if first.column else "")
    found = f": {first.value!r}" if first.value else ""
    more = f" ({'at least ' if at_least else ''}{len(faults)} faults in all)"
    reason = f"{where}{found}: {first.reason}{more if len(faults) > 1 else ''}"
    return InvalidFile(reason, faults, at_least)


def numeric(dialect: Dialect, sample: Sequence[Sequence[str]]) -> list[bool]:
    """Whether each column of ``sample``, rows of fields, holds numbers. A few of its values, fewer
    than half, may be something else, which are then faults."""
    values, others = [0] * len(dialect.names), [0] * len(dialect.names)
    for fields in sample:
        for i, text in enumerate(fields[: len(dialect.names)]):
            number = dialect.number(text)
            values[i] += number is None or number == number
            others[i] += number is None
    return [2 * other < count or not other for other, count in zip(others, values, strict=True)]


def with_numbers(dialect: Dialect, sample: Sequence[Sequence[str]]) -> Dialect:
    """``dialect`` with a decimal comma and groups of digits if the numbers of ``sample`` have them.

    A comma is one for decimals where no number has a point. Groups are what makes numbers of more
    fields.
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


def without_blank_lines(data: bytes) -> bytes:
    """``data`` without CR and empty lines: millions of them would be looked at one by one."""
    if b"\r" in data:
        data = data.replace(b"\r", b"")
    # By numpy, which is ten times as fast as bytes are, and lets other threads go on.
    chars: Bytes = np.frombuffer(data, np.uint8)
    kept = np.ones(len(chars), bool)
    np.logical_or(chars[1:] != 10, chars[:-1] != 10, out=kept[1:])
    if not kept.all():
        data = chars[kept].tobytes()
    return data[1:] if data.startswith(b"\n") else data


def is_comment(line: str) -> bool:
    """Whether a line is a remark."""
    return bool(_COMMENT_LINES.match(line.encode()))


def without_comments(data: bytes) -> bytes:
    """``data`` without the lines that are remarks."""
    chars: Bytes = np.frombuffer(data, np.uint8)
    if len(chars) < 2:
        return data
    begins = np.concatenate(([0], np.flatnonzero(chars[:-2] == 10) + 1))
    firsts = chars[begins]
    dashes = (firsts == 45) & (chars[begins + 1] == 45)
    return _COMMENT_LINES.sub(b"", data) if (_MARKS[firsts] | dashes).any() else data


def spaces_to_tabs(data: bytes) -> bytes:
    """Lines whose fields are between any spaces and tabs, with one tab between two fields.

    The spaces that follow stay in front of a field, where polars passes over them.
    """
    chars: Bytes = np.frombuffer(data, np.uint8)
    blank = (chars == 32) | (chars == 9)
    if (blank[:-1] & (chars[1:] == 10)).any() or blank[-1:].any():
        return spaces_to_tabs(b"\n".join([line.rstrip() for line in data.split(b"\n")]))
    double = blank[1:] & (blank[:-1] | (chars[:-1] == 10))
    if not double.any() and not blank[:1].any():
        return data.translate(_SPACE_TO_TAB)
    tidied = chars.copy()
    tidied[blank] = 32
    tidied[1:][blank[1:] & (chars[:-1] > 32)] = 9
    return tidied.tobytes()


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
