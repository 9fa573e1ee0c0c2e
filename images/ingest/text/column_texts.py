"""What stands in columns, read as text."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice

import polars as pl

from images.errors import InvalidFile
from images.ingest.table import Read
from images.ingest.text.dialect import ROWS_OF_NUMBERS, Dialect
from images.ingest.text.lines import Slab
from images.ingest.text.rows import Reader, read_ahead


def later_texts(
    slabs: Iterator[Slab],
    dialect: Dialect,
    columns: Sequence[int],
    nulls: tuple[float, ...] = (),
) -> dict[int, list[str]]:
    """The first texts of each of ``columns`` that are no nulls, from the first slab with some."""
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
    """``slabs``, each with its ``columns`` as text, up to the first one with a fault: faults are
    told when the rows are read."""
    reader = Reader(dialect, Read(None, ()), tuple(columns))
    with suppress(InvalidFile):
        yield from read_ahead(reader, slabs)
