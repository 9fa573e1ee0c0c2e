"""Lists of picks: pages of JSON, and files of any length."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np
from rest_framework.request import Request
from rest_framework.utils.urls import remove_query_param, replace_query_param

from dips.formats import writing
from dips.models import Query
from dips.picks import holes
from dips.picks.shown import shown
from dips.planes import geometry
from storage.errors import translated
from wells.hole import Hole

PIECE = 1_000
PAGE = 100
CSV, PLAIN = "text/csv; charset=utf-8", "text/plain; charset=utf-8"
OF_ONE_WELL = ("las", "techlog")


@translated()
def page(request: Request, query: Query, asked: Mapping[str, Any]) -> dict[str, Any]:
    """A page in the form of DRF's. Raises StorageUnavailable."""
    limit, offset = asked.get("limit", PAGE), asked.get("offset", 0)
    picks = query.page(offset, limit)
    count = query.count()
    found = _shown(picks, holes.holes({pick["well"] for pick in picks}))
    if "structural" in asked:
        _restore(found, *asked["structural"])
    url = request.build_absolute_uri()
    after, before = offset + limit, max(0, offset - limit)
    here = replace_query_param(url, "limit", limit)
    first = remove_query_param(here, "offset")
    return {
        "count": count,
        "next": replace_query_param(here, "offset", after) if after < count else None,
        "previous": (replace_query_param(here, "offset", before) if before else first)
        if offset
        else None,
        "results": found,
    }


@translated()
def file(query: Query, form: str) -> tuple[Iterator[bytes], str]:
    """The picks as a file, by the wells as they are now, and its media type.

    Raises WellNotFound for LAS and Techlog, StorageUnavailable; the file too raises that when it is
    read.
    """
    if form in OF_ONE_WELL:
        hole = holes.hole(query.well or "")
        pieces = _pieces(query, {hole.name: hole})
        if form == "techlog":
            return writing.as_techlog(hole.depth_unit, pieces), CSV
        return writing.as_las(hole.name, hole.depth_unit, query.ends(), pieces), PLAIN
    known = {} if query.well is None else holes.holes([query.well])
    return writing.as_csv(_pieces(query, known)), CSV


def _pieces(query: Query, known: dict[str, Hole]) -> Iterator[list[dict[str, Any]]]:
    """All picks, piece by piece; a well is asked for once, so that all of it is of one moment."""
    picks = query.each(PIECE)
    while piece := [*islice(picks, PIECE)]:
        missing = {pick["well"] for pick in piece} - known.keys()
        known |= holes.holes(missing) if missing else {}
        yield _shown(piece, known)


def _shown(picks: Any, known: dict[str, Hole]) -> list[dict[str, Any]]:
    """Picks of several wells, in their order."""
    found: list[dict[str, Any]] = []
    start = 0
    for end in range(1, len(picks) + 1):
        if end == len(picks) or picks[end]["well"] != picks[start]["well"]:
            hole = known[picks[start]["well"]]
            part = picks[start:end]
            found += shown(part, hole)
            start = end
    return found


def _restore(dips: list[dict[str, Any]], dip: float, azimuth: float) -> None:
    """Add dips as they were before the beds were tilted by a structural dip."""
    true = np.array([[one["true_dip"], one["true_azimuth"]] for one in dips], float).reshape(-1, 2)
    restored = geometry.without_structural_dip(true[:, 0], true[:, 1], dip, azimuth)
    names = ("restored_dip", "restored_azimuth")
    for one, *values in zip(dips, *(part.tolist() for part in restored), strict=True):
        one |= {
            name: None if value != value else value
            for name, value in zip(names, values, strict=True)
        }
