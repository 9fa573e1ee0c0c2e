"""Arrays whose columns are called by their places on an axis: azimuths, times, …"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from images.errors import InvalidFile
from images.ingest.layout.kinds import array_of
from images.ingest.layout.plan import ARRAY, IMAGE, Found, Layout
from images.ingest.names.places import (
    AxisPlace,
    Range,
    axis_place,
    range_of,
    tells_azimuths,
    turn_of,
)
from images.ingest.names.units import is_unit_of_axis
from images.ingest.table import Column

FEWEST_AXIS = 4
# Numbers with decimals and without a unit are places if they are as many, and in order.
FEWEST_DECIMALS = 8
_NUMBER_AT_END = re.compile(r"[\s_]*\d{1,4}$")


def ranges(columns: Sequence[Column], left: Sequence[int], layout: Layout) -> list[Found]:
    """The arrays whose columns are called by ranges, each of which begins where another one ends.
    They may be numbered as well: ``Sector 1 (0-45)``."""
    logs = _ranges(columns, left, lambda prefix: prefix)
    taken = {i for log in logs for i in log.columns}
    others = [i for i in left if i not in taken]
    return logs + _ranges(columns, others, lambda prefix: _NUMBER_AT_END.sub("", prefix))


def _ranges(
    columns: Sequence[Column], left: Sequence[int], called: Callable[[str], str]
) -> list[Found]:
    groups: dict[tuple[str, str], list[tuple[Range, int]]] = defaultdict(list)
    for i in left:
        if told := range_of(columns[i].name):
            groups[called(told.prefix).casefold(), told.unit].append((told, i))
    logs = []
    for members in groups.values():
        told = members[0][0]
        adjoin = all(a.low == b.high or a.high == b.low for (a, _), (b, _) in pairwise(members))
        if len(members) >= FEWEST_AXIS and adjoin:
            middles = [(one.low + one.high) / 2 for one, _ in members]
            order = [i for _, i in members]
            logs.append(with_axis(columns, called(told.prefix), told.unit, middles, order))
    return logs


def along_axis(columns: Sequence[Column], left: Sequence[int], layout: Layout) -> list[Found]:
    """The arrays whose columns are called by their places on an axis: azimuths, times, …"""
    groups: dict[tuple[str, str], list[tuple[AxisPlace, int]]] = defaultdict(list)
    for i in left:
        if told := axis_place(columns[i].name):
            groups[told.prefix.casefold(), told.unit.lower()].append((told, i))
    logs = []
    for members in groups.values():
        along = [place for place, _ in members]
        if len(along) < FEWEST_AXIS or not _tell_places(along):
            continue
        prefix, _, unit = along[0]
        places = [place.value for place in along]
        if len(set(places)) < len(places):
            twice = Counter(places).most_common(1)[0][0]
            raise InvalidFile(f"two columns are called {prefix}{twice:g}{unit}")
        order = [i for _, i in members]
        if turn_of(places, unit) and turn_of(places[:-1], unit):
            at_first = f"it is at the azimuth of {columns[order[0]].name}"
            layout.ignored.append((columns[order[-1]].name, at_first))
            layout.left_out.add(order.pop())
            places.pop()
        logs.append(with_axis(columns, prefix, unit, places, order))
    return logs


def _tell_places(told: Sequence[AxisPlace]) -> bool:
    """Whether numbers are places on an axis, and do not just number curves or columns."""
    prefix, unit = told[0].prefix, told[0].unit
    values = [one.value for one in told]
    whole = all(one.written.isdigit() for one in told)
    counted = whole and consecutive(values)
    if unit:
        return not counted or is_unit_of_axis(unit)
    if not prefix:
        return True
    if turn_of(values, unit):
        return not counted or tells_azimuths(prefix)
    enough = not whole and len(told) >= FEWEST_DECIMALS
    ascending = all(before < after for before, after in pairwise(values))
    return enough and ascending and not _counted_in_groups(told)


def _counted_in_groups(told: Sequence[AxisPlace]) -> bool:
    """Whether the decimals count from 0 or 1 behind each whole number: P1.1, P1.2, …, P2.1."""
    groups: dict[str, list[str]] = defaultdict(list)
    for one in told:
        whole, _, decimals = one.written.replace(",", ".").partition(".")
        groups[whole].append(decimals)
    return len(groups) > 1 and all(
        numbers == [str(i) for i in range(first, first + len(numbers))]
        for numbers in groups.values()
        for first in [int(numbers[0] != "0")]
    )


def consecutive(places: Sequence[float]) -> bool:
    """Whether places only number the columns, from 0 or from 1, in any order."""
    count = len(places)
    return sorted(places) in ([*range(count)], [*range(1, count + 1)])


def with_axis(
    columns: Sequence[Column], prefix: str, unit: str, places: Sequence[float], order: Sequence[int]
) -> Found:
    """The array of columns in this order, which have these places; in that of the azimuths, where
    only this makes them go around the wall."""
    turn = turn_of(places, unit)
    if turn is None and (turn := turn_of(sorted(places), unit)):
        order = [i for _, i in sorted(zip(places, order, strict=True))]
    found = array_of(columns, order, trimmed(prefix))
    if found.kind == IMAGE and (turn or (not unit and consecutive(places))):
        azimuths = turn._asdict() if turn else {}
        return replace(found, name=found.name or "image", **azimuths)
    name = found.name or "array"
    return replace(found, name=name, kind=ARRAY, axis=tuple(places), axis_unit=unit)


def trimmed(prefix: str) -> str:
    """The name of an array: what stands before the places of its columns, without what joins it to
    them."""
    return prefix.strip("_ .-:=@#/([{<,'")
