"""From the picks of a file to documents, with heights computed from apparent dips."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from bson import ObjectId

from dips.errors import PointsInsufficient
from dips.formats.found import Found
from dips.models import Dip
from dips.picks import editing
from dips.picks.calipers import calipers
from dips.picks.computation import widths
from dips.planes.geometry import height_of
from dips.terms import Source
from storage.documents import collection
from web.text import counted
from wells.hole import Hole


def drafts_of(found: Found, hole: Hole, author: str) -> list[dict[str, Any]]:
    """The documents of the picks of a file. Faults and warnings are added to ``found``.

    Picks that are in the well already, by the ids that an export has, are left out.
    """
    kept = _kept_already(hole, found.fields)
    heights = _heights(found, hole)
    drafts, published, strange = [], [], 0
    rows = zip(found.lines, found.fields, found.published, heights, strict=True)
    for line, fields, says, height in rows:
        if fields.get("id") in kept:
            continue
        if reason := _without_height(fields, height):
            found.fault(line, "apparent_dip", f"{fields['apparent_dip']:g}", reason)
            continue
        log = fields.get("log", "")
        is_id = ObjectId.is_valid(log)
        strange += bool(log) and not is_id
        known = {"height": height, **fields, "log": ObjectId(log) if is_id else None}
        try:
            pick = editing.draft(hole, known, fields.get("author") or author, Source.IMPORTED)
        except PointsInsufficient as error:
            found.fault(line, "points", None, str(error))
            continue
        drafts.append({**pick, "editor": author})
        published.append(says)
    found.published = published
    if strange:
        picks = counted(strange, "pick names", "picks name")
        found.warnings.append(f"{picks} a log, but not by its id; it is left out")
    if kept:
        picks = counted(len(kept), "pick is", "picks are")
        found.warnings.append(f"{picks} in the well already and not changed")
    return drafts


def _kept_already(hole: Hole, fields: Sequence[Mapping[str, Any]]) -> set[str]:
    ids = [ObjectId(one["id"]) for one in fields if ObjectId.is_valid(one.get("id", ""))]
    query = {"_id": {"$in": ids}, "well": hole.name, **Dip.visible()}
    return {str(pick["_id"]) for pick in collection(Dip).find(query, {"_id": 1})} if ids else set()


def _heights(found: Found, hole: Hole) -> list[float | None]:
    """The heights of the sinusoids of apparent dips; None for other planes.

    The diameter is that of the file, else that of the well; without either, the height is nan.
    """
    chosen = [number for number, fields in enumerate(found.fields) if "apparent_dip" in fields]
    rows = [{"diameter": None, "diameter_unit": None, **found.fields[n]} for n in chosen]
    of_well = widths(rows, hole, calipers(rows, hole))
    bare = replace(hole, bit_size=None)
    of_file = widths(rows, bare, None)
    dips = [row["apparent_dip"] for row in rows]
    known = height_of(dips, np.where(np.isnan(of_file), of_well, of_file))
    heights = dict(zip(chosen, known.tolist(), strict=True))
    return [heights.get(number) for number in range(len(found.fields))]


def _without_height(fields: Mapping[str, Any], height: float | None) -> str | None:
    """Why an apparent dip gives no height; None if it does, or if there is no such dip."""
    if height is None or np.isfinite(height):
        return None
    if fields["apparent_dip"] >= 90:
        return "a plane along the hole has no height"
    return (
        "the height of the sinusoid is not known: neither the file nor the well has a diameter;"
        " send diameter and diameter_unit, and depth_unit if the unit of depth is not known"
    )
