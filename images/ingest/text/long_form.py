"""Techlog's long form: one row a pixel, the rows of a depth one below the other."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, groupby, pairwise

import numpy as np

from images.errors import InvalidFile
from images.ingest.layout.find import find
from images.ingest.layout.plan import MAX_WIDTH, Options
from images.ingest.names.places import tells_azimuths, turn_of
from images.ingest.names.units import degrees, is_angle
from images.ingest.table import USUAL_NULLS, Column, Contents, Read, Rows, Table
from images.ingest.text.dialect import Dialect
from images.ingest.text.folding import folded
from images.ingest.text.head import SAMPLE_ROWS
from tables.names import bare

# Fewer rows of one depth may be of runs that overlap, but in Techlog's own form.
FEWEST_PIXELS, FEWEST_OF_TECHLOG = 4, 2
# Fewer numbers that count up at every depth may be readings.
FEWEST_COUNTED = 8
# Rows that are compared to tell that depths begin again.
ROWS_COMPARED = 1000
_PLACES = "it tells where the pixels are"
_NUMBERS = {
    "index", "pixel", "px", "pixelno", "col", "column", "sector", "bin", "button", "arrayindex",
    "element", "no", "nr", "number", "i", "j", "x", "azimuthindex",
}  # fmt: skip


def unfolded(
    table: Table,
    found: Dialect,
    sample: Sequence[Sequence[str]],
    options: Options,
    contents: Contents,
) -> Table:
    """``table``, with one row a depth also where the file has one a pixel."""
    try:
        plan = find(table, Options(depth=options.depth, top=options.top))
    except InvalidFile:
        return table
    if plan.depth is None or any(log.width > 1 for log in plan.logs):
        return table
    _check_order(table, plan.depth)
    rows = [fields for fields in sample if len(fields) == len(found.names)]
    depths = [fields[plan.depth] for fields in rows]
    of_techlog = {"wellname", "datasetname"} <= {bare(c.name) for c in table.columns}
    fewest = FEWEST_OF_TECHLOG if of_techlog else FEWEST_PIXELS
    width = _pixels_a_depth(depths, fewest)
    if width is None:
        beyond = len(set(depths)) == 1
        width = _pixels_beyond(table, plan.depth, of_techlog) if beyond else None
    if width is None:
        return table
    places, azimuths = _places(table, plan.depth, _repeated(table, plan.depth, width))
    constant = [i for i in range(len(table.columns)) if len({row[i] for row in rows[:width]}) == 1]
    values = {i for i, c in enumerate(table.columns) if not c.reason} - {plan.depth, *places}
    scalars = _scalars(table, plan.depth, width, [i for i in constant if i in values])
    if scalars == values:
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
    return _folded_table(table, plan.depth, width, places, azimuths, scalars)


def _check_order(table: Table, depth: int) -> None:
    """Refuse rows that are sorted by the places of the pixels, and by depth among those of one."""
    numbers = [i for i, c in enumerate(table.columns) if not c.reason and i != depth]
    for i in numbers:
        column = table.columns[i]
        if len(numbers) > 1 and _may_tell_places(column) and _is_sorted_by(table, depth, i):
            raise InvalidFile(
                f"the rows are sorted by {column.name[:60]}, and only then by depth; sort them by"
                " depth, so that the pixels of each depth stand together"
            )


def _is_sorted_by(table: Table, depth: int, place: int) -> bool:
    """Whether the depths begin again, each as before, where a column changes its value first."""
    begin, again = np.empty(0), np.empty(0)
    first, length, rows = None, 0, 0
    for block in table.rows(Read(depth, (place,))):
        if block.depths is None or (not rows and not len(block.depths)):
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
    angle = tells_azimuths(column.name) or is_angle(column.unit)
    return angle or _is_called_number(column)


def _is_called_number(column: Column) -> bool:
    called = bare(column.name)
    return called in _NUMBERS or called.endswith("index")


def _scalars(table: Table, depth: int, width: int, candidates: Sequence[int]) -> set[int]:
    """Those of the columns that have one value at each depth, and not only nulls: these are of the
    depth, and not of its pixels."""
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


def _repeated(table: Table, depth: int, width: int) -> dict[int, list[float]]:
    """The values of the first depth, of the columns that repeat them at the next ones."""
    columns = [i for i, c in enumerate(table.columns) if not c.reason and i != depth]
    if not columns:
        return {}
    first = np.empty((0, len(columns)), np.float32)
    for block in table.rows(Read(depth, tuple(columns))):
        first = np.concatenate([first, block.values[: max(2 * width, SAMPLE_ROWS) - len(first)]])
        if len(first) >= max(2 * width, SAMPLE_ROWS):
            break
    cycles = first[: len(first) // width * width].reshape(-1, width, len(columns))
    same = (cycles == cycles[:1]).all(axis=(0, 1)) & (len(cycles) > 1)
    # Decimals as they are written, without the digits that float32 adds.
    return {
        i: [float(str(value)) for value in first[:width, at]]
        for at, i in enumerate(columns)
        if same[at]
    }


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
        if count > MAX_WIDTH:
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
    table: Table,
    depth: int,
    width: int,
    places: Sequence[int],
    azimuths: tuple[float, ...],
    scalars: Collection[int],
) -> Table:
    """``table`` with one row a depth, each column of numbers an array of ``width``, but for the
    ``scalars`` and for the ``places`` of the pixels, which have to be the same at every depth."""
    columns = tuple(
        column if column.reason or i == depth or i in scalars else replace(column, width=width)
        for i, column in enumerate(table.columns)
    )
    for i in places:
        columns = (*columns[:i], replace(columns[i], width=1, reason=_PLACES), *columns[i + 1 :])

    def rows(read: Read) -> Iterator[Rows]:
        if read.depth != depth:
            raise InvalidFile("a file with one row a pixel is told by its own depths")
        asked = Read(depth, (*places, *read.columns))
        for block in folded(table.rows(asked), width, [table.columns[i].name for i in places]):
            parts = np.split(block.values, max(len(read.columns), 1), axis=1)
            parts = [
                part[:, :1] if i in scalars else part
                for i, part in zip(read.columns, parts, strict=False)
            ]
            yield Rows(block.depths, np.concatenate(parts, axis=1) if parts else block.values)

    return replace(table, columns=columns, rows=rows, azimuths=azimuths)


def _places(
    table: Table, depth: int, repeated: Mapping[int, Sequence[float]]
) -> tuple[list[int], tuple[float, ...]]:
    """The columns that say where the pixels are, and the azimuths, if one of them tells these.

    ``repeated`` are the values of columns that seem to repeat them at every depth; those that count
    up, or go around the wall once, say where.
    """
    places: list[int] = []
    azimuths: tuple[float, ...] = ()
    for i, values in repeated.items():
        column = table.columns[i]
        counts = {after - before for before, after in pairwise(values)} == {1.0}
        counted = counts and values[0] in (0, 1)
        angle = is_angle(column.unit)
        called = _is_called_number(column) and not angle
        # A word in brackets behind an azimuth may tell its reference: ``Azimuth (magnetic)``.
        unit = column.unit if angle or not tells_azimuths(column.name) else ""
        if not called and not azimuths and turn_of(values, unit):
            places.append(i)
            azimuths = degrees(values, unit)
        elif counted and (called or len(values) >= FEWEST_COUNTED):
            places.append(i)
    others = [i for i, c in enumerate(table.columns) if not c.reason and i not in (depth, *places)]
    return (places, azimuths) if others else ([], ())
