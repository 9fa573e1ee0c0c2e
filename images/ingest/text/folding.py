"""One row a pixel to one row a depth, block by block."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from images.arrays import Depths, Values
from images.errors import InvalidFile
from images.ingest.table import Read, Rows, Table
from web.text import counted


def folded_table(
    table: Table,
    depth: int,
    width: int,
    places: Mapping[int, tuple[float, ...]],
    azimuths: tuple[float, ...],
    widths: Mapping[int, int],
) -> Table:
    """``table`` with one row for the ``width`` rows of each depth.

    Each column of numbers becomes an array, of its own width where ``widths`` tells it, but for the
    ``places`` of the pixels, which put these in order.
    """
    columns = [*table.columns]
    for i, column in enumerate(columns):
        if i in places:
            columns[i] = replace(column, reason="it tells where the pixels are")
        elif not column.reason and i != depth:
            columns[i] = replace(column, width=widths.get(i, width))

    def rows(read: Read) -> Iterator[Rows]:
        asked = Read(depth, (*places, *read.columns))
        named = {table.columns[i].name: order for i, order in places.items()}
        for block in folded(table.rows(asked), width, named):
            parts = np.split(block.values, max(len(read.columns), 1), axis=1)
            parts = [
                part[:, : widths.get(i, width)]
                for i, part in zip(read.columns, parts, strict=False)
            ]
            yield Rows(block.depths, np.concatenate(parts, axis=1) if parts else block.values)

    return replace(table, columns=tuple(columns), rows=rows, azimuths=azimuths)


def folded(
    blocks: Iterator[Rows], width: int, places: Mapping[str, tuple[float, ...]]
) -> Iterator[Rows]:
    """``blocks`` with the ``width`` rows of each depth side by side in one, column after column.

    The first columns, called ``places``, are left out. Each depth has to have their values; those
    of the first one put its rows in order. Raises InvalidFile where a depth has other values or
    another number of rows.
    """
    # What is left of the block before.
    depths, values = np.empty(0), None
    row = 1
    for block in blocks:
        if block.depths is None:
            raise InvalidFile("a file with one row a pixel needs its depths")
        depths = np.concatenate([depths, block.depths])
        values = block.values if values is None else np.concatenate([values, block.values])
        whole = len(depths) // width * width
        if whole:
            of_rows = _one_each(depths[:whole].reshape(-1, width), row)
            pixels = values[:whole].reshape(-1, width, values.shape[1]).transpose(0, 2, 1)
            pixels = _placed(of_rows, pixels, places) if places else pixels
            yield Rows(of_rows, pixels.reshape(len(of_rows), -1))
        depths, values, row = depths[whole:], values[whole:], row + whole
    if len(depths):
        has = counted(len(depths), "row")
        raise InvalidFile(f"depth {depths[0]:g} has {has} of pixels; the others have {width}")


def _one_each(depths: Depths, row: int) -> Depths:
    """The depths of n groups of rows, by those of the rows, (n, width); the first is row ``row`` of
    the file. A depth may stand on its first row alone. Raises InvalidFile where rows differ."""
    blank = np.isnan(depths)
    same = (depths == depths[:, :1]) | (blank & blank[:, :1])
    if blank[:, 1:].all():
        same |= blank
    if not same.all():
        at, width = int(np.flatnonzero(~same.all(axis=1))[0]), depths.shape[1]
        raise InvalidFile(
            f"depth {depths[at, 0]:g} does not have {width} rows of pixels, as the others have"
            f" (row {row + at * width} of values)"
        )
    return depths[:, 0].copy()


def _placed(depths: Depths, pixels: Values, places: Mapping[str, tuple[float, ...]]) -> Values:
    """(n, columns, width) ``pixels`` in the order of ``places``, and without these columns."""
    told = np.array([*places.values()], np.float32)
    if (pixels[:, 0] != told[0]).any():
        order = pixels[:, 0].argsort(axis=1)[:, told[0].argsort().argsort()]
        pixels = np.take_along_axis(pixels, order[:, np.newaxis], axis=2)
    other = pixels[:, : len(told)] != told
    if other.any():
        row, place, column = np.argwhere(other)[0]
        has = f"{[*places][place][:60]} {pixels[row, place, column]:g}"
        raise InvalidFile(
            f"depth {depths[row]:g} has {has}"
            f" where the first depth has {told[place, column]:g}: its pixels are at other places"
        )
    return pixels[:, len(told) :]
