"""A file as its reader found it: tables of columns, whose rows are read when they are wanted."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, NamedTuple

import numpy as np

from images.arrays import Depths, Values
from tables.nulls import NULLS

# What loggers and programs write for nulls: taken for nulls where a file declares none.
USUAL_NULLS = (
    *NULLS, -32768.0, -2147483648.0, -1e30, 1e30,
)  # fmt: skip
# Nulls from here on stand for all that is beyond them: programs write 1e31, 9.96921e36 and the
# largest float32, rounded or not, and there is no reading of this size.
HUGE = 1e30

# A message for the sender of a file: (code, detail), or (column, reason).
Told = tuple[str, str]


def are_null(numbers: np.ndarray, null: float) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Where ``numbers``, float32 or float64, are the ``null``, or beyond it where it is huge."""
    with np.errstate(over="ignore"):
        written = numbers.dtype.type(null)
    if abs(null) < HUGE:
        return np.asarray(numbers == written)
    return np.asarray(numbers <= written if null < 0 else numbers >= written)


class Rows(NamedTuple):
    """Rows in the order of the file: (n,) float64 depths, None where they were not asked for, and
    (n, width) float32 values in the order of the columns asked for. An empty field is NaN."""

    depths: Depths | None
    values: Values


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; it has ``width`` values in each row.

    ``axis`` is the place of the column on the axis of an array, as the file gives it (``5ms``).
    ``reason`` says why the column cannot be taken, None where it can.
    """

    name: str
    unit: str = ""
    description: str = ""
    width: int = 1
    axis: str = ""
    reason: str | None = None


class Read(NamedTuple):
    """What to read of a table: the column of depths, if any, and those of values."""

    depth: int | None
    columns: tuple[int, ...]


class Ends(NamedTuple):
    """The first depth, the last one and the step by the header of a file, in ``unit``."""

    first: float
    last: float
    step: float | None
    unit: str


@dataclass(frozen=True)
class Table:
    """One table of a file: a CSV, a data section of LAS, a frame of DLIS.

    ``rows`` reads the columns asked for, block by block, and raises InvalidFile. ``index`` is the
    column that the format makes the index; ``by_depth`` tells whether the format says that it holds
    depths, ``vertical`` whether these are vertical. ``nulls`` are the values that the file declares
    as nulls. ``ends`` are the depths by the header of the file, ``unit_of_ends`` is their unit if
    it contradicts that of the column. ``azimuths``, in degrees, are those of the values of a row,
    where a column tells them. ``unnamed`` tells that the file has no names of columns. ``well`` is
    that of the table, where each has its own.
    """

    name: str
    columns: tuple[Column, ...]
    rows: Callable[[Read], Iterator[Rows]]
    index: int | None = None
    by_depth: bool = False
    vertical: bool = False
    nulls: tuple[float, ...] = ()
    ends: Ends | None = None
    unit_of_ends: str = ""
    azimuths: tuple[float, ...] = ()
    unnamed: bool = False
    well: str | None = None


@dataclass
class Contents:
    """What a file holds, with ``warnings`` as (code, detail), and the parts that are not taken as
    (name, reason). ``text`` is the file itself where it is delimited text."""

    format: str
    tables: Sequence[Table]
    well: str | None = None
    warnings: list[Told] = field(default_factory=list)
    ignored: list[Told] = field(default_factory=list)
    text: IO[bytes] | None = None
