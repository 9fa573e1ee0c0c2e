"""Techlog's long form: one row a pixel, the rows of a depth one below the other."""

from collections.abc import Sequence
from itertools import accumulate, groupby

import numpy as np

from images.errors import InvalidFile
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
        width = _pixels_a_depth(depths, FEWEST_OF_TECHLOG if of_techlog else FEWEST_PIXELS)
    if width is None:
        return table
    places, azimuths = _places(table, depth, width)
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
    for i in numbers:
        column = table.columns[i]
        if len(numbers) > 1 and _may_tell_places(column) and _is_sorted_by(table, depth, i):
            raise InvalidFile(
                f"the rows are sorted by {column.name[:60]}, and only then by depth; sort them by"
                " depth, so that the pixels of each depth stand together"
            )


def _is_sorted_by(table: Table, depth: int, place: int) -> bool:
    """Whether the same depths begin again where the column ``place`` first changes its value."""
    begin, again = np.empty(0), np.empty(0)
    first, length, rows = None, 0, 0
    for block in table.rows(Read(depth, (place,))):
        if block.depths is None:
            continue
        places = block.values[:, 0]
        first = places[0] if first is None else first
        begin = np.append(begin, block.depths[: ROWS_COMPARED - len(begin)])
        others = np.flatnonzero(places != first)
        if length:
            again = np.append(again, block.depths)
        elif len(others):
            length = rows + int(others[0])
            again = block.depths[others[0] :]
        rows += len(places)
        if length and len(again) >= min(length, ROWS_COMPARED):
            break
    begin = begin[:length]
    return len(np.unique(begin)) > 1 and np.array_equal(again[: len(begin)], begin)


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
    for block in folded(table.rows(Read(depth, tuple(candidates))), width, ()):
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


def _pixels_a_depth(depths: Sequence[str], fewest: int) -> int | None:
    """How many rows each depth has, from the depths of the first rows; None if that differs.

    The last depth may have more rows than were looked at, and a depth that is there twice has twice
    as many as the others.
    """
    # A depth may stand on the first of its rows alone.
    filled: accumulate[str] = accumulate(depths, lambda above, depth: depth or above)
    runs = [len(list(rows)) for _, rows in groupby(filled)]
    whole = runs[:-1]
    width = min(whole, default=0)
    return width if width >= fewest and all(run % width == 0 for run in whole) else None


def _places(table: Table, depth: int, width: int) -> tuple[list[int], tuple[float, ...]]:
    """The columns that say where the pixels are, and the azimuths, if one of them tells these.

    They repeat their values at every depth, and count up or go around the wall once.
    """
    places: list[int] = []
    azimuths: tuple[float, ...] = ()
    for i, values in _repeated(table, depth, width).items():
        column = table.columns[i]
        angle = is_angle(column.unit)
        called = _is_called_number(column) and not angle
        # A word in brackets behind an azimuth may tell its reference: ``Azimuth (magnetic)``.
        unit = column.unit if angle or not tells_azimuths(column.name) else ""
        counts = values in ([*range(width)], [*range(1, width + 1)])
        if not called and not azimuths and turn_of(values, unit):
            places.append(i)
            azimuths = degrees(values, unit)
        elif counts and (called or width >= FEWEST_COUNTED):
            places.append(i)
    return (places, azimuths) if len(places) < len(_numeric(table, depth)) else ([], ())


def _repeated(table: Table, depth: int, width: int) -> dict[int, list[float]]:
    """The columns that repeat their values at the next depths, with those of the first depth."""
    columns = _numeric(table, depth)
    if not columns:
        return {}
    wanted = max(2 * width, SAMPLE_ROWS)
    first = np.empty((0, len(columns)), np.float32)
    for block in table.rows(Read(depth, tuple(columns))):
        first = np.concatenate([first, block.values[: wanted - len(first)]])
        if len(first) >= wanted:
            break
    cycles = first[: len(first) // width * width].reshape(-1, width, len(columns))
    same = (cycles == cycles[:1]).all(axis=(0, 1)) & (len(cycles) > 1)
    # Decimals as they are written, without the digits that float32 adds.
    return {
        i: [float(str(value)) for value in first[:width, at]]
        for at, i in enumerate(columns)
        if same[at]
    }
