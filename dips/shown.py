"""Picks with their dips, as the API shows them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from dips.computing import Calipers, Pick, Planes, planes
from wells.hole import Hole
from wells.times import aware

# In the order of an answer; of Planes, and what the array is called there.
COMPUTED = (
    *("height", "apparent_dip", "apparent_azimuth", "hole_inclination", "hole_azimuth"),
    *("true_dip", "true_azimuth", "diameter"),
)


def revision(pick: Pick, hole: Hole) -> int:
    """Counts, from 1, what people changed in a pick and what made all dips of its well anew."""
    return 1 + int(pick["edits"]) + hole.generation - int(pick["born"])


def shown(picks: Sequence[Pick], hole: Hole, calipers: Calipers | None = None) -> list[Any]:
    """Each pick as a dict that can be written as JSON."""
    found = planes(picks, hole, calipers)
    columns = {name: _listed(getattr(found, name)) for name in COMPUTED}
    return [
        _one(pick, hole, found, {name: column[number] for name, column in columns.items()}, number)
        for number, pick in enumerate(picks)
    ]


def _one(
    pick: Pick, hole: Hole, found: Planes, computed: Mapping[str, float | None], number: int
) -> dict[str, Any]:
    points, covariance, caliper = pick["points"], pick["covariance"], found.caliper[number]
    return {
        "id": str(pick["_id"]) if "_id" in pick else None,
        "well": pick["well"],
        "log": None if pick["log"] is None else str(pick["log"]),
        "type": pick["type"],
        "basis": pick["basis"],
        "depth": pick["depth"],
        "depth_unit": hole.depth_unit,
        **computed,
        "diameter_unit": found.diameter_unit[number],
        "diameter_source": found.diameter_source[number],
        "caliper": None if caliper is None else str(caliper),
        "reference": found.reference[number],
        "reason": "; ".join(found.reasons[number]) or None,
        "points": points and [dict(zip(("depth", "azimuth"), p, strict=True)) for p in points],
        "residual": pick["residual"],
        "covariance": covariance,
        "quality": pick["quality"],
        "comment": pick["comment"],
        "author": pick["author"],
        "editor": pick["editor"],
        "source": pick["source"],
        "revision": revision(pick, hole),
        "created_at": aware(pick["created_at"]),
        "changed_at": aware(pick["changed_at"]),
        "recomputed_at": hole.changed_at if hole.generation > pick["edited"] else None,
    }


def _listed(column: Any) -> list[float | None]:
    plain = np.where(np.isfinite(column), column, np.nan).tolist()
    return [None if value != value else value for value in plain]


def in_pieces(picks: Iterator[Pick], size: int) -> Iterator[list[Pick]]:
    """The picks, so many at a time."""
    piece: list[Pick] = []
    for pick in picks:
        piece.append(pick)
        if len(piece) == size:
            yield piece
            piece = []
    if piece:
        yield piece
