"""Which columns of a table are depths, which are the arrays, and which are curves."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from images.errors import InvalidFile
from images.ingest import names
from images.ingest.table import Column, Table

MAX_WIDTH = 4096
# Fewer columns with numbers behind their names are several curves rather than an array.
FEWEST_NUMBERED = 6
FEWEST_AXIS = 4
# The part of the numbers of an array that may be missing.
MISSING = 0.1
IMAGE, ARRAY, CURVE = "image", "array", "curve"
_ROW_NUMBERS = {"", "index", "unnamed0", "row", "rownumber", "frameno", "no", "nr", "id"}


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
    candidates = []
    for i, column in enumerate(columns):
        reason = column.reason
        if i == depth:
            continue
        if not reason and names.plain(column.name) in _ROW_NUMBERS:
            reason = "it has no name" if not column.name else "it numbers the rows"
        if reason:
            layout.ignored.append((column.name, reason))
        else:
            candidates.append(i)
    together = _asked_together(columns, candidates, options)
    logs = [together] if together else _arrays(columns, candidates, layout, table.unnamed)
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
        if (rank := names.depth_rank(column.name)) is not None
    ]
    if table.index is not None:
        index = columns[table.index]
        if names.is_time(index):
            hint = f": depth={columns[min(ranks)[1]].name} takes that column" if ranks else ""
            unit = f" in {index.unit}" if index.unit else ""
            raise InvalidFile(f"the rows are told by time ({index.name}{unit}), not by depth{hint}")
        if names.length_unit(index.unit) or names.depth_rank(index.name) is not None:
            return table.index
        if not ranks:
            raise InvalidFile(
                f"the first column, {index.name}, is no depth: its unit is"
                f" {index.unit or 'not told'}; depth= names the column of depths"
            )
    elif ranks:
        best = min(ranks)[1]
        if columns[best].reason is None:
            return best
        raise InvalidFile(f"the depths in {columns[best].name} are not numbers")
    if ranks:
        return min(ranks)[1]
    raise InvalidFile(
        f"no column is called depth; there are {listed(columns)}. Name one with depth=, or give"
        " top= and step= if the rows have none"
    )


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
    columns: Sequence[Column], candidates: Sequence[int], layout: Layout, unnamed: bool
) -> list[Found]:
    """All logs, in the order of the file."""
    if unnamed and len(candidates) > 1:
        return [Found("image", "", IMAGE, tuple(candidates), len(candidates))]
    logs = []
    left = list(candidates)
    if along := _along_axis(columns, candidates):
        logs.append(along)
        left = [i for i in left if i not in set(along.columns)]
    groups: dict[tuple[str, str, str, bool], dict[int, int]] = defaultdict(dict)
    for i in left:
        place = names.place(columns[i].name) if columns[i].width == 1 else None
        if place:
            key = (place.prefix, place.suffix, columns[i].unit, place.bracketed)
            several = place.bracketed or len(groups[key]) + 1 >= FEWEST_NUMBERED
            if place.number in groups[key] and several:
                raise InvalidFile(f"two columns are called {columns[i].name}")
            groups[key].setdefault(place.number, i)
    taken: set[int] = set()
    for (prefix, suffix, _, bracketed), members in groups.items():
        if _is_array(members, bracketed):
            logs.append(_array(columns, prefix, suffix, members, layout))
            taken |= set(members.values())
    logs += [_single(columns[i], i) for i in left if i not in taken]
    return sorted(logs, key=lambda log: min(log.columns))


def _is_array(members: dict[int, int], bracketed: bool) -> bool:
    if bracketed:
        return len(members) > 1
    span = max(members) - min(members) + 1
    return len(members) >= FEWEST_NUMBERED and len(members) >= (1 - MISSING) * span


def _array(
    columns: Sequence[Column], prefix: str, suffix: str, members: dict[int, int], layout: Layout
) -> Found:
    numbers = sorted(members)
    order = tuple(members[number] for number in numbers)
    name = prefix.rstrip("_ .-:") or suffix.lstrip("_ .-:") or "image"
    missing = sorted(set(range(numbers[0], numbers[-1] + 1)) - set(numbers))
    if missing:
        lacks = ", ".join(map(str, missing[:5])) + (", …" if len(missing) > 5 else "")
        layout.warnings.append(
            ("columns-missing", f"{name} lacks the numbers {lacks}; its columns lie side by side")
        )
    first = columns[order[0]]
    about = replace(first, name=name)
    places = [names.axis(columns[i].axis) for i in order]
    told = [place for place in places if place]
    return Found(
        name,
        first.unit,
        IMAGE if names.is_wall_image(about) else ARRAY,
        order,
        len(order),
        axis=tuple(value for value, _ in told) if len(told) == len(order) else (),
        axis_unit=told[0][1] if told else "",
    )


def _along_axis(columns: Sequence[Column], candidates: Sequence[int]) -> Found | None:
    """The array whose columns have the names of their places, as azimuths and times are written."""
    places = {i: place for i in candidates if (place := names.axis(columns[i].name))}
    if len(places) < FEWEST_AXIS:
        return None
    units = Counter(unit for _, unit in places.values())
    unit = units.most_common(1)[0][0]
    order = tuple(i for i in places if places[i][1] == unit)
    values = tuple(places[i][0] for i in order)
    if len(set(values)) < len(values):
        twice = Counter(values).most_common(1)[0][0]
        raise InvalidFile(f"two columns are called {twice:g}{unit}")
    rising = all(a < b for a, b in pairwise(values))
    falling = all(a > b for a, b in pairwise(values))
    value_unit = columns[order[0]].unit
    azimuths = names.is_azimuth(unit) and min(values) >= -180 and max(values) <= 360
    if azimuths and (rising or falling):
        return Found("image", value_unit, IMAGE, order, len(order), values[0] % 360, rising)
    axis_unit = unit if unit.isprintable() else ""
    return Found("array", value_unit, ARRAY, order, len(order), axis=values, axis_unit=axis_unit)


def _single(column: Column, i: int) -> Found:
    if column.width == 1:
        return Found(column.name, column.unit, CURVE, (i,), 1)
    kind = IMAGE if names.is_wall_image(column) else ARRAY
    return Found(column.name, column.unit, kind, (i,), column.width)


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
    about = replace(columns[order[0]], name=options.name)
    kind = IMAGE if names.is_wall_image(about) else ARRAY
    return Found(options.name, about.unit, kind, order, sum(columns[i].width for i in order))


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
