"""Techlog's long form: one row a pixel, the rows of a depth one below the other."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, groupby
from statistics import mode

import numpy as np

from images.arrays import Values
from images.errors import InvalidFile
from images.ingest.layout.find import find
from images.ingest.layout.plan import MAX_WIDTH, Options
from images.ingest.table import Contents, Read, Table, Told
from images.ingest.text.dialect import Dialect
from images.ingest.text.folding import folded_table
from images.ingest.text.head import SAMPLE_ROWS
from images.ingest.text.pixels import (
    check_order,
    first_rows,
    may_tell_places,
    numeric,
    places_of,
    same_at_each_depth,
    widths_of,
)
from tables.names import bare

# Fewer rows of one depth may be of runs that overlap, but in Techlog's own form.
FEWEST_PIXELS, FEWEST_OF_TECHLOG = 4, 2


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
    check_order(table, depth)
    of_techlog = {"wellname", "datasetname"} <= {bare(c.name) for c in table.columns}
    rows = [fields for fields in sample if len(fields) == len(dialect.names)]
    width = _rows_a_depth(table, depth, rows, of_techlog)
    if width is None:
        return table
    first = first_rows(table, depth, max(2 * width, SAMPLE_ROWS))
    width = _without_repeats(table, first, width)
    places, azimuths = places_of(table, depth, first, width)
    values = [i for i in numeric(table, depth) if i not in places]
    widths = widths_of(table, depth, first, width, values)
    if len(widths) == len(values) and set(widths.values()) == {1}:
        if not places and not of_techlog:
            # Rows that are repeated.
            return table
        widths = {}
    if azimuths:
        widths = {i: pixels for i, pixels in widths.items() if pixels == 1}
    contents.format = "delimited text, one row a pixel"
    contents.warnings += _narrower(table, widths, width)
    if any(not row[depth] for row in rows):
        detail = (
            f"each depth stands on the first of {width} rows: those below it were taken for the"
        )
        contents.warnings.append(("depths-above", f"{detail} other pixels of that depth"))
    return folded_table(table, depth, width, places, azimuths, widths)


def _rows_a_depth(
    table: Table, depth: int, rows: Sequence[Sequence[str]], of_techlog: bool
) -> int | None:
    """How many rows each depth has, by the first ``rows`` of the file; None if that differs.

    The last depth may have more rows than were looked at, and a depth that is there twice has twice
    as many as the others. Where a column tells the places of the pixels, it is enough if most
    depths have so many rows: the others lack pixels, and are refused when they are read.
    """
    depths = [row[depth] for row in rows]
    if len({*depths} - {""}) == 1:
        return _pixels_beyond(table, depth, of_techlog)
    # A depth may stand on the first of its rows alone.
    filled: accumulate[str] = accumulate(depths, lambda above, depth: depth or above)
    *whole, _ = [len(list(same)) for _, same in groupby(filled)] or [0]
    named = _tells_places(table, depth, rows)
    width = (mode(whole) if named else min(whole)) if whole else 0
    if width < (FEWEST_OF_TECHLOG if of_techlog else FEWEST_PIXELS):
        return None
    fit = [run % width == 0 for run in whole]
    return width if all(fit) or (named and 2 * sum(fit) > len(fit)) else None


def _tells_places(table: Table, depth: int, rows: Sequence[Sequence[str]]) -> bool:
    """Whether a column whose name is one for places has another value in each row of the first
    depth."""
    count = next((n for n, row in enumerate(rows) if row[depth] != rows[0][depth]), len(rows))
    named = [i for i in numeric(table, depth) if may_tell_places(table.columns[i])]
    return count >= FEWEST_PIXELS and any(len({r[i] for r in rows[:count]}) == count for i in named)


def _pixels_beyond(table: Table, depth: int, alone: bool) -> int | None:
    """How many rows the first depth has, read from the file as the sample does not reach the second
    depth. Where there is no second, the first has to be one that may stand ``alone``."""
    count, first = 0, None
    # With all columns, as a row without any value is left out.
    for block in table.rows(Read(depth, (depth, *numeric(table, depth)))):
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


def _narrower(table: Table, widths: Mapping[int, int], width: int) -> Iterator[Told]:
    """What to tell of arrays that are narrower than the widest."""
    for i, pixels in widths.items():
        if pixels > 1:
            name = table.columns[i].name[:60]
            detail = (
                f"{name} has no value in the last {width - pixels} of {width} rows of any depth"
            )
            yield "array-narrower", f"{detail}: it was taken for {pixels} wide"


def _without_repeats(table: Table, first: Mapping[int, Values], width: int) -> int:
    """``width``, or less where a column whose name is one for places begins again within it, and no
    other one tells its turns apart: a rounded depth has the rows of several depths."""
    for i, values in first.items():
        count = len(np.unique(values[:width]))
        again = width % count == 0 and (values[count:width] == values[: width - count]).all()
        if FEWEST_PIXELS <= count < width and again and may_tell_places(table.columns[i]):
            same = [v for v in first.values() if same_at_each_depth(v, width)]
            return count if all(same_at_each_depth(v, count) for v in same) else width
    return width
