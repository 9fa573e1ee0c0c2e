"""Frames of columns to blocks of numbers, without the rows of other wells."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from images.errors import QUOTED_CHARACTERS, InvalidFile
from images.ingest.table import Read, Rows, Told
from images.ingest.text.dialect import Dialect
from images.ingest.text.frames import FrameReader, read_ahead
from images.ingest.text.lines import Slab


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
    reader = FrameReader(dialect, read, {*same, *(of_well.columns if of_well else ())})
    rows = _Rows(reader, read, same, of_well)
    for slab, frame in read_ahead(reader, slabs):
        block = rows.block(slab, frame)
        if len(block.values):
            yield block
    if reader.touching and (first := reader.touching[min(reader.touching)]) not in warnings:
        warnings.append(first)


class _Rows:
    """Makes blocks of frames: keeps the rows of the well, and checks what rows say."""

    def __init__(
        self, reader: FrameReader, read: Read, same: tuple[int, ...], of_well: OfWell | None
    ) -> None:
        self._reader = reader
        self._read = read
        self._same: dict[int, str | float | None] = dict.fromkeys(same)
        self._well = of_well
        self._names = WellNames(of_well.columns if of_well else ())

    def block(self, slab: Slab, frame: pl.DataFrame) -> Rows:
        """The rows in the frame of a slab. Raises InvalidFile, also for infinite values."""
        if self._well:
            frame = self._of_well(frame, self._well)
        for i in self._same:
            frame = self._checked_same(frame, i)
        depth = self._read.depth
        # Where depths are made of a top and a step, a row of nulls has one as well.
        if depth is not None and frame.to_series(0).null_count():
            frame = frame.filter(~pl.all_horizontal(pl.all().is_null()))
        depths = None if depth is None else frame.get_column(str(depth)).to_numpy()
        values = frame[[str(i) for i in self._read.columns]].to_numpy(order="c")
        if np.isinf(values).any() or (depths is not None and np.isinf(depths).any()):
            self._reader.carefully(slab)
        depths = None if depths is None else np.array(depths, np.float64)
        return Rows(depths, np.asarray(values, np.float32))

    def _of_well(self, frame: pl.DataFrame, of_well: OfWell) -> pl.DataFrame:
        wells = self._names.of(frame)
        return frame.drop(map(str, of_well.columns)).filter(wells.is_in([*of_well.texts]))

    def _checked_same(self, frame: pl.DataFrame, column: int) -> pl.DataFrame:
        """``frame`` without the column that has to say the same in all rows."""
        said = frame.get_column(str(column)).unique().to_list()
        found = {self._same[column], *said} - {None, ""}
        if len(found) > 1:
            texts = sorted(map(str, found))[:2]
            two = " and ".join(repr(text[:QUOTED_CHARACTERS]) for text in texts)
            name = self._reader.dialect.names[column][:QUOTED_CHARACTERS]
            raise InvalidFile(f"{name} is {two} in one file; send one of them at a time")
        self._same[column] = found.pop() if found else None
        return frame if column in self._read.columns else frame.drop(str(column))


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
