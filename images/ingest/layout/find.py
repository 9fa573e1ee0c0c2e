"""Which columns of a table are depths, which are the arrays, and which are curves."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from images.errors import InvalidFile
from images.ingest import names
from images.ingest.table import Column, Table

MAX_WIDTH = 4096
# Fewer columns with numbers behind their names are several curves rather than an array.
FEWEST_NUMBERED = 6
FEWEST_AXIS = 4
# Fewer with different descriptions are several curves as well.
FEWEST_SECTORS = 8
# The part of the numbers of an array that may be missing.
MISSING = 0.1
# What may stand between a number and what follows it in a name.
_JOINTS = "_ .-"
IMAGE, ARRAY, CURVE = "image", "array", "curve"


@dataclass(frozen=True, slots=True)
class Options:
    """What whoever sends a file says of it; None and empty where the file is to tell.

    ``top`` and ``step`` make the depths of a file that has none.
    """

    columns: tuple[str, ...] = ()
    depth: str | None = None
    name: str | None = None
    unit: str | None = None
    null: tuple[float, ...] | None = None
    depth_unit: str | None = None
    width: int | None = None
    top: float | None = None
    step: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A log in a table: the columns of it, and what their names say.

    ``kind`` is IMAGE for an array of the wall, ARRAY for any other, CURVE for a width of 1.
    ``axis`` are the places of an ARRAY's columns, in ``axis_unit``, where they are told;
    ``first_azimuth`` is in degrees.
    """

    name: str
    unit: str
    kind: str
    columns: tuple[int, ...]
    width: int
    first_azimuth: float | None = None
    clockwise: bool | None = None
    axis: tuple[float, ...] = ()
    axis_unit: str = ""


@dataclass
class Layout:
    """What to read of a table. ``depth`` is None where the depths are made of a top and a step."""

    depth: int | None
    depth_unit: str
    logs: list[Found]
    ignored: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)


def find(table: Table, options: Options) -> Layout:
    """The layout of ``table``. Raises InvalidFile where there is none."""
    columns = table.columns
    depth = _depth(table, options)
    layout = Layout(depth, "" if depth is None else columns[depth].unit, [])
    _warn_of_other_depths(table, options, layout)
    candidates = []
    for i, column in enumerate(columns):
        if i == depth:
            continue
        if column.reason:
            layout.ignored.append((column.name, column.reason))
        else:
            candidates.append(i)
    together = _asked_together(columns, candidates, options)
    logs = [together] if together else _arrays(columns, candidates, layout, table)
    layout.logs = _named(_chosen(logs, columns, options), columns, options, layout)
    for log in layout.logs:
        if log.width > MAX_WIDTH:
            raise InvalidFile(
                f"{log.name} has {log.width} columns; an array has at most {MAX_WIDTH}"
            )
    return layout


def listed(columns: Iterable[Column]) -> str:
    """The names of columns for a sentence, of which there may be thousands."""
    every = [column.name[:40] or "(no name)" for column in columns]
    return ", ".join(every[:10]) + (f" and {len(every) - 10} more" if len(every) > 10 else "")


def _depth(table: Table, options: Options) -> int | None:
    columns = table.columns
    if options.depth is not None:
        return _position(columns, options.depth)
    if options.top is not None:
        return None
    ranks = [
        (rank, i)
        for i, column in enumerate(columns)
        if (rank := names.depth_rank(column.name)) is not None and i != table.index
    ]
    # The first column of a table is its index, where it may be one.
    other = min(ranks, key=lambda rank: (rank[1] > 0, rank))[1] if ranks else None
    if table.index is not None:
        return _index(columns[table.index], table, None if other is None else columns[other])
    if other is not None:
        depth = columns[other]
        if depth.reason:
            raise InvalidFile(f"the depths in {depth.name} are not numbers: {depth.reason}")
        if names.is_time(depth):
            raise _by_time(depth, None)
        return other
    if _is_index_of_pandas(columns):
        return 0
    if times := [column for column in columns if names.is_time(column)]:
        raise _by_time(times[0], None)
    raise InvalidFile(
        f"no column is called depth; there are {listed(columns)}. Name one with depth=, or give"
        " top= and step= if the rows have none"
    )


def _is_index_of_pandas(columns: Sequence[Column]) -> bool:
    """Whether the first column alone has no name and holds numbers that do not count the rows."""
    first, *others = columns
    return not first.name and not first.reason and bool(others) and all(c.name for c in others)


