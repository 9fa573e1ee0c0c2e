"""Techlog's long form: one row a pixel, the rows of a depth one below the other."""

from collections.abc import Mapping, Sequence
from itertools import accumulate, groupby
from statistics import mode

import numpy as np

from images.arrays import Values
from images.errors import InvalidFile
from images.ingest.layout.axes import consecutive
from images.ingest.layout.find import find
from images.ingest.layout.plan import MAX_WIDTH, Options
from images.ingest.names.places import tells_azimuths, turn_of
from images.ingest.names.units import degrees, is_angle
from images.ingest.table import USUAL_NULLS, Column, Contents, Read, Table
from images.ingest.text.dialect import Dialect
from images.ingest.text.folding import folded, folded_table
from images.ingest.text.head import SAMPLE_ROWS
from tables.names import bare

# Fewer rows of one depth may be of runs that overlap, but in Techlog's own form.
FEWEST_PIXELS, FEWEST_OF_TECHLOG = 4, 2
# Fewer numbers that count up at every depth may be readings.
FEWEST_COUNTED = 8
# Rows that are compared to tell that depths begin again.
ROWS_COMPARED = 1000
_NUMBERS = {
    "index", "pixel", "px", "pixelno", "col", "column", "sector", "bin", "button", "arrayindex",
    "element", "no", "nr", "number", "i", "j", "x", "azimuthindex",
}  # fmt: skip


def unfolded(
    table: Table,
    dialect: Dialect,
    sample: Sequence[Sequence[str]],
    options: Options,
    contents: Contents,
) -> Table:
    """``table`` with one row a depth, also where the file has one row a pixel."""
    try:
        plan = find(table, Options(depth=options.depth, top=options.top))
    except InvalidFile:
        return table
    depth = plan.depth
    if depth is None or any(log.width > 1 for log in plan.logs):
        return table
    _check_order(table, depth)
    of_techlog = {"wellname", "datasetname"} <= {bare(c.name) for c in table.columns}
    rows = [fields for fields in sample if len(fields) == len(dialect.names)]
    depths = [fields[depth] for fields in rows]
    if len({*depths} - {""}) == 1:
        width = _pixels_beyond(table, depth, of_techlog)
    else:
        fewest = FEWEST_OF_TECHLOG if of_techlog else FEWEST_PIXELS
        width = _pixels_a_depth(depths, fewest, _names_places(table, depth, rows))
    if width is None:
        return table
    first = _first_rows(table, depth, max(2 * width, SAMPLE_ROWS))
    width = _without_repeats(table, first, width)
    places, azimuths = _places(table, depth, first, width)
    values = [i for i in _numeric(table, depth) if i not in places]
    constant = [i for i in values if len({row[i] for row in rows[:width]}) == 1]
    scalars = _scalars(table, depth, width, constant)
    if len(scalars) == len(values):
        if not places and not of_techlog:
            # Rows that are repeated.
            return table
        scalars = set()
    contents.format = "delimited text, one row a pixel"
    if "" in depths:
        detail = (
            f"each depth stands on the first of {width} rows: those below it were taken for the"
        )
        contents.warnings.append(("depths-above", f"{detail} other pixels of that depth"))
    return folded_table(table, depth, width, places, azimuths, scalars)


def _numeric(table: Table, depth: int) -> list[int]:
    """The columns of numbers beside the depths."""
    return [i for i, column in enumerate(table.columns) if not column.reason and i != depth]


def _check_order(table: Table, depth: int) -> None:
    """Refuse rows that are sorted by the places of the pixels first, and then by depth."""
    numbers = _numeric(table, depth)
    for i in numbers if len(numbers) > 1 else ():
        column = table.columns[i]
        if _may_tell_places(column) and _is_sorted_by(table, depth, i):
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


def _may_tell_places(column: Column) -> bool:
    return tells_azimuths(column.name) or is_angle(column.unit) or _is_called_number(column)


def _is_called_number(column: Column) -> bool:
    called = bare(column.name)
    return called in _NUMBERS or called.endswith("index")


