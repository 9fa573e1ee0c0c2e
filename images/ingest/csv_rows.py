"""CSV bytes to rows of pixels, slab by slab; one grammar, read by two readers.

A CSV is a header line, then one line a depth. A slab is any number of whole lines. Every slab goes
to polars first; what polars refuses, or reads with an empty field in it, goes to the careful
reader, which is slow, defines the grammar, and names each fault. Polars accepts nothing that the
careful reader would refuse, and reads the same numbers.

The grammar: fields between commas, in double quotes or not, white space around a number allowed;
a number is decimal, with an optional sign and exponent; a line ends with LF or CRLF; a line without
any value is skipped.
"""

import csv
import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from images.arrays import Depths, Pixels
from images.errors import InvalidCsv
from images.ingest.text.lines import each_line
from images.ingest.text.tidying import without_blank_lines
from web import numbers
from web.errors import Fault

DEPTH = "depth"
SOURCE_WIDTH = 200
PIXELS = tuple(f"col{i}" for i in range(1, SOURCE_WIDTH + 1))
MAX_FAULTS = 20
# How much of a value a fault quotes.
QUOTED_CHARACTERS = 60

# Of unknown names of columns only so long ones, and so many, are compared with the known ones.
LONGEST_NEAR_NAME = 20
# The shortest line with a number in every column.
SHORTEST_ROW = 2 * (SOURCE_WIDTH + 1)
_EDGES = np.zeros(256, bool)
_EDGES[[ord(c) for c in ',"\r\n']] = True


@dataclass(frozen=True, slots=True)
class Slab:
    """What a slab of lines holds.

    ``depths`` is (n,) float64; ``pixels`` is (n, 200), uint8 where all are whole numbers written
    without a point, else float64, each from 0 to 255. ``lines`` counts the lines read, ``skipped``
    those without any value. The lines of ``faults`` count from 0 at the slab's first line; there
    are at most MAX_FAULTS of them, of ``fault_count`` in all; once there are so many, the rest of
    the slab is not read.
    """

    depths: Depths
    pixels: Pixels
    lines: int
    skipped: int = 0
    faults: tuple[Fault, ...] = ()
    fault_count: int = 0


def parse_header(line: bytes) -> tuple[str, ...]:
    """The names of the columns, in the order of the file.

    Raises InvalidCsv unless they are ``depth`` and ``col1``..``col200``, each once, in any order.
    """
    try:
        text = line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise _invalid(_not_utf8(line, error)) from None
    if not text.strip():
        raise _invalid("the header is empty; it must be depth,col1,…,col200")
    if "\r" in text:
        raise _invalid("lines end with CR alone; end them with LF or CRLF")
    try:
        names = tuple(name.strip() for name in _fields(text))
    except csv.Error as error:
        raise _invalid(f"the header is not CSV: {error}") from None
    if names != (DEPTH, *PIXELS):
        _check_names(names)
    return names


def parse_slab(slab: bytes, columns: Sequence[str]) -> Slab:
    """Read whole lines of fields in the order of ``columns``."""
    lines = slab.count(b"\n") + (not slab.endswith(b"\n"))
    rows = without_blank_lines(slab)
    # Polars would make a row of nulls of each line that is too short.
    if rows.count(b"\n") <= len(rows) // SHORTEST_ROW + 1:
        if found := _parse_fast(rows, columns, lines):
            return found
        tidied = _tidied(rows)
        if tidied and (found := _parse_fast(tidied, columns, lines)):
            return found
    return _read_carefully(slab, columns)


def _parse_fast(data: bytes, columns: Sequence[str], lines: int) -> Slab | None:
    for dtype in (pl.UInt8, pl.Float64):
        schema = {name: pl.Float64 if name == DEPTH else dtype for name in columns}
        try:
            frame = pl.read_csv(data, has_header=False, schema=schema, quote_char=None)
        except pl.exceptions.PolarsError:
            continue
        return _from_frame(frame, lines)
    return None


