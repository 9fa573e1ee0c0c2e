"""Headers of two lines: names, and the azimuths or numbers of columns with one name."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from images.ingest.layout.axes import FEWEST_AXIS, consecutive
from images.ingest.names.columns import first_depth
from images.ingest.names.places import bare_axis_place, turn_of
from images.ingest.names.units import length_unit, unit_of
from images.ingest.text.head import Head
from images.ingest.text.header import Cut


def with_azimuths(cut: Cut, head: Head) -> tuple[Cut, Head]:
    """``cut`` and ``head`` with both lines of a header in one.

    The second line has the azimuths or the numbers of columns that the first one gives one name;
    they go behind that name.
    """
    header = cut.dialect.names
    depth = first_depth(header) if cut.named else None
    if depth is None:
        return cut, head
    if cut.header and not any(name for i, name in enumerate(header) if i != depth):
        return _with_names_above(cut, cut.header, head, depth), head
    if cut.header and len(set(header)) < len(header):
        return _with_groups_above(cut, cut.header, head, depth), head
    for at, line in enumerate(head.lines[cut.first : cut.first + 2], cut.first):
        fields = cut.dialect.split(line.text)
        if len(fields) != len(header) or cut.dialect.written(fields[depth]):
            continue
        if new := _joined(header, fields, depth):
            lines = (*head.lines[:at], *head.lines[at + 1 :])
            return replace(cut, dialect=replace(cut.dialect, names=new)), replace(head, lines=lines)
    return cut, head


def _with_names_above(cut: Cut, header: int, head: Head, depth: int) -> Cut:
    """``cut``, in whose header only the depth has a name, with the names of the one or two lines
    above. So pandas writes columns with names on several levels."""
    lines = head.lines[max(header - 2, 0) : header]
    width = len(cut.dialect.names)
    above = [f for line in lines if len(f := cut.dialect.split(line.text)) == width]
    if not above:
        return cut
    names = [*above[0]]
    names[depth] = cut.dialect.names[depth]
    joined = _joined(names, above[1], depth) if len(above) > 1 else None
    dialect = replace(cut.dialect, names=joined or tuple(names))
    return replace(cut, dialect=dialect, header=header - len(above))


def _with_groups_above(cut: Cut, header: int, head: Head, depth: int) -> Cut:
    """``cut``, in whose header numbers are there twice, with the names of arrays from the line
    above: a spreadsheet merges the cells above the columns of each."""
    own, above = cut.dialect.names, cut.dialect.split(head.lines[header - 1].text)
    joined = _joined(above, own, depth) if len(above) == len(own) else None
    if joined is None:
        return cut
    pairs = zip(joined, own, strict=True)
    names = tuple(new if not old or bare_axis_place(old) else old for new, old in pairs)
    return replace(cut, dialect=replace(cut.dialect, names=names), header=header - 1)


def _joined(header: Sequence[str], fields: Sequence[str], depth: int) -> tuple[str, ...] | None:
    """The names of the ``header`` with what the ``fields`` of a second line say: azimuths or
    numbers of the columns of arrays, and units of others. None where they say nothing of arrays."""
    groups: dict[str, list[int]] = defaultdict(list)
    # A blank name is the one before it.
    names: accumulate[str] = accumulate(header, lambda before, name: name or before)
    for i, name in enumerate(names):
        if i != depth and bare_axis_place(fields[i]):
            groups[name].append(i)
    new = list(header)
    for name, members in groups.items():
        places = [place for i in members if (place := bare_axis_place(fields[i]))]
        values, units = [place.value for place in places], {place.unit for place in places}
        turns = len(units) == 1 and turn_of(values, *units) is not None
        if len(members) < FEWEST_AXIS or not (turns or consecutive(values)):
            return None
        for i in members:
            new[i] = f"{name} {fields[i]}" if turns else f"{name}[{fields[i]}]"
    for i, field in enumerate(fields):
        unit = unit_of(field)
        if new[i] == header[i] and (length_unit(unit) or (unit and i != depth)):
            new[i] = f"{header[i]} [{unit}]"
    return tuple(new) if groups else None