def _warn_of_other_depths(table: Table, options: Options, layout: Layout) -> None:
    """Tell which of several columns of depths was taken, where neither the format nor an option
    does."""
    if layout.depth is None or options.depth is not None or table.index is not None:
        return
    if not table.columns[layout.depth].name:
        detail = "the first column, which has no name, was taken for the depths"
        layout.warnings.append(("depth-chosen", detail))
        return
    others = [
        column.name
        for i, column in enumerate(table.columns)
        if i != layout.depth and not column.reason and names.depth_rank(column.name) is not None
    ]
    if others:
        name = table.columns[layout.depth].name
        detail = f"the depths are those of {name}; {others[0]} is kept as a curve"
        told = (
            f"{detail}, and depth={others[0]} makes it the depths" if others[0] != name else detail
        )
        layout.warnings.append(("depth-chosen", told))


def _index(index: Column, table: Table, other: Column | None) -> int | None:
    """The column that the format makes the index, where it is one of depths."""
    if names.is_time(index):
        raise _by_time(index, other)
    if index.reason:
        raise InvalidFile(f"the depths in {index.name} are not numbers: {index.reason}")
    by_name = names.depth_rank(index.name) is not None
    if table.by_depth or by_name or names.length_unit(index.unit):
        return table.index
    if other is not None:
        return table.columns.index(other)
    raise InvalidFile(
        f"the first column, {index.name}, is no depth: its unit is"
        f" {index.unit or 'not told'}; depth= names the column of depths"
    )


def _by_time(index: Column, other: Column | None) -> InvalidFile:
    hint = f": depth={other.name} takes that column" if other else ""
    unit = f" in {index.unit}" if index.unit else ""
    return InvalidFile(f"the rows are told by time ({index.name}{unit}), not by depth{hint}")


def _position(columns: Sequence[Column], name: str) -> int:
    for i, column in enumerate(columns):
        if column.name.casefold() == name.casefold().strip():
            if column.reason:
                raise InvalidFile(f"the column {column.name} holds no depths: {column.reason}")
            if column.width > 1:
                raise InvalidFile(f"{column.name} is an array, and holds no depths")
            return i
    raise InvalidFile(f"there is no column {name[:60]!r}; there are {listed(columns)}")


def _arrays(
    columns: Sequence[Column], candidates: Sequence[int], layout: Layout, table: Table
) -> list[Found]:
    """All logs, in the order of the file."""
    if table.unnamed and len(candidates) > 1:
        return [Found("image", "", IMAGE, tuple(candidates), len(candidates))]
    logs: list[Found] = []
    left = [i for i in candidates if columns[i].width == 1]
    for find in (_ranges, _along_axis, _numbered, _of_one_name):
        found = find(columns, left, layout)
        taken = {i for log in found for i in log.columns}
        left = [i for i in left if i not in taken]
        logs += found
    nameless = [i for i in left if not columns[i].name]
    layout.ignored += [("", "it has no name") for _ in nameless]
    taken = {i for log in logs for i in log.columns} | set(nameless)
    logs += [_single(columns[i], i, table.azimuths) for i in candidates if i not in taken]
    return sorted(logs, key=lambda log: min(log.columns))


def _ranges(columns: Sequence[Column], left: Sequence[int], layout: Layout) -> list[Found]:
    """The arrays whose columns are called by ranges, each of which begins where another ends."""
    groups: dict[tuple[str, str], list[tuple[float, float, int]]] = defaultdict(list)
    for i in left:
        if told := names.span(columns[i].name):
            prefix, low, high, unit = told
            groups[prefix.casefold(), unit].append((low, high, i))
    logs = []
    for (_, unit), members in groups.items():
        chain = all(a[1] == b[0] or a[0] == b[1] for a, b in pairwise(members))
        if len(members) >= FEWEST_AXIS and chain:
            told = names.span(columns[members[0][2]].name)
            places = [(low + high) / 2 for low, high, _ in members]
            order = [i for _, _, i in members]
            logs.append(_with_axis(columns, told[0] if told else "", unit, places, order))
    return logs