def _tidied(slab: bytes) -> bytes | None:
    """``slab`` without the white space and the quotes around fields; None where there is neither,
    or where one is inside of a field."""
    chars = np.frombuffer(slab, np.uint8)
    blank = (chars == 32) | (chars == 9)
    quoted = b'"' in slab
    if not blank.any() and not quoted:
        return None
    if blank.any():
        starts, stops = blank.copy(), blank.copy()
        starts[1:] &= ~blank[:-1]
        stops[:-1] &= ~blank[1:]
        firsts, lasts = np.flatnonzero(starts), np.flatnonzero(stops)
        before, after = chars[firsts - 1], chars[np.minimum(lasts + 1, len(chars) - 1)]
        before[firsts == 0] = 10
        after[lasts == len(chars) - 1] = 10
        closed_before = (before == 34) & _EDGES[after] & (after != 34)
        if not (_EDGES[before] | _EDGES[after]).all() or closed_before.any():
            return None
        if quoted and b"\t" in slab:
            return None
        slab = slab.translate(None, b" \t")
    return _unquoted(slab) if quoted else slab


def _unquoted(slab: bytes) -> bytes | None:
    """``slab`` without its quotes, where each pair of them is around one field."""
    chars = np.frombuffer(b"\n" + slab + b"\n", np.uint8)
    quotes = np.flatnonzero(chars == 34)
    if len(quotes) % 2:
        return None
    opening, closing = quotes[::2], quotes[1::2]
    # Of the count of quotes before a byte the last bit tells whether it is between two of them.
    within = np.cumsum(chars == 34, dtype=np.uint8) & 1
    if (within & ((chars == 44) | (chars == 10))).any():
        return None
    around = _EDGES.copy()
    around[34] = False
    if not (around[chars[opening - 1]] & around[chars[closing + 1]]).all():
        return None
    return slab.translate(None, b'"')


def _from_frame(frame: pl.DataFrame, lines: int) -> Slab | None:
    """The slab in a polars frame, or None where a field is empty or not a number in range."""
    if frame.get_column(DEPTH).null_count():
        frame = frame.filter(~pl.all_horizontal(pl.all().is_null()))
    pixels_frame = frame.select(PIXELS)
    if frame.get_column(DEPTH).null_count() or any(pixels_frame.null_count().row(0)):
        return None
    depths = frame.get_column(DEPTH).to_numpy()
    pixels = pixels_frame.to_numpy(order="c")
    if not np.isfinite(depths).all() or not _in_range(pixels):
        return None
    return Slab(depths, pixels, lines, skipped=lines - frame.height)


def _in_range(pixels: Pixels) -> bool:
    # A NaN fails both comparisons.
    return pixels.dtype == np.uint8 or bool(((pixels >= 0) & (pixels <= 255)).all())


