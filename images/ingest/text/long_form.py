"""Techlog's long form: one row a pixel, the rows of a depth one below the other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, groupby, pairwise

import numpy as np

from images.errors import InvalidFile
from images.ingest import names
from images.ingest.layout import find as layout
from images.ingest.table import Contents, Read, Rows, Table, Values
from images.ingest.text.dialect import Dialect

# Fewer rows of one depth may be of runs that overlap, but in Techlog's own form.
FEWEST_PIXELS, FEWEST_OF_TECHLOG = 4, 2
_PLACES = "it tells where the pixels are"
_ANGLES = {"azimuth", "azim", "azi", "az", "angle", "theta", "phi", "bearing", "direction"}
_NUMBERS = {
    "index", "pixel", "px", "pixelno", "col", "column", "sector", "bin", "button", "arrayindex",
    "element", "no", "nr", "number", "i", "j", "x", "azimuthindex",
}  # fmt: skip


def unfolded(
    table: Table,
    found: Dialect,
    sample: Sequence[Sequence[str]],
    options: layout.Options,
    contents: Contents,
) -> Table:
    """``table``, with one row a depth also where the file has one a pixel."""
    try:
        plan = layout.find(table, layout.Options(depth=options.depth, top=options.top))
    except InvalidFile:
        return table
    if plan.depth is None or any(log.width > 1 for log in plan.logs):
        return table
    rows = [fields for fields in sample if len(fields) == len(found.names)]
    depths = [fields[plan.depth] for fields in rows]
    of_techlog = {"wellname", "datasetname"} <= {names.plain(c.name) for c in table.columns}
    fewest = FEWEST_OF_TECHLOG if of_techlog else FEWEST_PIXELS
    width = _pixels_a_depth(depths, fewest)
    if width is None:
        beyond = len(set(depths)) == 1
        width = _pixels_beyond(table, plan.depth, of_techlog) if beyond else None
    if width is None:
        return table
    contents.format = "delimited text, one row a pixel"
    if "" in depths:
        detail = (
            f"each depth stands on the first of {width} rows: those below it were taken for the"
        )
        contents.warnings.append(("depths-above", f"{detail} other pixels of that depth"))
    return _folded_table(table, plan.depth, width, _repeated(table, found, rows, width))


def _repeated(
    table: Table, found: Dialect, rows: Sequence[Sequence[str]], width: int
) -> dict[int, list[float]]:
    """The values of the first depth, of the columns that repeat them all over the sample."""
    repeated = {}
    for i, column in enumerate(table.columns):
        numbers = [found.number(fields[i]) for fields in rows] if not column.reason else []
        values = [number for number in numbers if number is not None]
        if (
            len(values) == len(rows) > width
            and values == values[:width] * (len(rows) // width) + (values[: len(rows) % width])
        ):
            repeated[i] = values[:width]
    return repeated


def _pixels_beyond(table: Table, depth: int, alone: bool) -> int | None:
    """The pixels of the first depth where the sample does not reach the second; where there is no
    second, only if one may stand ``alone``."""
    count, first = 0, None
    for block in table.rows(Read(depth, (depth,))):
        depths = block.depths
        if depths is None or not len(depths) or np.isnan(depths[0]):
            return None
        first = depths[0] if first is None else first
        others = np.flatnonzero(depths != first)
        if len(others):
            return count + int(others[0])
        count += len(depths)
        if count > layout.MAX_WIDTH:
            return None
    return count if alone and count > 1 else None


def _pixels_a_depth(depths: Sequence[str], fewest: int = FEWEST_PIXELS) -> int | None:
    """How many rows each depth has, from the depths of the first rows; None if that differs.

    The last depth may have more rows than were looked at, and a depth that is there twice has twice
    as many as the others.
    """
    # A depth that stands on the first of its rows alone.
    runs = [len(list(rows)) for _, rows in groupby(accumulate(depths, _or_above))]
    whole = runs[:-1]
    width = min(whole, default=0)
    if width < fewest or any(run % width for run in whole):
        return None
    return width


def _or_above(above: str, depth: str) -> str:
    return depth or above


def _folded_table(
    table: Table, depth: int, width: int, repeated: Mapping[int, Sequence[float]]
) -> Table:
    """``table`` with one row a depth, each column of numbers an array of ``width``.

    ``repeated`` are the values of columns that seem to repeat them at every depth: where these go
    around the wall once, or count up, the column says where the pixels are, and has to do so at
    every depth.
    """
    places, azimuths = _places(table, depth, repeated)
    columns = tuple(
        column if column.reason or i == depth else replace(column, width=width)
        for i, column in enumerate(table.columns)
    )
    for i in places:
        columns = (*columns[:i], replace(columns[i], width=1, reason=_PLACES), *columns[i + 1 :])

    def rows(read: Read) -> Iterator[Rows]:
        if read.depth != depth:
            raise InvalidFile("a file with one row a pixel is told by its own depths")
        asked = Read(depth, (*places, *read.columns))
        yield from _folded(table.rows(asked), width, [table.columns[i].name for i in places])

    return replace(table, columns=columns, rows=rows, azimuths=azimuths)


def _places(
    table: Table, depth: int, repeated: Mapping[int, Sequence[float]]
) -> tuple[list[int], tuple[float, ...]]:
    """The columns that say where the pixels are, and the azimuths, if one of them tells these."""
    places: list[int] = []
    azimuths: tuple[float, ...] = ()
    for i, values in repeated.items():
        column = table.columns[i]
        counts = {after - before for before, after in pairwise(values)} == {1.0}
        called = names.plain(column.name)
        angle = called in _ANGLES or names.is_angle(column.unit)
        if angle and i != depth and not azimuths and names.turn(values, column.unit or "deg"):
            places.append(i)
            azimuths = tuple(values)
        elif (called in _NUMBERS or called.endswith("index")) and counts and values[0] in (0, 1):
            places.append(i)
    others = [i for i, c in enumerate(table.columns) if not c.reason and i not in (depth, *places)]
    return (places, azimuths) if others else ([], ())


def _folded(blocks: Iterator[Rows], width: int, places: Sequence[str]) -> Iterator[Rows]:
    left, places_of_first, row = None, None, 0
    for block in blocks:
        block = block if left is None else _joined(left, block)
        whole = len(block.values) // width * width
        if whole:
            rows = _fold(block, whole, width, row)
            at, values = np.split(rows.values, [len(places) * width], axis=1)
            places_of_first = at[:1].copy() if places_of_first is None else places_of_first
            _check_places(rows, at, places_of_first, width, places)
            yield Rows(rows.depths, values)
        row += whole
        left = _cut(block, whole)
    if left is not None and len(left.values):
        depth = float(_depths(left)[0])
        raise InvalidFile(
            f"depth {depth:g} has {len(left.values)} rows of pixels; the others have {width}"
        )


def _check_places(rows: Rows, at: Values, first: Values, width: int, places: Sequence[str]) -> None:
    other = at != first
    if other.any():
        row, column = np.argwhere(other)[0]
        name = places[column // width][:60]
        raise InvalidFile(
            f"depth {_depths(rows)[row]:g} has {name} {at[row, column]:g} where the first depth has"
            f" {first[0, column]:g}: its pixels are at other places"
        )


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
