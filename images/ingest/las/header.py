"""What STRT, STOP and STEP in the header of a LAS say of its depths."""

from dataclasses import replace

from images.ingest.names.columns import depth_rank
from images.ingest.names.units import length_unit, unit_of
from images.ingest.table import Column, Ends
from tables.las_header import Header, number_of


def ends_of(header: Header) -> Ends | None:
    """The depths that a header tells, where it tells both ends."""
    first, last, step = (number_of(i.value) for i in (header.first, header.last, header.step))
    if first is None or last is None or first in header.nulls or first == last:
        return None
    return Ends(first, last, step, unit_of(header.first.unit or header.last.unit))


def with_unit_of_header(index: Column, header: Header) -> Column:
    """The column of depths with the unit of STRT, STOP or STEP, where it has none of its own."""
    told = unit_of(header.first.unit or header.last.unit or header.step.unit)
    lacks = not index.unit and depth_rank(index.name) is not None
    return replace(index, unit=told) if lacks and length_unit(told) else index


def other_unit(header: Header, unit: str, first: float | None) -> str:
    """The unit of STRT, STOP or STEP where it is not the ``unit`` of the column of depths.

    It is empty where none differs, and where the ``first`` depth is STRT converted to the unit of
    the column.
    """
    ours = length_unit(unit)
    for item in (header.first, header.last, header.step):
        theirs = length_unit(item.unit)
        if not ours or not theirs or theirs[0] == ours[0]:
            continue
        start, scale = number_of(header.first.value), theirs[1] / ours[1]
        if item is header.first and first and start and abs(start * scale / first - 1) <= 1e-3:
            return ""
        return item.unit
    return ""
