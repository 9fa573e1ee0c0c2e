"""The careful reader of the contract's CSV: it is slow, defines the grammar, and names each fault.

The grammar: fields between commas, in double quotes or not, white space around a number allowed;
a number is decimal, with an optional sign and exponent; a line ends with LF or CRLF; a line without
any value is skipped.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from images.arrays import Depths, Pixels
from images.errors import MAX_FAULTS, QUOTED_CHARACTERS
from images.ingest.contract.header import DEPTH, PIXELS, fields_of, not_utf8
from images.ingest.text.lines import each_line
from web import numbers
from web.errors import Fault
from web.text import counted


@dataclass(frozen=True, slots=True)
class SlabRows:
    """The rows in a slab of lines.

    ``depths`` is (n,) float64; ``pixels`` is (n, 200), uint8 where all are whole numbers written
    without a point, else float64, each from 0 to 255. ``lines`` counts the lines that were read,
    ``skipped`` those without any value. ``faults`` are the first MAX_FAULTS of ``fault_count``,
    with line numbers from 0 at the slab's first line. Lines after these are not read.
    """

    depths: Depths
    pixels: Pixels
    lines: int
    skipped: int = 0
    faults: tuple[Fault, ...] = ()
    fault_count: int = 0


def read_carefully(slab: bytes, columns: Sequence[str]) -> SlabRows:
    """Read whole lines of fields in the order of ``columns``."""
    reader = _Reader(columns)
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
    return SlabRows(
        np.ascontiguousarray(values[:, columns.index(DEPTH)]),
        values[:, order],
        reader.lines,
        reader.skipped,
        tuple(reader.faults),
        reader.fault_count,
    )


@dataclass(slots=True)
class _Reader:
    """Reads line by line, and notes each fault with its place."""

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
            self._fault(None, None, not_utf8(line, error))
        self.lines += 1

    def _read_text(self, text: str) -> None:
        try:
            fields = [value.strip() for value in fields_of(text)]
        except csv.Error:
            self._fault(None, text, "a quoted field must end on the line on which it begins")
            return
        if not any(fields):
            self.skipped += 1
        elif len(fields) != len(self.columns):
            reason = (
                f"{counted(len(fields), 'field')}; {len(self.columns)} are needed, as in the header"
            )
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


def _numbers(text: str, fields: Sequence[str], columns: Sequence[str]) -> list[float] | None:
    """The numbers of a row; None if one of them is faulty."""
    # float() also reads digits of other scripts, and 1_0.
    if not text.isascii() or "_" in text:
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
