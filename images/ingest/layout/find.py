"""The layout of a table: its depths, and the logs that are asked for, by their names."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from images.errors import InvalidFile
from images.ingest.layout.arrays import arrays
from images.ingest.layout.axes import unit_of
from images.ingest.layout.depth import depth_column, position, warn_of_other_depths
from images.ingest.layout.kinds import azimuth_reference, kind_of
from images.ingest.layout.plan import CURVE, IMAGE, MAX_WIDTH, Found, Layout, Options, listed
from images.ingest.table import Column, Table


def find(table: Table, options: Options) -> Layout:
    """The layout of ``table``. Raises InvalidFile where there is none."""
    columns = table.columns
    depth = depth_column(table, options)
    layout = Layout(depth, "" if depth is None else columns[depth].unit, [])
    warn_of_other_depths(table, options, layout)
    candidates = []
    for i, column in enumerate(columns):
        if i == depth:
            continue
        if column.reason:
            layout.ignored.append((column.name, column.reason))
        else:
            candidates.append(i)
    together = _asked_together(columns, candidates, options)
    logs = [together] if together else arrays(columns, candidates, layout, table)
    layout.logs = _named(_chosen(logs, columns, options), columns, options, layout)
    for log in layout.logs:
        if log.width > MAX_WIDTH:
            raise InvalidFile(
                f"{log.name} has {log.width} columns; an array has at most {MAX_WIDTH}"
            )
    layout.logs = [_with_reference(log, columns) for log in layout.logs]
    return layout


def _with_reference(log: Found, columns: Sequence[Column]) -> Found:
    if log.kind != IMAGE:
        return log
    reference = azimuth_reference(columns[log.columns[0]].description)
    return replace(log, azimuth_reference=reference)


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
    width = sum(columns[i].width for i in order)
    kind = kind_of(options.name, columns[order[0]], width)
    return Found(options.name, unit_of(columns, order), kind, order, width)


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
    _check_arrays(logs, columns)
    return distinct(logs, layout.warnings)


def _check_arrays(logs: Sequence[Found], columns: Sequence[Column]) -> None:
    """Refuse two arrays of one name, and say how to take them."""
    arrays: dict[str, list[str]] = {}
    for log in logs:
        first = columns[log.columns[0]].name
        if log.width > 1:
            arrays.setdefault(log.name, []).append(first)
    for name, (first, *others) in arrays.items():
        if others:
            # By one name columns= would take both.
            apart = first.casefold() not in {other.casefold() for other in others}
            hint = f"columns={first} takes one of them" if apart else "give one another name"
            raise InvalidFile(f"two arrays are called {name}; {hint}")


def distinct(logs: list[Found], warnings: list[tuple[str, str]]) -> list[Found]:
    """Logs of which no two have one name: the second of a name gets ``:2`` behind it."""
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