def _along_axis(columns: Sequence[Column], left: Sequence[int], layout: Layout) -> list[Found]:
    """The arrays whose columns are called by their places on an axis: azimuths, times, …"""
    groups: dict[tuple[str, str], list[tuple[names.Along, int]]] = defaultdict(list)
    for i in left:
        if told := names.along(columns[i].name):
            groups[told.prefix.casefold(), told.unit.lower()].append((told, i))
    logs = []
    for members in groups.values():
        if len(members) < FEWEST_AXIS:
            continue
        first = members[0][0]
        places = [told.value for told, _ in members]
        turn = names.turn(places, first.unit)
        # Without a unit they may as well be the numbers of curves, or places in an array.
        if not first.unit and first.prefix and (turn is None or _consecutive(places)):
            continue
        if len(set(places)) < len(places):
            twice = Counter(places).most_common(1)[0][0]
            raise InvalidFile(f"two columns are called {first.prefix}{twice:g}{first.unit}")
        order = [i for _, i in members]
        logs.append(_with_axis(columns, first.prefix, first.unit, places, order))
    return logs


def _consecutive(places: Sequence[float]) -> bool:
    """Whether places are no more than the numbers of the columns."""
    numbers = sorted(places)
    return all(after - before == 1 for before, after in pairwise(numbers)) and numbers[0] in (0, 1)


def _with_axis(
    columns: Sequence[Column], prefix: str, unit: str, places: Sequence[float], order: Sequence[int]
) -> Found:
    """The array of columns in this order, which have these places."""
    about = columns[order[0]]
    turn = names.turn(places, unit)
    wall = _kind(prefix, about, len(order)) == IMAGE
    is_image = wall and bool(turn or (not unit and _consecutive(places)))
    name = _trimmed(prefix) or ("image" if is_image else "array")
    found = Found(name, _unit(columns, order), IMAGE, tuple(order), len(order))
    if not is_image:
        return replace(found, kind=ARRAY, axis=tuple(places), axis_unit=unit)
    return replace(
        found,
        first_azimuth=turn.first_azimuth if turn else None,
        clockwise=turn.clockwise if turn else None,
    )


def _unit(columns: Sequence[Column], order: Sequence[int]) -> str:
    return next((columns[i].unit for i in order if columns[i].unit), "")


def _trimmed(prefix: str) -> str:
    return prefix.strip("_ .-:#/([{<")


def _numbered(columns: Sequence[Column], left: Sequence[int], layout: Layout) -> list[Found]:
    """The arrays whose columns have one name and consecutive numbers."""
    groups: dict[tuple[str, str, bool], list[tuple[names.Place, int]]] = defaultdict(list)
    for i in left:
        if place := names.place(columns[i].name):
            key = (place.prefix.casefold(), place.suffix.casefold(), place.bracketed)
            groups[key].append((place, i))
    logs = []
    for group in groups.values():
        for members in _by_unit(columns, group):
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


def _by_unit(
    columns: Sequence[Column], group: list[tuple[names.Place, int]]
) -> list[list[tuple[names.Place, int]]]:
    """The members of a group by their unit, where there is more than one."""
    units = list(dict.fromkeys(columns[i].unit for _, i in group if columns[i].unit))
    if len(units) < 2:
        return [group]
    apart = [[one for one in group if columns[one[1]].unit == unit] for unit in [*units, ""]]
    return [members for members in apart if members]


def _with_first(
    columns: Sequence[Column], left: Sequence[int], prefix: str, order: dict[int, int]
) -> None:
    """Add the column without a number in front of NAME.1, as pandas tells columns apart."""
    if not prefix.endswith(".") or len(order) < 2 or min(order) != 1:
        return
    before = order[1] - 1
    if before in left and columns[before].name == prefix[:-1]:
        order[0] = before


def _is_array(columns: Sequence[Column], members: dict[int, int], bracketed: bool) -> bool:
    if bracketed:
        return len(members) > 1
    told = {names.words(columns[i].description) for i in members.values()}
    if len(members) < FEWEST_SECTORS and len(told) > 1:
        return False
    span = max(members) - min(members) + 1
    return len(members) >= FEWEST_NUMBERED and len(members) >= (1 - MISSING) * span


def _array(
    columns: Sequence[Column], prefix: str, suffix: str, members: dict[int, int], layout: Layout
) -> Found:
    numbers = sorted(members)
    order = tuple(members[number] for number in numbers)
    name = _trimmed(prefix) or suffix.strip("_ .-:)]}>") or "image"
    if _trimmed(prefix) and suffix[:1] in _JOINTS and suffix:
        # S1_AMP and S1_TT are of two arrays.
        name += suffix
    missing = sorted(set(range(numbers[0], numbers[-1] + 1)) - set(numbers))
    if missing:
        lacks = ", ".join(map(str, missing[:5])) + (", …" if len(missing) > 5 else "")
        layout.warnings.append(
            ("columns-missing", f"{name} lacks the numbers {lacks}; its columns lie side by side")
        )
    told = [place for i in order if (place := names.axis(columns[i].axis))]
    if len(told) == len(order):
        places = [value for value, _ in told]
        return replace(_with_axis(columns, name, told[0][1], places, order), name=name)
    kind = _kind(name, columns[order[0]], len(order))
    return Found(name, _unit(columns, order), kind, order, len(order))


