"""Picks as the API shows them, with their dips as they are now."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from dips.picks.calipers import calipers
from dips.picks.computation import Pick, Planes, planes
from wells.hole import Hole
from wells.survey import Floats

# Memory for each byte of the document of a pick until it is JSON; measured.
BYTES_A_BYTE = 14
# Members of a document that are shown unchanged.
AS_KEPT = (
    *("well", "type", "basis", "depth", "residual", "covariance", "quality", "comment"),
    *("author", "editor", "source"),
)
# Arrays of Planes that are shown under the same names.
COMPUTED = (
    *("height", "apparent_dip", "apparent_azimuth", "hole_inclination", "hole_azimuth"),
    *("true_dip", "true_azimuth", "diameter"),
)


def revision(pick: Pick, generation: int) -> int:
    """The number of a version of a pick. The first is 1; each change of the pick and each
    generation of its well adds 1."""
    return 1 + int(pick["edits"]) + generation - int(pick["born"])


def shown(picks: Sequence[Pick], hole: Hole) -> list[Any]:
    """Each pick, a document of Dip, as the API shows it. Raises StorageUnavailable, FileCorrupt."""
    found = planes(picks, hole, calipers(picks, hole))
    columns = {name: listed(getattr(found, name)) for name in COMPUTED}
    return [_one(pick, hole, found, columns, number) for number, pick in enumerate(picks)]


def one_shown(pick: Pick, hole: Hole) -> dict[str, Any]:
    """A pick as the API shows it. Raises as ``shown`` does."""
    found: dict[str, Any] = shown([pick], hole)[0]
    return found


def _one(
    pick: Pick, hole: Hole, found: Planes, columns: Mapping[str, list[Any]], number: int
) -> dict[str, Any]:
    points, caliper = pick["points"], found.caliper[number]
    return {
        "id": str(pick["_id"]) if "_id" in pick else None,
        "log": None if pick["log"] is None else str(pick["log"]),
        **{name: pick[name] for name in AS_KEPT},
        **{name: column[number] for name, column in columns.items()},
        "depth_unit": hole.depth_unit,
        "diameter_unit": found.diameter_unit[number],
        "diameter_source": found.diameter_source[number],
        "caliper": None if caliper is None else str(caliper),
        "reference": found.reference[number],
        "reason": "; ".join(found.reasons[number]) or None,
        "points": points and [dict(zip(("depth", "azimuth"), p, strict=True)) for p in points],
        "revision": revision(pick, hole.generation),
        "created_at": pick["created_at"],
        "changed_at": pick["changed_at"],
        "recomputed_at": hole.changed_at if hole.generation > pick["edited"] else None,
    }


def listed(column: Floats) -> list[float | None]:
    """A column as numbers of JSON; None for nan and infinity."""
    return [value if math.isfinite(value) else None for value in column.tolist()]
