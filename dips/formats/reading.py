"""Read files of picks to the fields of picks, and list what is wrong with them.

A file describes a plane by a sinusoid (height and azimuth on the wall), by an apparent dip (with
its azimuth on the wall), or by a true dip (with its dip azimuth or its strike). The names of the
columns say which, see ``tables.pick_names``.
"""

from collections.abc import Iterator

from dips.formats.found import Found
from dips.formats.layout import WITHOUT_HEADER, Options, lay_out, refusal
from dips.formats.rows import RowReader
from tables.table import Table
from web.text import counted

MAX_TOLD_TYPES = 20


def read(table: Table, options: Options) -> Found:
    """The picks in a table. Raises InvalidDips where no line can be read, UnitsDiffer."""
    layout = lay_out(table, options)
    names = [column.name for column in table.columns] or [*WITHOUT_HEADER]
    found = Found(
        layout.basis,
        layout.depth_unit,
        {role: names[place] for role, place in layout.places.items()},
        [name for place, name in enumerate(names) if place not in layout.places.values()],
        warnings=[*layout.warnings],
    )
    rows = RowReader(table, layout, options, found)
    for row in table.rows:
        rows.take(row)
    if not found.fields and not found.total:
        raise refusal(table, None, "no line has a plane")
    found.warnings += _warnings(rows)
    return found


def _warnings(rows: RowReader) -> Iterator[str]:
    if rows.by_rule:
        side = "left" if rows.strike == "strike_left" else "right"
        strikes = counted(rows.by_rule, "strike without a side is", "strikes without a side are")
        yield f"{strikes} read by the {side}-hand rule, with the dip to the {side}"
    if rows.empty:
        lines = counted(rows.empty, "line without a plane is", "lines without a plane are")
        yield f"{lines} left out"
    for text, count in rows.about.unknown_types.most_common(MAX_TOLD_TYPES):
        picks = counted(count, "pick is", "picks are")
        yield f"{picks} of the type {text!r}, kept as other with that in the comment"
