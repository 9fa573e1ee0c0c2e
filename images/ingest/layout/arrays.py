"""Which columns of a table are arrays, and which are curves."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, groupby, pairwise
from os.path import commonprefix

from images.errors import InvalidFile
from images.ingest.layout.axes import along_axis, ranges, trimmed, with_axis
from images.ingest.layout.kinds import array_of, is_caliper
from images.ingest.layout.lettered import by_compass, by_letter
from images.ingest.layout.plan import CURVE, IMAGE, Found, Layout
from images.ingest.names.places import Place, bare_axis_place, place_of, turn_of
from images.ingest.table import Column, Table

# Fewer numbered columns are curves rather than an array, unless their numbers are in brackets.
FEWEST_NUMBERED = 6
# Fewer whose descriptions differ are curves as well.
FEWEST_SECTORS = 8
# A tool has no more arms that each measure a caliper; those with many fingers make images.
MOST_ARMS = 8
# The part of the numbers of an array that may be missing.
MISSING = 0.1
_HINT = "columns= with the names of columns, and name=, takes them for one array"
# What may stand between a number and what follows it in a name.
_JOINTS = ("_", " ", ".", "-")
# How libraries mark columns of one name, and the number of the second of them.
_OF_COPIES = {".": 1, "_duplicated_": 0}
# Numbered names, and the places of their columns.
Members = list[tuple[Place, int]]


def arrays(table: Table, candidates: Sequence[int], layout: Layout) -> list[Found]:
    """The logs that these columns of ``table`` make, in the order of the file."""
    columns = table.columns
    if table.unnamed and len(candidates) > 1:
        return [Found("image", "", IMAGE, tuple(candidates), len(candidates))]
    logs: list[Found] = []
    left = [i for i in candidates if columns[i].width == 1]
    for find in (ranges, along_axis, by_compass, _numbered, by_letter, _of_one_name):
        found = find(columns, left, layout)
        taken = {i for log in found for i in log.columns} | layout.left_out
        left = [i for i in left if i not in taken]
        logs += found
    nameless = [i for i in left if not columns[i].name]
    layout.ignored += [("", "it has no name") for _ in nameless]
    taken = {i for log in logs for i in log.columns} | {*nameless} | layout.left_out
    logs += [_single(columns, i, table.azimuths) for i in candidates if i not in taken]
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
            first = members[0][0]
            order = _by_number(columns, members)
            _add_first(columns, left, first.prefix, order)
            if _is_array(columns, order, first.bracketed):
                logs.append(_array(columns, first, order, layout))
            elif len(order) > MOST_ARMS:
                name = trimmed(first.prefix) or "columns"
                told = f"{len(order)} columns called {name} with numbers that do not count up were"
                layout.warnings.append(("array-suspected", f"{told} taken for curves; {_HINT}"))
    return logs


def _by_unit(columns: Sequence[Column], group: Members) -> list[Members]:
    """The members of a group by their unit, where they have several."""
    units = dict.fromkeys(columns[i].unit for _, i in group if columns[i].unit)
    if len(units) < 2:
        return [group]
    apart = [[one for one in group if columns[one[1]].unit == unit] for unit in [*units, ""]]
    return [members for members in apart if members]


def _by_run(columns: Sequence[Column], group: Members) -> list[Members]:
    """The members of a group by runs of consecutive numbers, where the runs are equally long and
    begin with names of their own, as the buttons of pads do: BUT101…BUT116, BUT201…BUT216."""
    members = sorted(group, key=lambda member: member[0].number)
    runs = [[members[0]]]
    for before, after in pairwise(members):
        if after[0].number > before[0].number + 1:
            runs.append([])
        runs[-1].append(after)
    length = len(runs[0])
    if len(runs) < 2 or length < FEWEST_NUMBERED or any(len(run) != length for run in runs):
        return [group]
    heads = [commonprefix([columns[i].name for _, i in run]) for run in runs]  # noqa: RUF071
    longer = all(len(h) > len(run[0][0].prefix) for h, run in zip(heads, runs, strict=True))
    if not longer or len(set(heads)) < len(heads):
        return [group]
    return [
        [(place._replace(prefix=head), i) for place, i in run]
        for head, run in zip(heads, runs, strict=True)
    ]


def _by_number(columns: Sequence[Column], members: Members) -> dict[int, int]:
    """The columns by their numbers; none where curves share a number, as R2 and R2 do. Raises
    InvalidFile where the columns of an array share one."""
    numbers = Counter(place.number for place, _ in members)
    twice = [i for place, i in members if numbers[place.number] > 1]
    of_array = members[0][0].bracketed or (len(members) > FEWEST_NUMBERED and len(numbers) > 1)
    if twice and of_array:
        raise InvalidFile(f"two columns are called {columns[twice[0]].name}")
    return {} if twice else {place.number: i for place, i in members}


def _add_first(
    columns: Sequence[Column], left: Sequence[int], prefix: str, order: dict[int, int]
) -> None:
    """Add the column without a number to columns of one name that a library has numbered: pandas
    makes NAME, NAME.1, … of them, and polars NAME, NAME_duplicated_0, …"""
    mark = next((mark for mark in _OF_COPIES if prefix.endswith(mark)), None)
    if mark is None or len(order) < 2 or min(order) != _OF_COPIES[mark]:
        return
    before = order[min(order)] - 1
    if before in left and columns[before].name == prefix.removesuffix(mark):
        order[min(order) - 1] = before


def _is_array(columns: Sequence[Column], members: dict[int, int], bracketed: bool) -> bool:
    if bracketed:
        return len(members) > 1
    if len(members) <= MOST_ARMS and all(is_caliper(columns[i]) for i in members.values()):
        return False
    about = {re.sub(r"[\W\d_]+", "", columns[i].description) for i in members.values()}
    if len(members) < FEWEST_NUMBERED or (len(members) < FEWEST_SECTORS and len(about) > 1):
        return False
    return len(members) >= (1 - MISSING) * (max(members) - min(members) + 1)


def _array(
    columns: Sequence[Column], first: Place, members: dict[int, int], layout: Layout
) -> Found:
    numbers = sorted(members)
    order = [members[number] for number in numbers]
    name = trimmed(first.prefix.removesuffix("_duplicated_"))
    if name and first.suffix.startswith(_JOINTS):
        # S1_AMP and S1_TT are of two arrays.
        name += first.suffix
    name = name or first.suffix.strip("_ .-:)]}>") or "image"
    missing = sorted(set(range(numbers[0], numbers[-1])) - set(numbers))
    if missing:
        lacks = ", ".join(map(str, missing[:5])) + (", …" if len(missing) > 5 else "")
        layout.warnings.append(
            ("columns-missing", f"{name} lacks the numbers {lacks}; its columns lie side by side")
        )
    axis = [place for i in order if (place := bare_axis_place(columns[i].axis))]
    places = [place.value for place in axis]
    if len(set(places)) == len(order):
        return replace(with_axis(columns, name, axis[0].unit, places, order), name=name)
    found = array_of(columns, order, name)
    # IMG(1) ohm.m
    behind = first.bracketed and columns[order[0]].name.endswith(f" {first.suffix}")
    unit = first.suffix if behind else ""
    return replace(found, unit=found.unit or unit)


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
        logs.append(array_of(columns, order, name or "image"))
    return logs


def _single(columns: Sequence[Column], i: int, azimuths: tuple[float, ...]) -> Found:
    """The log of one column: a curve, or the array that a column of several values is."""
    column = columns[i]
    if column.width == 1:
        place = place_of(column.name)
        name = place.prefix if place and place.bracketed and not place.suffix else ""
        return Found(name or column.name, column.unit, CURVE, (i,), 1)
    found = array_of(columns, [i], column.name)
    turn = turn_of(azimuths, "deg") if found.kind == IMAGE else None
    return replace(found, **turn._asdict()) if turn else found