def _kind(name: str, column: Column, width: int) -> str:
    """IMAGE or ARRAY, by what the file says of an array that ``column`` is the first of."""
    wall = names.is_wall_image(name, column.description, column.unit, width)
    return IMAGE if wall else ARRAY


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
        kind = _kind(name, columns[order[0]], len(order))
        found = Found(name or "image", _unit(columns, order), kind, tuple(order), len(order))
        logs.append(found)
    return logs


def _single(column: Column, i: int, azimuths: tuple[float, ...]) -> Found:
    if column.width == 1:
        place = names.place(column.name)
        name = place.prefix if place and place.bracketed and not place.suffix else ""
        return Found(name or column.name, column.unit, CURVE, (i,), 1)
    kind = _kind(column.name, column, column.width)
    turn = names.turn(azimuths, "deg") if kind == IMAGE else None
    return Found(column.name, column.unit, kind, (i,), column.width, *(turn or (None, None)))


def _asked_together(
    columns: Sequence[Column], candidates: Sequence[int], options: Options
) -> Found | None:
    """The single columns that were asked for by name, and under one name, as one image."""
    if len(options.columns) < 2 or options.name is None:
        return None
    order = tuple(_position(columns, name) for name in options.columns)
    if not set(order) <= set(candidates):
        return None
    if len(set(order)) < len(order):
        raise InvalidFile("columns= names a column twice")
    width = sum(columns[i].width for i in order)
    kind = _kind(options.name, columns[order[0]], width)
    return Found(options.name, _unit(columns, order), kind, order, width)


def _chosen(logs: list[Found], columns: Sequence[Column], options: Options) -> list[Found]:
    """The logs that ``columns=`` asks for, by the name of the log or of a column of it."""
    if not options.columns or (len(logs) == 1 and logs[0].name == options.name):
        return logs
    chosen: list[Found] = []
    for asked in options.columns:
        key = asked.strip().casefold()
        fit = [log for log in logs if log.name.casefold() == key] or [
            log for log in logs if key in {columns[i].name.casefold() for i in log.columns}
        ]
        if not fit:
            names_of_logs = listed(Column(log.name) for log in logs)
            raise InvalidFile(f"there is no log {asked[:60]!r}; there are {names_of_logs}")
        chosen += [log for log in fit if log not in chosen]
    return chosen


def _named(
    logs: list[Found], columns: Sequence[Column], options: Options, layout: Layout
) -> list[Found]:
    """The logs with the name and unit that were asked for, and no name given twice."""
    images = [log for log in logs if log.kind != CURVE] or logs
    if options.name is not None or options.unit is not None:
        if len(images) != 1:
            found = listed(Column(log.name) for log in images)
            raise InvalidFile(
                f"name= and unit= are of one log, and there are {len(images)}: {found}; choose one"
                " with columns="
            )
        new = replace(
            images[0],
            name=options.name or images[0].name,
            unit=images[0].unit if options.unit is None else options.unit,
        )
        logs = [new if log is images[0] else log for log in logs]
    return distinct(logs, layout.warnings)


def distinct(
    logs: list[Found], warnings: list[tuple[str, str]], arrays_too: bool = False
) -> list[Found]:
    """Logs of which no two have one name: the second of a name gets ``:2`` behind it.

    Raises InvalidFile where two arrays have one name, unless they are told apart too.
    """
    seen: Counter[str] = Counter()
    result = []
    arrays = Counter(log.name for log in logs if log.width > 1)
    for name, count in arrays.items():
        if count > 1 and not arrays_too:
            raise InvalidFile(f"two arrays are called {name}; choose one with columns=")
    for log in logs:
        seen[log.name] += 1
        if seen[log.name] > 1:
            new = f"{log.name}:{seen[log.name]}"
            warnings.append(("name-repeated", f"a further log called {log.name} is kept as {new}"))
            log = replace(log, name=new)
        result.append(log)
    return result