def _scalars(table: Table, depth: int, width: int, candidates: Sequence[int]) -> set[int]:
    """The columns that have one value at each depth, and not only nulls: they are curves."""
    left = dict.fromkeys(candidates, False)
    if not left:
        return set()
    for block in folded(table.rows(Read(depth, tuple(candidates))), width, {}):
        parts = np.split(block.values, len(candidates), axis=1)
        for i, part in zip(candidates, parts, strict=True):
            first = part[:, :1]
            if i in left and ((part != first) & ~(np.isnan(part) & np.isnan(first))).any():
                del left[i]
            elif i in left:
                usual = np.isin(first, np.array(USUAL_NULLS, np.float32))
                left[i] |= bool((~np.isnan(first) & ~usual).any())
        if not left:
            break
    return {i for i, tells in left.items() if tells}


def _pixels_beyond(table: Table, depth: int, alone: bool) -> int | None:
    """How many rows the first depth has, read from the file as the sample does not reach the second
    depth. Where there is no second, the first has to be one that may stand ``alone``."""
    count, first = 0, None
    # With all columns, as a row without any value is left out.
    for block in table.rows(Read(depth, (depth, *_numeric(table, depth)))):
        depths = block.depths
        if depths is None or (first is None and np.isnan(depths[0])):
            return None
        first = depths[0] if first is None else first
        others = np.flatnonzero((depths != first) & ~np.isnan(depths))
        if len(others):
            return count + int(others[0])
        count += len(depths)
        if count > MAX_WIDTH:
            return None
    return count if alone and count > 1 else None


def _names_places(table: Table, depth: int, rows: Sequence[Sequence[str]]) -> bool:
    """Whether a column that is called by it tells where the pixels of the first depth are."""
    count = next((n for n, row in enumerate(rows) if row[depth] != rows[0][depth]), len(rows))
    named = [i for i in _numeric(table, depth) if _may_tell_places(table.columns[i])]
    return count >= FEWEST_PIXELS and any(len({r[i] for r in rows[:count]}) == count for i in named)


def _pixels_a_depth(depths: Sequence[str], fewest: int, named: bool) -> int | None:
    """How many rows each depth has, from the depths of the first rows; None if that differs, or
    where the places of pixels are ``named`` if most differ: then the others lack pixels.

    The last depth may have more rows than were looked at, and a depth that is there twice has twice
    as many as the others.
    """
    # A depth may stand on the first of its rows alone.
    filled: accumulate[str] = accumulate(depths, lambda above, depth: depth or above)
    runs = [len(list(rows)) for _, rows in groupby(filled)]
    whole = runs[:-1]
    width = (mode(whole) if named else min(whole)) if whole else 0
    fit = sum(run % width == 0 for run in whole) if width >= fewest else 0
    return width if fit and (2 * fit > len(whole) if named else fit == len(whole)) else None


def _first_rows(table: Table, depth: int, count: int) -> dict[int, Values]:
    """The first ``count`` values of each column of numbers."""
    columns = _numeric(table, depth)
    first = np.empty((0, len(columns)), np.float32)
    for block in table.rows(Read(depth, tuple(columns))):
        first = np.concatenate([first, block.values[: count - len(first)]])
        if len(first) >= count:
            break
    return dict(zip(columns, first.T, strict=True))


def _without_repeats(table: Table, first: Mapping[int, Values], width: int) -> int:
    """``width``, or a part of it after which a column begins again that is called as the places of
    pixels are: rounded depths have the rows of several."""
    for i, values in first.items():
        count = len(np.unique(values[:width]))
        again = width % count == 0 and (values[count:width] == values[: width - count]).all()
        if FEWEST_PIXELS <= count < width and again and _may_tell_places(table.columns[i]):
            return count
    return width


def _places(
    table: Table, depth: int, first: Mapping[int, Values], width: int
) -> tuple[dict[int, tuple[float, ...]], tuple[float, ...]]:
    """The columns that say where the pixels are, each with its values in the order that the pixels
    are put into, and the azimuths, if one of them tells these.

    They have the same values at every depth, and count up or go around the wall once.
    """
    places: dict[int, tuple[float, ...]] = {}
    azimuths: tuple[float, ...] = ()
    for i, column in enumerate(table.columns):
        if i not in first or not _same_at_each_depth(first[i], width):
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
    return (places, azimuths) if len(places) < len(first) else ({}, ())


def _same_at_each_depth(values: Values, width: int) -> bool:
    """Whether the first depths have the same values, in any order."""
    cycles = np.sort(values[: len(values) // width * width].reshape(-1, width), axis=1)
    return len(cycles) > 1 and bool((cycles == cycles[:1]).all())
