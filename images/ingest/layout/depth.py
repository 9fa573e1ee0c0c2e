"""Which column of a table holds the depths."""

from collections.abc import Sequence

from images.errors import InvalidFile
from images.ingest.layout.plan import Layout, Options, listed
from images.ingest.names.columns import (
    column_of,
    depth_rank,
    interval_of,
    is_time,
    is_vertical_depth,
)
from images.ingest.names.units import length_unit
from images.ingest.table import Column, Table


def depth_column(table: Table, options: Options) -> int | None:
    """The column that holds the depths; None where ``top=`` and ``step=`` give them.

    Raises InvalidFile.
    """
    columns = table.columns
    if options.depth is not None:
        return position(columns, options.depth)
    if options.top is not None:
        return None
    ranks = {i: rank for i, c in enumerate(columns) if (rank := depth_rank(c.name)) is not None}
    if table.index is not None:
        ranks.pop(table.index, None)
    # The first column of a table is its index, where it may be one.
    named = min(ranks, key=lambda i: (i > 0, ranks[i], i), default=None)
    if table.index is not None:
        return _index(table, table.index, named)
    ends = interval_of([column.name for column in columns])
    # Depth From is a name of depths as well.
    if ends and (named is None or columns[named].name in ends):
        raise _by_interval(columns, ends)
    if named is not None:
        _check_numbers(columns[named])
        if is_time(columns[named]):
            raise _by_time(columns[named], None)
        return named
    if _is_index_of_pandas(columns):
        return 0
    raise _without_depths(table)


def _check_numbers(depths: Column) -> None:
    if depths.reason:
        raise InvalidFile(f"the depths in {depths.name} are not numbers: {depths.reason}")


def _is_index_of_pandas(columns: Sequence[Column]) -> bool:
    """Whether the first column alone has no name; it is no depth where it numbers the rows."""
    first, *others = columns
    return not first.name and not first.reason and bool(others) and all(c.name for c in others)


def warn_of_other_depths(table: Table, options: Options, layout: Layout) -> None:
    """Tell which column of depths was taken, where neither the format nor an option says which."""
    if layout.depth is None or options.depth is not None or table.index is not None:
        return
    if not table.columns[layout.depth].name:
        detail = "the first column, which has no name, was taken for the depths"
        layout.warnings.append(("depth-chosen", detail))
        return
    others = [
        column
        for i, column in enumerate(table.columns)
        if i != layout.depth and not column.reason and depth_rank(column.name) is not None
    ]
    if others:
        ours, other = _apart(table.columns[layout.depth], others[0])
        detail = f"the depths are those of {ours}; {other} is kept as a curve"
        told = f"{detail}, and depth={other} makes it the depths" if ours != other else detail
        layout.warnings.append(("depth-chosen", told))


def _apart(*columns: Column) -> list[str]:
    """The names of columns, with their units where only these tell them apart."""
    plain = [column.name for column in columns]
    if len(set(plain)) == len(plain) or not all(column.unit for column in columns):
        return plain
    return [f"{column.name} ({column.unit})" for column in columns]


def _index(table: Table, place: int, other: int | None) -> int:
    """The index of the table where it is of depths, else the ``other`` column named as depths."""
    index = table.columns[place]
    if is_time(index):
        raise _by_time(index, None if other is None else table.columns[other])
    _check_numbers(index)
    by_name = depth_rank(index.name) is not None
    vertical = table.vertical or is_vertical_depth(index.name)
    if not vertical and (table.by_depth or by_name or length_unit(index.unit)):
        return place
    if other is not None:
        return other
    if vertical:
        raise InvalidFile(
            f"the rows are told by vertical depth ({index.name}), not by depth along the hole;"
            f" depth={index.name} takes it for that"
        )
    raise InvalidFile(
        f"the first column, {index.name}, is no depth: its unit is"
        f" {index.unit or 'not told'}; depth= names the column of depths"
    )


def _without_depths(table: Table) -> InvalidFile:
    if times := [column for column in table.columns if is_time(column)]:
        return _by_time(times[0], None)
    if table.unnamed:
        return InvalidFile(
            "no line names the columns; if one of them holds depths depth= takes it by its number,"
            f" from 1 to {len(table.columns)}, else give top= and step="
        )
    named = listed(column.name for column in table.columns)
    return InvalidFile(
        f"no column is called depth; there are {named}. Name one with depth=, or give top= and"
        " step= if the rows have none"
    )


def _by_time(index: Column, other: Column | None) -> InvalidFile:
    hint = f": depth={other.name} takes that column" if other else ""
    unit = f" in {index.unit}" if index.unit else ""
    return InvalidFile(f"the rows are told by time ({index.name}{unit}), not by depth{hint}")


def _by_interval(columns: Sequence[Column], ends: tuple[str, str]) -> InvalidFile:
    """The refusal of a table whose rows have a top and a base."""
    others = [column for column in columns if column.name not in ends]
    told = f"each row is an interval, from {ends[0]} to {ends[1]}"
    if numbers := [column for column in others if not column.reason]:
        hint = f"depth={ends[0]} takes the tops for the depths of {listed(c.name for c in numbers)}"
        return InvalidFile(f"{told}, and a log has one depth a row; {hint}")
    texts = f", only {listed(c.name for c in others)}" if others else ""
    return InvalidFile(f"{told}, with no numbers beside{texts}; a log has numbers at depths")


def position(columns: Sequence[Column], name: str) -> int:
    """The column that is asked for, by its name, or by its name and unit: ``DEPTH_FT``."""
    told = column_of(name)
    for i, column in enumerate(columns):
        named = column.name.casefold()
        with_unit = named == told.name.casefold() and told.unit and told.unit == column.unit
        if named == name.casefold().strip() or with_unit:
            if column.reason:
                raise InvalidFile(f"the column {column.name} holds no depths: {column.reason}")
            if column.width > 1:
                raise InvalidFile(f"{column.name} is an array, and holds no depths")
            return i
    raise InvalidFile(
        f"there is no column {name[:60]!r}; there are {listed(c.name for c in columns)}"
    )
