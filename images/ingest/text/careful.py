"""The rows of a slab line by line and field by field: this takes long, and names each fault."""

import sys
from collections.abc import Mapping, Sequence

import numpy as np

from images.errors import MAX_FAULTS, QUOTED_CHARACTERS, InvalidFile, first_of
from images.ingest.table import Read
from images.ingest.text.dialect import Dialect
from images.ingest.text.lines import Slab, each_line
from images.ingest.text.tidying import COMMENT_LINES
from tables.encodings import decoded
from web.errors import Fault
from web.text import counted

LARGEST_DEPTH = sys.float_info.max
# Up to half a step of float32 above its largest number is rounded to it.
LARGEST_VALUE = float(np.finfo(np.float32).max) * (1 + 2**-25)
_INFINITE = {"inf", "infinity", "1.#inf", "1.#inf00"}


def tidied(slab: Slab, dialect: Dialect, read: Read, wanted: Sequence[int]) -> bytes:
    """The rows of a slab with a tab between fields, and with numbers as polars reads them.

    Columns that are ``wanted``, but not to ``read`` as numbers, are text; all others are empty.
    Raises InvalidFile for fields that are no numbers, and for lines that are short or long.
    """
    # The largest number of each column, None for text.
    limits: dict[int, float | None] = dict.fromkeys(wanted)
    limits |= dict.fromkeys(read.columns, LARGEST_VALUE)
    if read.depth is not None:
        limits[read.depth] = LARGEST_DEPTH
    faults: list[Fault] = []
    rows: list[str] = []
    for number, line in enumerate(each_line(slab.data), slab.first_line):
        text = decoded(line.rstrip(b"\r"))
        if not text.strip() or COMMENT_LINES.match(line):
            continue
        fields = dialect.split(text)
        if read.depth is not None and not any(fields):
            continue
        if len(fields) == len(dialect.names):
            rows.append(_row(number, fields, dialect, limits, faults))
        else:
            reason = f"{counted(len(fields), 'field')}; the header has {len(dialect.names)}"
            faults.append(Fault(number, None, text[:QUOTED_CHARACTERS], reason))
        if len(faults) >= MAX_FAULTS:
            break
    if faults:
        raise faulty(faults[:MAX_FAULTS], len(faults) >= MAX_FAULTS)
    return "".join(rows).encode()


def _row(
    number: int,
    fields: Sequence[str],
    dialect: Dialect,
    limits: Mapping[int, float | None],
    faults: list[Fault],
) -> str:
    """A line with a tab between fields; what is wrong with them is added to ``faults``."""
    row = [""] * len(fields)
    for i, largest in limits.items():
        if largest is None:
            row[i] = fields[i].replace("\t", " ")
            continue
        written = dialect.written(fields[i])
        if wrong := _wrong_with(fields[i], written, largest):
            name, value = dialect.names[i][:QUOTED_CHARACTERS], fields[i][:QUOTED_CHARACTERS]
            faults.append(Fault(number, name, value, wrong))
        row[i] = written or ""
    return "\t".join(row) + "\n"


def _wrong_with(text: str, written: str | None, largest: float) -> str | None:
    if written is None:
        infinite = text.lower().lstrip("+-") in _INFINITE
        return "infinite; a null is empty or NaN" if infinite else "not a number"
    return "too large, or infinite" if abs(float(written or 0)) > largest else None


def faulty(faults: Sequence[Fault], at_least: bool) -> InvalidFile:
    """The exception for faults: the first one is its sentence."""
    return InvalidFile(first_of(faults, len(faults), at_least), faults, at_least)
