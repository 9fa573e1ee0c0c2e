"""What a reader says of a file: tables of columns, whose rows are read when they are wanted."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, NamedTuple

from images.arrays import Depths, Values
from tables.nulls import NULLS

# Taken for nulls where a file does not say what its own are, as loggers and programs write them.
USUAL_NULLS = (
    *NULLS, -32768.0, -2147483648.0, -1e30, 1e30,
    # The largest float32, which programs for grids and maps write.
    -3.4028234663852886e38, 3.4028234663852886e38,
)  # fmt: skip

# A message for the sender of a file: (code, detail), or (column, reason).
Told = tuple[str, str]


class Rows(NamedTuple):
    """Rows as they are in the file: (n,) float64 depths, or None where no column was asked for,
    and (n, width) float32 values, side by side in the order asked for; NaN where a field is empty.
    """

    depths: Depths | None
    values: Values


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: of text, one array's many where ``width`` is more than 1.

    ``axis`` is the place of the column on the third axis of an array, as the file gives it
    (``5ms``); ``reason`` says why a column holds nothing that can be taken, None where it does.
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
    """The first and the last depth and the step that the header of a file tells, in ``unit``."""

    first: float
    last: float
    step: float | None
    unit: str


@dataclass(frozen=True)
class Table:
    """One table of a file: a CSV, a data section of LAS, a frame of DLIS.

    ``rows`` reads the columns asked for, block by block, and raises InvalidFile. ``index`` is the
    column that the format itself makes the index, and ``by_depth`` whether it says that this is of
    depths, ``vertical`` that these are not along the hole. ``well`` is that of the table, where
    each has its own. ``nulls`` are the values that the file declares to be nulls; ``ends`` what its
    header tells of its depths, and ``unit_of_ends`` the unit there where it contradicts the one of
    the column; ``azimuths`` those of the values of a row, in degrees, where a column tells them.
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
    # Names of columns that were made up, as the file has none.
    unnamed: bool = False
    well: str | None = None


@dataclass
class Contents:
    """A file as its reader found it: ``format``, its well, its tables, and what it did on the way.

    ``ignored`` are parts that hold no rows: (name, reason). ``text`` is the file itself where it is
    delimited text.
    """

    format: str
    tables: Sequence[Table]
    well: str | None = None
    warnings: list[Told] = field(default_factory=list)
    ignored: list[Told] = field(default_factory=list)
    text: IO[bytes] | None = None