@dataclass(slots=True)
class _CarefulReader:
    """Reads line by line, and says of each fault where and what it is."""

    columns: Sequence[str]
    lines: int = 0
    skipped: int = 0
    rows: list[list[float]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0

    def read(self, line: bytes) -> None:
        try:
            self._read_text(line.decode())
        except UnicodeDecodeError as error:
            self._fault(None, None, _not_utf8(line, error))
        self.lines += 1

    def _read_text(self, text: str) -> None:
        try:
            fields = [value.strip() for value in _fields(text)]
        except csv.Error:
            self._fault(None, text, "a quoted field must end on the line on which it begins")
            return
        if not any(fields):
            self.skipped += 1
        elif len(fields) != len(self.columns):
            reason = f"{len(fields)} fields; {len(self.columns)} are needed, as in the header"
            self._fault(None, None, reason)
        elif (row := _numbers(text, fields, self.columns)) is not None:
            self.rows.append(row)
        else:
            self._explain(fields)

    def _explain(self, fields: list[str]) -> None:
        values = dict(zip(self.columns, fields, strict=True))
        if not any(values[name] for name in PIXELS):
            self._fault(None, None, "the row has a depth but no pixel")
            return
        for name, value in values.items():
            if reason := _wrong_with(name, value):
                self._fault(name, value, reason)

    def _fault(self, column: str | None, value: str | None, reason: str) -> None:
        self.fault_count += 1
        if len(self.faults) < MAX_FAULTS:
            quoted = value and value[:QUOTED_CHARACTERS]
            self.faults.append(Fault(self.lines, column, quoted, reason))


def _read_carefully(slab: bytes, columns: Sequence[str]) -> Slab:
    reader = _CarefulReader(columns)
    for line in each_line(slab):
        if not line:
            reader.lines += 1
            reader.skipped += 1
        elif reader.fault_count < MAX_FAULTS:
            reader.read(line)
        else:
            break
    values = np.array(reader.rows, dtype=np.float64).reshape(-1, len(columns))
    order = [columns.index(name) for name in PIXELS]
    return Slab(
        np.ascontiguousarray(values[:, columns.index(DEPTH)]),
        values[:, order],
        reader.lines,
        reader.skipped,
        tuple(reader.faults),
        reader.fault_count,
    )


def _fields(text: str) -> list[str]:
    if '"' not in text:
        return text.split(",")
    return next(csv.reader([text], strict=True, skipinitialspace=True))


def _numbers(text: str, fields: Sequence[str], columns: Sequence[str]) -> list[float] | None:
    """The row as numbers, or None where one is not as it should be."""
    if not text.isascii() or "_" in text:  # which Python takes for digits, or between them
        return None
    try:
        row = [float(value) for value in fields]
    except ValueError:
        return None
    depth = columns.index(DEPTH)
    in_range = all(0 <= value <= 255 for value in row[:depth] + row[depth + 1 :])
    return row if in_range and abs(row[depth]) < float("inf") else None


def _wrong_with(name: str, value: str) -> str | None:
    allowed = "a depth is a decimal number" if name == DEPTH else "a pixel is from 0 to 255"
    if not value:
        return f"empty; {allowed}"
    if value.lower().lstrip("+-") in {"nan", "inf", "infinity"}:
        return f"not finite; {allowed}"
    if len(value) > numbers.MAX_CHARACTERS or not numbers.DECIMAL.fullmatch(value):
        return f"not a number; {allowed}"
    number = float(value)
    if name == DEPTH:
        return None if abs(number) < float("inf") else f"too large; {allowed}"
    return None if 0 <= number <= 255 else f"out of range; {allowed}"


def _check_names(names: Sequence[str]) -> None:
    """Raise InvalidCsv for what the header lacks, repeats or has beyond the columns allowed."""
    allowed = (DEPTH, *PIXELS)
    if len(names) == 1 and names[0].count(";") > 1:
        raise _invalid("the fields are separated by semicolons; separate them with commas")
    seen: set[str] = set()
    known = set(allowed)
    problems = []
    for name in names:
        if name in seen:
            problems.append((name, "repeated column"))
        elif name not in known:
            near = _near(name, allowed) if len(problems) < MAX_FAULTS else None
            hint = f"; did you mean {near}?" if near else "; allowed: depth, col1 to col200"
            problems.append((name, f"unknown column{hint}"))
        seen.add(name)
    problems += [(name, "missing column") for name in allowed if name not in seen]
    if problems:
        faults = [
            Fault(1, name[:QUOTED_CHARACTERS], None, reason)
            for name, reason in problems[:MAX_FAULTS]
        ]
        raise InvalidCsv(faults, len(problems))


def _near(name: str, allowed: Sequence[str]) -> str | None:
    if len(name) > LONGEST_NEAR_NAME:
        return None
    return next(iter(difflib.get_close_matches(name.lower(), allowed, n=1)), None)


def _not_utf8(line: bytes, error: UnicodeDecodeError) -> str:
    return f"not UTF-8: byte 0x{line[error.start]:02x} at position {error.start + 1} of the line"


def _invalid(reason: str) -> InvalidCsv:
    return InvalidCsv([Fault(1, None, None, reason)], 1)
