"""Arrays whose columns are called by points of the compass, or by letters from A."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from images.ingest.layout.axes import trimmed, with_axis
from images.ingest.layout.kinds import array_of
from images.ingest.layout.plan import Found, Layout
from images.ingest.names.places import compass_point
from images.ingest.table import Column

# Fewer are several curves: four quadrants are.
FEWEST_LETTERS = 8


def by_compass(columns: Sequence[Column], left: Sequence[int], layout: Layout) -> list[Found]:
    """The arrays whose columns go around the wall by points of the compass: GR_N, GR_NE, …"""
    groups: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for i in left:
        if told := compass_point(columns[i].name):
            groups[told[0].casefold()].append((told[1], i))
    logs = []
    for prefix, members in groups.items():
        azimuths, order = zip(*members, strict=True)
        name = columns[order[0]].name[: len(prefix)]
        found = with_axis(columns, name, "deg", azimuths, order)
        if len(order) >= FEWEST_LETTERS and found.first_azimuth is not None:
            logs.append(replace(found, azimuth_reference="north"))
    return logs


def by_letter(columns: Sequence[Column], left: Sequence[int], layout: Layout) -> list[Found]:
    """The arrays whose columns stand side by side and have letters at their ends: ROSA, ROSB, …"""

    def run(i: int) -> tuple[str, str, int]:
        return columns[i].name[:-1], columns[i].unit, ord(columns[i].name[-1:] or "A") - i

    groups = [(prefix, list(order)) for (prefix, *_), order in groupby(left, key=run)]
    return [
        array_of(columns, order, trimmed(prefix))
        for prefix, order in groups
        if len(order) >= FEWEST_LETTERS and trimmed(prefix) and columns[order[0]].name[-1] in "Aa"
    ]
