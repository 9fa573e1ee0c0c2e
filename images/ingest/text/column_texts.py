"""What stands in columns, read as text."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice

import polars as pl

from images.errors import InvalidFile
from images.ingest.layout.arrays import FEWEST_NUMBERED
from images.ingest.table import Read
from images.ingest.text.dialect import ROWS_OF_NUMBERS, Dialect
from images.ingest.text.frames import FrameReader, read_ahead
from images.ingest.text.lines import Slab


def column_texts(
    dialect: Dialect,
    sample: Sequence[Sequence[str]],
    slabs: Iterator[Slab],
    nulls: tuple[float, ...] = (),
) -> list[list[str]]:
    """The texts of each column in ``sample``, rows of fields. Of a column of nulls they are the
    first other ones further down in ``slabs``, if there are some."""
    columns = range(len(dialect.names))
    texts = [[fields[i] for fields in sample if len(fields) > i] for i in columns]
    blank = [i for i in columns if all(dialect.is_null(text, nulls) for text in texts[i])]
    named = [i for i in blank if dialect.names[i].strip()]
    # A few without a name are too few to make an array, and are not taken.
    wanted = named if len(blank) - len(named) < FEWEST_NUMBERED else blank
    left = {*wanted}
    for _, frame in texts_of(slabs, dialect, wanted) if wanted else ():
        for i in [*left]:
            below = frame.get_column(str(i)).drop_nulls().str.strip_chars()
            told = (t for t in below.unique(maintain_order=True) if not dialect.is_null(t, nulls))
            if first := [*islice(told, ROWS_OF_NUMBERS)]:
                texts[i] = first
                left.remove(i)
        if not left:
            break
    return texts


def texts_of(
    slabs: Iterator[Slab], dialect: Dialect, columns: Sequence[int]
) -> Iterator[tuple[Slab, pl.DataFrame]]:
    """``slabs``, each with its ``columns`` as text, up to the first one with a fault: faults are
    told when the rows are read."""
    reader = FrameReader(dialect, Read(None, ()), columns)
    with suppress(InvalidFile):
        yield from read_ahead(reader, slabs)
