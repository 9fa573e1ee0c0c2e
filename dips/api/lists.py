"""Lists of picks: pages of JSON, and files of any length."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request

from dips.formats import writing
from dips.models import Query
from dips.picks import holes
from dips.picks.computation import Pick
from dips.picks.shown import BYTES_A_BYTE, listed, shown
from dips.planes import geometry
from storage.errors import translated
from web.budget import reserved
from web.parameters import MAX_PAGE
from web.views import WholeResponse, json_response
from wells.hole import Hole

# A file is written in pieces of so many picks, or of fewer with so many points. MongoDB replies
# with FETCHED picks at a time.
PIECE, PIECE_POINTS, FETCHED = 1_000, 20_000, 200
# Memory for that, measured with 1 000 points a pick.
STREAM_BYTES = 32 * 1024**2
# Wells whose surveys are in memory together.
WELLS_AT_ONCE = 16
CSV, PLAIN = "text/csv; charset=utf-8", "text/plain; charset=utf-8"
OF_ONE_WELL = ("las", "techlog")


@translated()
def page(
    request: Request, query: Query, structural: tuple[float, float] | None = None
) -> WholeResponse:
    """A page of picks as JSON, made within the memory budget. A ``structural`` dip adds restored
    dips.

    Raises TooLargeForBudget, BudgetExhausted, StorageUnavailable.
    """
    paginator = LimitOffsetPagination()
    limit = paginator.get_limit(request) or MAX_PAGE

    def made() -> Any:
        found = _shown(paginator.paginate_queryset(query, request), {})
        if structural:
            _restore(found, *structural)
        return paginator.get_paginated_response(found).data

    nbytes = query.nbytes(paginator.get_offset(request), limit) * BYTES_A_BYTE
    what = f"a page of {limit} picks with their points; ask for a smaller limit"
    return json_response(nbytes, what, made)


@translated()
def file(query: Query, form: str) -> tuple[Iterator[bytes], str]:
    """All picks of a query as a file, and its media type.

    The file holds memory of the budget until it is read or closed. Raises BudgetExhausted;
    StorageUnavailable, also while the file is read; WellNotFound for LAS and Techlog.
    """
    pieces, media_type = _file(query, form)
    return reserved(STREAM_BYTES, "a file of picks", lambda: pieces), media_type


def _file(query: Query, form: str) -> tuple[Iterator[bytes], str]:
    if form in OF_ONE_WELL:
        hole = holes.hole(query.well or "")
        pieces = _pieces(query, {hole.name: hole})
        if form == "techlog":
            return writing.as_techlog(hole.depth_unit, pieces), CSV
        return writing.as_las(hole.name, hole.depth_unit, query.ends(), pieces), PLAIN
    return writing.as_csv(_pieces(query, {})), CSV


def _pieces(query: Query, known: dict[str, Hole]) -> Iterator[list[dict[str, Any]]]:
    """All picks, piece by piece. Each well is read once, so that all its dips are of one moment."""
    piece: list[Pick] = []
    points = 0
    for pick in query.each(FETCHED):
        piece.append(pick)
        points += len(pick["points"] or ())
        if len(piece) >= PIECE or points >= PIECE_POINTS:
            yield _shown(piece, known)
            piece, points = [], 0
    if piece:
        yield _shown(piece, known)


def _shown(picks: Iterable[Pick], known: dict[str, Hole]) -> list[dict[str, Any]]:
    """Picks of several wells, in the same order, as the API shows them.

    ``known`` are wells that have been read. Only the last few stay in it, because each may have a
    large survey.
    """
    by_well = [(well, [*part]) for well, part in groupby(picks, itemgetter("well"))]
    found = []
    for start in range(0, len(by_well), WELLS_AT_ONCE):
        some = dict(by_well[start : start + WELLS_AT_ONCE])
        missing = some.keys() - known.keys()
        read = holes.holes(missing) if missing else {}
        kept = {well: known[well] for well in some.keys() - missing}
        known.clear()
        known.update(kept | read)
        found += [dip for well, part in some.items() for dip in shown(part, known[well])]
    return found


def _restore(dips: list[dict[str, Any]], dip: float, azimuth: float) -> None:
    """Add the dips from before a structural dip tilted the beds."""
    true = np.array([[one["true_dip"], one["true_azimuth"]] for one in dips], float).reshape(-1, 2)
    restored = geometry.without_structural_dip(true[:, 0], true[:, 1], dip, azimuth)
    for name, values in zip(("restored_dip", "restored_azimuth"), restored, strict=True):
        for one, value in zip(dips, listed(values), strict=True):
            one[name] = value
