"""What the columns of a file with one row a pixel hold: places, values of pixels, or curves."""

from collections.abc import Mapping, Sequence

import numpy as np

from images.arrays import Values
from images.errors import InvalidFile
from images.ingest.layout.axes import consecutive
from images.ingest.names.places import tells_azimuths, turn_of
from images.ingest.names.units import degrees, is_angle
from images.ingest.table import USUAL_NULLS, Column, Read, Table
from images.ingest.text.folding import folded
from tables.names import bare

# Fewer numbers that count up at every depth may be readings.
FEWEST_COUNTED = 8
# Wider ones may have gaps between pads at their end.
MOST_OF_NARROWER = 0.75
# Rows that are compared to tell that depths begin again.
ROWS_COMPARED = 1000
_NUMBERS = {
    "index", "pixel", "px", "pixelno", "col", "column", "sector", "bin", "button", "arrayindex",
    "element", "no", "nr", "number", "i", "j", "x", "azimuthindex",
    "pad", "padno", "padnumber", "flap",
}  # fmt: skip


def numeric(table: Table, depth: int) -> list[int]:
    """The columns of numbers beside the depths."""
    return [i for i, column in enumerate(table.columns) if not column.reason and i != depth]


def first_rows(table: Table, depth: int, count: int) -> dict[int, Values]:
    """The first ``count`` values of each column of numbers."""
    columns = numeric(table, depth)
    first = np.empty((0, len(columns)), np.float32)
    for block in table.rows(Read(depth, tuple(columns))):
        first = np.concatenate([first, block.values[: count - len(first)]])
        if len(first) >= count:
            break
    return dict(zip(columns, first.T, strict=True))


def check_order(table: Table, depth: int) -> None:
    """Refuse rows that are sorted by the places of the pixels first, and then by depth."""
    numbers = numeric(table, depth)
    for i in numbers if len(numbers) > 1 else ():
        column = table.columns[i]
        if may_tell_places(column) and _is_sorted_by(table, depth, i):
            raise InvalidFile(
                f"the rows are sorted by {column.name[:60]}, and only then by depth; sort them by"
                " depth, so that the pixels of each depth stand together"
            )


def _is_sorted_by(table: Table, depth: int, place: int) -> bool:
    """Whether the same depths begin again where the column ``place`` first changes its value."""
    begin, again, first = np.empty(0), None, None
    for block in table.rows(Read(depth, (place,))):
        if block.depths is None:
            break
        places = block.values[:, 0]
        first = places[0] if first is None else first
        others = np.flatnonzero(places != first)
        if again is not None:
            again = np.append(again, block.depths)
        elif len(others):
            begin = np.append(begin, block.depths[: others[0]])[:ROWS_COMPARED]
            again = block.depths[others[0] :]
        else:
            begin = np.append(begin, block.depths)[:ROWS_COMPARED]
        if again is not None and len(again) >= len(begin):
            return len(np.unique(begin)) > 1 and np.array_equal(again[: len(begin)], begin)
    return False


def may_tell_places(column: Column) -> bool:
    return tells_azimuths(column.name) or is_angle(column.unit) or _is_called_number(column)


def _is_called_number(column: Column) -> bool:
    called = bare(column.name)
    return called in _NUMBERS or called.endswith("index")


def places_of(
    table: Table, depth: int, first: Mapping[int, Values], width: int
) -> tuple[dict[int, tuple[float, ...]], tuple[float, ...]]:
    """The columns that say where the pixels are, and the azimuths, if one of them tells these.

    They have the same values at every depth, and count up or go around the wall once; or they are
    called numbers, as pads and their buttons are. Each is told with its values, which put the
    pixels in order.
    """
    places: dict[int, tuple[float, ...]] = {}
    azimuths: tuple[float, ...] = ()
    for i, column in enumerate(table.columns):
        if i not in first or not same_at_each_depth(first[i], width):
            continue
        # Decimals as they are written, without the digits that float32 adds.
        values = tuple(float(str(value)) for value in first[i][:width])
        angle = is_angle(column.unit)
        called = _is_called_number(column) and not angle
        # A word in brackets behind an azimuth may tell its reference: ``Azimuth (magnetic)``.
        unit = column.unit if angle or not tells_azimuths(column.name) else ""
        numbers = tuple(sorted(values))
        around = next((order for order in (values, numbers) if turn_of(order, unit)), None)
        if not called and not azimuths and around:
            places[i], azimuths = around, degrees(around, unit)
        elif consecutive(values) and (called or width >= FEWEST_COUNTED):
            places[i] = numbers
        elif called and np.array_equal(first[i][width : 2 * width], first[i][:width]):
            places[i] = values
    return (places, azimuths) if len(places) < len(first) else ({}, ())


def same_at_each_depth(values: Values, width: int) -> bool:
    """Whether each of the first depths has the same values, in any order."""
    cycles = np.sort(values[: len(values) // width * width].reshape(-1, width), axis=1)
    return len(cycles) > 1 and bool((cycles == cycles[:1]).all())


def widths_of(
    table: Table, depth: int, first: Mapping[int, Values], width: int, columns: Sequence[int]
) -> dict[int, int]:
    """How many pixels those of the ``columns`` have that have fewer than ``width``.

    A column with one value at each depth, and else nulls, is a curve. An array is narrower where it
    has nulls alone behind its pixels, as the rows are those of a wider one.
    """
    nulls = np.array([*USUAL_NULLS, *table.nulls], np.float32)

    def told(part: Values) -> np.ndarray:
        return ~np.isnan(part) & ~np.isin(part, nulls)

    def doubtful(values: Values) -> bool:
        known = told(values)
        return not known[-1] or bool((values[known] == values[0]).all())

    last = {i: 0 for i in columns if doubtful(first[i][:width])}
    scalars = {*last}
    asked = tuple(last)
    for block in folded(table.rows(Read(depth, asked)), width, {}) if last else ():
        for i, part in zip(asked, np.split(block.values, len(asked), axis=1), strict=True):
            known = told(part)
            last[i] = max(last[i], int((known.any(axis=0) * np.arange(1, width + 1)).max()))
            if ((part != part[:, :1]) & known).any():
                scalars.discard(i)
        if not scalars and min(last.values()) == width:
            break
    wider = any(last.get(i, width) == width for i in columns if i not in scalars)
    return {
        i: 1 if i in scalars else pixels
        for i, pixels in last.items()
        if pixels and (i in scalars or (wider and 1 < pixels <= width * MOST_OF_NARROWER))
    }
