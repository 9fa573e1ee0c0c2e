"""Which columns of a table are arrays, and which are curves."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, groupby, pairwise, takewhile

from images.errors import InvalidFile
from images.ingest.layout.axes import along_axis, ranges, trimmed, unit_of, with_axis
from images.ingest.layout.kinds import is_caliper, kind_of
from images.ingest.layout.plan import CURVE, IMAGE, Found, Layout
from images.ingest.names.places import Place, bare_axis_place, place_of, turn_of
from images.ingest.table import Column, Table

# Fewer columns with numbers behind their names are several curves rather than an array.
FEWEST_NUMBERED = 6
# Fewer with different descriptions are several curves as well.
FEWEST_SECTORS = 8
# A tool has no more arms that each measure a caliper; those with many fingers make images.
MOST_ARMS = 8
# The part of the numbers of an array that may be missing.
MISSING = 0.1
# What may stand between a number and what follows it in a name.
_JOINTS = "_ .-"
# How libraries mark columns of one name, and the number of the second of them.
_OF_COPIES = {".": 1, "_duplicated_": 0}
# Numbered names, and the places of their columns.
Members = list[tuple[Place, int]]


def arrays(
    columns: Sequence[Column], candidates: Sequence[int], layout: Layout, table: Table
) -> list[Found]:
    """All logs, in the order of the file."""
    if table.unnamed and len(candidates) > 1:
        return [Found("image", "", IMAGE, tuple(candidates), len(candidates))]
    logs: list[Found] = []
    left = [i for i in candidates if columns[i].width == 1]
    for find in (ranges, along_axis, _numbered, _of_one_name):
        found = find(columns, left, layout)
        taken = {i for log in found for i in log.columns}
        left = [i for i in left if i not in taken]
        logs += found
    nameless = [i for i in left if not columns[i].name]
    layout.ignored += [("", "it has no name") for _ in nameless]
    taken = {i for log in logs for i in log.columns} | set(nameless)
    logs += [_single(columns[i], i, table.azimuths) for i in candidates if i not in taken]
    return sorted(logs, key=lambda log: min(log.columns))


def _numbered(columns: Sequence[Column], left: Sequence[int], layout: Layout) -> list[Found]:
    """The arrays whose columns have one name and consecutive numbers."""
    groups: dict[tuple[str, str, bool], Members] = defaultdict(list)
    for i in left:
        if place := place_of(columns[i].name):
            key = (place.prefix.casefold(), place.suffix.casefold(), place.bracketed)
            groups[key].append((place, i))
    logs = []
    for group in groups.values():
        by_unit = _by_unit(columns, group)
        for members in chain.from_iterable(_by_run(columns, same) for same in by_unit):
            several = members[0][0].bracketed or len(members) > FEWEST_NUMBERED
            numbers = Counter(place.number for place, _ in members)
            twice = next((number for number, count in numbers.items() if count > 1), None)
            if twice is not None and several and (len(numbers) > 1 or members[0][0].bracketed):
                name = next(columns[i].name for place, i in members if place.number == twice)
                raise InvalidFile(f"two columns are called {name}")
            order = {place.number: i for place, i in reversed(members)}
            prefix, suffix = members[0][0].prefix, members[0][0].suffix
            _with_first(columns, left, prefix, order)
            if twice is None and _is_array(columns, order, members[0][0].bracketed):
                logs.append(_array(columns, prefix, suffix, order, layout))
    return logs


def _by_unit(columns: Sequence[Column], group: Members) -> list[Members]:
    """The members of a group by their unit, where there is more than one."""
    units = list(dict.fromkeys(columns[i].unit for _, i in group if columns[i].unit))
    if len(units) < 2:
        return [group]
    apart = [[one for one in group if columns[one[1]].unit == unit] for unit in [*units, ""]]
    return [members for members in apart if members]


def _by_run(columns: Sequence[Column], group: Members) -> list[Members]:
    """The members of a group by runs of consecutive numbers, where these are equally long and their
    names begin differently, as those of the buttons of pads do: BUT101…BUT116, BUT201…BUT216."""
    members = sorted(group, key=lambda member: member[0].number)
    runs = [[members[0]]]
    for before, after in pairwise(members):
        if after[0].number > before[0].number + 1:
            runs.append([])
        runs[-1].append(after)
    length = len(runs[0])
    if len(runs) < 2 or length < FEWEST_NUMBERED or any(len(run) != length for run in runs):
        return [group]
    heads = [_common_start([columns[i].name for _, i in run]) for run in runs]
    longer = all(len(h) > len(run[0][0].prefix) for h, run in zip(heads, runs, strict=True))
    if not longer or len(set(heads)) < len(heads):
        return [group]
    return [
        [(place._replace(prefix=head), i) for place, i in run]
        for head, run in zip(heads, runs, strict=True)
    ]


def _common_start(texts: Sequence[str]) -> str:
    letters = takewhile(lambda letters: len(set(letters)) == 1, zip(*texts, strict=False))
    return "".join(first for first, *_ in letters)


def _with_first(
    columns: Sequence[Column], left: Sequence[int], prefix: str, order: dict[int, int]
) -> None:
    """Add the column without a number in front of those that a library has numbered to tell them
    apart: NAME.1 of pandas, NAME_duplicated_0 of polars."""
    first, mark = min(order), next((m for m in _OF_COPIES if prefix.endswith(m)), "")
    if not mark or len(order) < 2 or first != _OF_COPIES[mark]:
        return
    before = order[first] - 1
    if before in left and columns[before].name == prefix.removesuffix(mark):
        order[first - 1] = before


def _is_array(columns: Sequence[Column], members: dict[int, int], bracketed: bool) -> bool:
    if bracketed:
        return len(members) > 1
    if len(members) <= MOST_ARMS and all(is_caliper(columns[i]) for i in members.values()):
        return False
    told = {re.sub(r"[\W\d_]+", "", columns[i].description) for i in members.values()}
    if len(members) < FEWEST_SECTORS and len(told) > 1:
        return False
    span = max(members) - min(members) + 1
    return len(members) >= FEWEST_NUMBERED and len(members) >= (1 - MISSING) * span


def _array(
    columns: Sequence[Column], prefix: str, suffix: str, members: dict[int, int], layout: Layout
) -> Found:
    numbers = sorted(members)
    order = tuple(members[number] for number in numbers)
    told = trimmed(prefix.removesuffix("_duplicated_"))
    name = told or suffix.strip("_ .-:)]}>") or "image"
    if told and suffix[:1] in _JOINTS and suffix:
        # S1_AMP and S1_TT are of two arrays.
        name += suffix
    missing = sorted(set(range(numbers[0], numbers[-1] + 1)) - set(numbers))
    if missing:
        lacks = ", ".join(map(str, missing[:5])) + (", …" if len(missing) > 5 else "")
        layout.warnings.append(
            ("columns-missing", f"{name} lacks the numbers {lacks}; its columns lie side by side")
        )
    axis = [place for i in order if (place := bare_axis_place(columns[i].axis))]
    if len(axis) == len(order):
        places = [value for value, _ in axis]
        return replace(with_axis(columns, name, axis[0][1], places, order), name=name)
    kind = kind_of(name, columns[order[0]], len(order))
    return Found(name, unit_of(columns, order), kind, order, len(order))


def _of_one_name(columns: Sequence[Column], left: Sequence[int], layout: Layout) -> list[Found]:
    """The arrays whose columns stand side by side and have one name without a number, or none."""
    logs = []
    for name, run in groupby(left, key=lambda i: columns[i].name):
        order = list(run)
        if len(order) < FEWEST_NUMBERED or order[-1] - order[0] != len(order) - 1:
            continue
        called = f"are all called {name}" if name else "have no name"
        layout.warnings.append(
            (
                "columns-unnumbered",
                f"{len(order)} columns side by side {called}: they are taken for one array, in the"
                " order of the file",
            )
        )
        kind = kind_of(name, columns[order[0]], len(order))
        found = Found(name or "image", unit_of(columns, order), kind, tuple(order), len(order))
        logs.append(found)
    return logs


def _single(column: Column, i: int, azimuths: tuple[float, ...]) -> Found:
    if column.width == 1:
        place = place_of(column.name)
        name = place.prefix if place and place.bracketed and not place.suffix else ""
        return Found(name or column.name, column.unit, CURVE, (i,), 1)
    kind = kind_of(column.name, column, column.width)
    turn = turn_of(azimuths, "deg") if kind == IMAGE else None
    return Found(column.name, column.unit, kind, (i,), column.width, *(turn or (None, None)))
