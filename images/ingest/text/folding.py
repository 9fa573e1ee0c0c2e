"""One row a pixel to one row a depth, block by block."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

import numpy as np

from images.errors import InvalidFile
from images.ingest.table import Read, Rows, Table
from web.text import counted


def folded_table(
    table: Table,
    depth: int,
    width: int,
    places: Mapping[int, tuple[float, ...]],
    azimuths: tuple[float, ...],
    scalars: Collection[int],
) -> Table:
    """``table`` with one row for the ``width`` rows of each depth.

    Each column of numbers becomes an array, but for the ``scalars``, which are curves, and for the
    ``places`` of the pixels, which put these in order.
    """
    columns = [*table.columns]
    for i, column in enumerate(columns):
        if i in places:
            columns[i] = replace(column, reason="it tells where the pixels are")
        elif not column.reason and i != depth and i not in scalars:
            columns[i] = replace(column, width=width)

    def rows(read: Read) -> Iterator[Rows]:
        asked = Read(depth, (*places, *read.columns))
        named = {table.columns[i].name: order for i, order in places.items()}
        for block in folded(table.rows(asked), width, named):
            parts = np.split(block.values, max(len(read.columns), 1), axis=1)
            parts = [
                part[:, :1] if i in scalars else part
                for i, part in zip(read.columns, parts, strict=False)
            ]
            yield Rows(block.depths, np.concatenate(parts, axis=1) if parts else block.values)

    return replace(table, columns=tuple(columns), rows=rows, azimuths=azimuths)


def folded(
    blocks: Iterator[Rows], width: int, places: Mapping[str, tuple[float, ...]]
) -> Iterator[Rows]:
    """``blocks`` with the ``width`` rows of each depth side by side in one, column after column.

    The first columns, called ``places``, are left out. Every depth has to have their values, by the
    first of which its rows are ordered. Raises InvalidFile where it has not, and where it has
    another number of rows.
    """
    left, row = None, 0
    for block in blocks:
        block = block if left is None else _joined(left, block)
        whole = len(block.values) // width * width
        if whole:
            rows = _fold(block, whole, width, row)
            yield _placed(rows, width, places) if places else rows
        row += whole
        left = _cut(block, whole)
    if left is not None and len(left.values):
        depth = float(_depths(left)[0])
        has = counted(len(left.values), "row")
        raise InvalidFile(f"depth {depth:g} has {has} of pixels; the others have {width}")


def _placed(rows: Rows, width: int, places: Mapping[str, tuple[float, ...]]) -> Rows:
    """``rows`` with the pixels in the order of ``places``, and without these."""
    told = np.array([*places.values()], np.float32)
    values = rows.values.reshape(len(rows.values), -1, width)
    if (values[:, 0] != told[0]).any():
        order = values[:, 0].argsort(axis=1)[:, told[0].argsort().argsort()]
        values = np.take_along_axis(values, order[:, np.newaxis], axis=2)
    other = values[:, : len(told)] != told
    if other.any():
        row, place, column = np.argwhere(other)[0]
        has = f"{[*places][place][:60]} {values[row, place, column]:g}"
        raise InvalidFile(
            f"depth {_depths(rows)[row]:g} has {has}"
            f" where the first depth has {told[place, column]:g}: its pixels are at other places"
        )
    return Rows(rows.depths, values[:, len(told) :].reshape(len(values), -1))


def _fold(block: Rows, whole: int, width: int, row: int) -> Rows:
    depths = _depths(block)[:whole].reshape(-1, width)
    blank = np.isnan(depths)
    same = (depths == depths[:, :1]) | (blank & blank[:, :1])
    if blank[:, 1:].all():
        same |= blank
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
