"""Arrays whose columns are called by their places on an axis: azimuths, times, …"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from images.errors import InvalidFile
from images.ingest.layout.kinds import kind_of
from images.ingest.layout.plan import ARRAY, IMAGE, Found, Layout
from images.ingest.names.places import (
    AxisPlace,
    Turn,
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
    """The arrays whose columns are called by ranges, each of which begins where another ends; they
    may be numbered as well: ``Sector 1 (0-45)``."""
    logs = _ranges(columns, left, lambda prefix: prefix)
    taken = {i for log in logs for i in log.columns}
    others = [i for i in left if i not in taken]
    return logs + _ranges(columns, others, lambda prefix: _NUMBER_AT_END.sub("", prefix))


def _ranges(
    columns: Sequence[Column], left: Sequence[int], called: Callable[[str], str]
) -> list[Found]:
    groups: dict[tuple[str, str], list[tuple[float, float, int]]] = defaultdict(list)
    names_of: dict[str, str] = {}
    for i in left:
        if told := range_of(columns[i].name):
            prefix, low, high, unit = called(told[0]), *told[1:]
            names_of.setdefault(prefix.casefold(), prefix)
            groups[prefix.casefold(), unit].append((low, high, i))
    logs = []
    for (key, unit), members in groups.items():
        chain = all(a[1] == b[0] or a[0] == b[1] for a, b in pairwise(members))
        if len(members) >= FEWEST_AXIS and chain:
            places = [(low + high) / 2 for low, high, _ in members]
            order = [i for _, _, i in members]
            logs.append(with_axis(columns, names_of[key], unit, places, order))
    return logs


def along_axis(columns: Sequence[Column], left: Sequence[int], layout: Layout) -> list[Found]:
    """The arrays whose columns are called by their places on an axis: azimuths, times, …"""
    groups: dict[tuple[str, str], list[tuple[AxisPlace, int]]] = defaultdict(list)
    for i in left:
        if told := axis_place(columns[i].name):
            groups[told.prefix.casefold(), told.unit.lower()].append((told, i))
    logs = []
    for members in groups.values():
        if len(members) < FEWEST_AXIS:
            continue
        first = members[0][0]
        along = [one for one, _ in members]
        places = [one.value for one in along]
        if not _tell_places(along, turn_of(places, first.unit)):
            continue
        if len(set(places)) < len(places):
            twice = Counter(places).most_common(1)[0][0]
            raise InvalidFile(f"two columns are called {first.prefix}{twice:g}{first.unit}")
        order = [i for _, i in members]
        logs.append(with_axis(columns, first.prefix, first.unit, places, order))
    return logs


def _tell_places(told: Sequence[AxisPlace], turn: Turn | None) -> bool:
    """Whether numbers are places on an axis; they may as well be the numbers of curves, or of the
    columns of an array."""
    prefix, unit = told[0].prefix, told[0].unit
    values = [one.value for one in told]
    whole = all(one.written.isdigit() for one in told)
    counted = whole and consecutive(values)
    if unit:
        return not counted or is_unit_of_axis(unit)
    if not prefix:
        return True
    if turn is not None:
        return not counted or tells_azimuths(prefix)
    enough = not whole and len(told) >= FEWEST_DECIMALS
    ascending = all(before < after for before, after in pairwise(values))
    return enough and ascending and not _counted_in_groups(told)


def _counted_in_groups(told: Sequence[AxisPlace]) -> bool:
    """Whether decimals count from 0 or 1 behind each whole number, as P1.1, P1.2, …, P2.1 do."""
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
    """Whether places are no more than the numbers of the columns."""
    numbers = sorted(places)
    return all(after - before == 1 for before, after in pairwise(numbers)) and numbers[0] in (0, 1)


def with_axis(
    columns: Sequence[Column], prefix: str, unit: str, places: Sequence[float], order: Sequence[int]
) -> Found:
    """The array of columns in this order, which have these places."""
    about = columns[order[0]]
    turn = turn_of(places, unit)
    wall = kind_of(prefix, about, len(order)) == IMAGE
    is_image = wall and bool(turn or (not unit and consecutive(places)))
    name = trimmed(prefix) or ("image" if is_image else "array")
    found = Found(name, unit_of(columns, order), IMAGE, tuple(order), len(order))
    if not is_image:
        return replace(found, kind=ARRAY, axis=tuple(places), axis_unit=unit)
    return replace(
        found,
        first_azimuth=turn.first_azimuth if turn else None,
        clockwise=turn.clockwise if turn else None,
    )


def unit_of(columns: Sequence[Column], order: Sequence[int]) -> str:
    return next((columns[i].unit for i in order if columns[i].unit), "")


def trimmed(prefix: str) -> str:
    return prefix.strip("_ .-:=@#/([{<,'")
