"""Techlog's long form: one row a pixel, the rows of a depth one below the other."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np

from images.errors import InvalidFile
from images.ingest.table import Read, Rows, Table

FEWEST_PIXELS = 4


def pixels_a_depth(depths: Sequence[str]) -> int | None:
    """How many rows each depth has, from the depths of the first rows; None if that differs.

    The last depth may have more rows than were looked at.
    """
    runs = [len(list(rows)) for _, rows in groupby(depths)]
    whole = runs[:-1]
    if not whole or whole[0] < FEWEST_PIXELS or len(set(whole)) > 1 or runs[-1] > whole[0]:
        return None
    return whole[0]


def folded(table: Table, depth: int, width: int, well: int | None) -> Table:
    """``table`` with one row a depth, each column of numbers an array of ``width``."""
    columns = tuple(
        column if column.reason or i == depth else replace(column, width=width)
        for i, column in enumerate(table.columns)
    )

    def rows(read: Read) -> Iterator[Rows]:
        if read.depth != depth:
            raise InvalidFile("a file with one row a pixel is told by its own depths")
        yield from _folded(table.rows(Read(depth, read.columns, well)), width)

    return replace(table, columns=columns, rows=rows)


def _folded(blocks: Iterator[Rows], width: int) -> Iterator[Rows]:
    left = None
    row = 0
    for block in blocks:
        block = block if left is None else _joined(left, block)
        whole = len(block.values) // width * width
        if whole:
            yield _fold(block, whole, width, row)
        row += whole
        left = _cut(block, whole)
    if left is not None and len(left.values):
        depth = float(_depths(left)[0])
        raise InvalidFile(
            f"depth {depth:g} has {len(left.values)} rows of pixels; the others have {width}"
        )


def _fold(block: Rows, whole: int, width: int, row: int) -> Rows:
    depths = _depths(block)[:whole].reshape(-1, width)
    same = (depths == depths[:, :1]) | (np.isnan(depths) & np.isnan(depths[:, :1]))
    if not same.all():
        at = int(np.flatnonzero(~same.all(axis=1))[0])
        raise InvalidFile(
            f"depth {depths[at, 0]:g} does not have {width} rows of pixels, as the others have"
            f" (row {row + at * width + 1} of values)"
        )
    columns = block.values.shape[1]
    values = block.values[:whole].reshape(-1, width, columns).transpose(0, 2, 1)
    return Rows(depths[:, 0].copy(), values.reshape(len(depths), -1))


def _depths(block: Rows) -> np.ndarray:
    if block.depths is None:
        raise InvalidFile("a file with one row a pixel needs its depths")
    return block.depths


def _joined(first: Rows, second: Rows) -> Rows:
    depths = np.concatenate([_depths(first), _depths(second)])
    return Rows(depths, np.concatenate([first.values, second.values]))


def _cut(block: Rows, start: int) -> Rows:
    return Rows(_depths(block)[start:], block.values[start:])
