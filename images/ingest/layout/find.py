"""The layout of a table: its depths, and the logs that are asked for, by their names."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from images.errors import InvalidFile
from images.ingest.layout.arrays import arrays
from images.ingest.layout.depth import depth_column, position, warn_of_other_depths
from images.ingest.layout.kinds import array_of, azimuth_reference
from images.ingest.layout.plan import CURVE, IMAGE, MAX_WIDTH, Found, Layout, Options, listed
from images.ingest.table import Column, Table, Told


def find(table: Table, options: Options) -> Layout:
    """The layout of ``table``. Raises InvalidFile where there is none."""
    columns = table.columns
    depth = depth_column(table, options)
    layout = Layout(depth, "" if depth is None else columns[depth].unit, [])
    warn_of_other_depths(table, options, layout)
    others = [i for i in range(len(columns)) if i != depth]
    layout.ignored += [(columns[i].name, reason) for i in others if (reason := columns[i].reason)]
    candidates = [i for i in others if not columns[i].reason]
    if not options.columns:
        _check_whole(table, candidates, [i for i in others if columns[i].name])
    together = _asked_together(columns, candidates, options)
    logs = [together] if together else arrays(table, candidates, layout)
    logs = _named(_chosen(logs, columns, options), options)
    _check_arrays(logs, columns)
    layout.logs = [_with_reference(log, columns) for log in distinct(logs, layout.warnings)]
    return layout


def _with_reference(log: Found, columns: Sequence[Column]) -> Found:
    told = azimuth_reference(columns[log.columns[0]].description)
    return replace(log, azimuth_reference=told) if told and log.kind == IMAGE else log


def _asked_together(
    columns: Sequence[Column], candidates: Sequence[int], options: Options
) -> Found | None:
    """The single columns that were asked for by name, and under one name, as one image."""
    if len(options.columns) < 2 or options.name is None:
        return None
    order = tuple(position(columns, name) for name in options.columns)
    if not set(order) <= set(candidates):
        return None
    if len(set(order)) < len(order):
        raise InvalidFile("columns= names a column twice")
    return array_of(columns, order, options.name)


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
            found = listed(log.name for log in logs)
            raise InvalidFile(f"there is no log {asked[:60]!r}; there are {found}")
        chosen += [log for log in fit if log not in chosen]
    return chosen


def _named(logs: list[Found], options: Options) -> list[Found]:
    """The logs, the only one that is no curve with the name and unit that were asked for."""
    if options.name is None and options.unit is None:
        return logs
    images = [log for log in logs if log.kind != CURVE] or logs
    if len(images) != 1:
        found = listed(log.name for log in images)
        raise InvalidFile(
            f"name= and unit= are of one log, and there are {len(images)}: {found}; choose one"
            " with columns="
        )
    [image] = images
    unit = image.unit if options.unit is None else options.unit
    new = replace(image, name=options.name or image.name, unit=unit)
    return [new if log is image else log for log in logs]


def _check_arrays(logs: Sequence[Found], columns: Sequence[Column]) -> None:
    """Refuse two arrays of one name, and say how to take them; and arrays that are too wide."""
    arrays: dict[str, list[str]] = {}
    for log in logs:
        if log.width > 1:
            arrays.setdefault(log.name, []).append(columns[log.columns[0]].name)
    for name, (first, *others) in arrays.items():
        if others:
            # By one name columns= would take both.
            apart = first.casefold() not in {other.casefold() for other in others}
            hint = f"columns={first} takes one of them" if apart else "give one another name"
            raise InvalidFile(f"two arrays are called {name}; {hint}")
    for log in logs:
        if log.width > MAX_WIDTH:
            raise InvalidFile(
                f"{log.name} has {log.width} columns; an array has at most {MAX_WIDTH}"
            )


def _check_whole(table: Table, numeric: Sequence[int], named: Sequence[int]) -> None:
    """Refuse an array of which a few columns hold no numbers: others would be at their places."""
    for log in arrays(table, named, Layout(None, "", [])) if len(named) > len(numeric) else ():
        lost = [table.columns[i] for i in log.columns if i not in numeric]
        if 0 < 2 * len(lost) < len(log.columns):
            raise InvalidFile(
                f"{lost[0].name[:60]} is of the array {log.name[:60]}, but {lost[0].reason};"
                " columns= takes other logs"
            )


def distinct(logs: Iterable[Found], warnings: list[Told]) -> list[Found]:
    """The logs with names of their own: the second one of a name gets ``:2`` behind it."""
    seen: Counter[str] = Counter()
    result = []
    for log in logs:
        seen[log.name] += 1
        if seen[log.name] > 1:
            new = f"{log.name}:{seen[log.name]}"
            warnings.append(("name-repeated", f"a further log called {log.name} is kept as {new}"))
            log = replace(log, name=new)
        result.append(log)
    return result
