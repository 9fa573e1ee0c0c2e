"""The picks for a diagram or for statistics, as arrays, limited in number."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

import numpy as np

from dips.errors import TooManyDips
from dips.models import ORDER, Dip, Query
from dips.picks import holes
from dips.picks.calipers import calipers
from dips.picks.computation import in_depth_unit, planes
from dips.planes import geometry, statistics
from storage.documents import collection
from storage.errors import translated
from web.budget import Reservation, budget
from wells.hole import Hole
from wells.survey import Floats

MAX_DIPS = 100_000
# Memory for a pick while it is computed, and for a pixel of a diagram while it is drawn.
PICK_BYTES = 2_000
PIXEL_BYTES = 12
# The fields that dips are computed from; points and comments are not fetched.
FIELDS = (
    *("well", "log", "type", "basis", "depth", "height", "azimuth", "plane_dip", "plane_azimuth"),
    *("reference", "diameter", "diameter_unit", "edits", "born", "edited"),
)


@dataclass(frozen=True)
class Selection:
    """Picks of one well with their true dips, each array (n,); ``known`` have one.

    ``azimuth`` is nan for horizontal planes. ``trace_length`` is that on the wall, in the unit of
    depth, 0 where unknown. ``terzaghi`` are the weights of the planes as the hole meets them, even
    if a structural dip has been removed from ``dip`` and ``azimuth``; 1 where the direction of the
    hole is not known.
    """

    hole: Hole
    version: str
    types: Any
    depth: Floats
    dip: Floats
    azimuth: Floats
    trace_length: Floats
    terzaghi: Floats

    @property
    def known(self) -> Any:
        return np.isfinite(self.dip)

    def only(self, chosen: Any) -> "Selection":
        """The picks where ``chosen`` (n,) is true."""
        arrays = ("types", "depth", "dip", "azimuth", "trace_length", "terzaghi")
        return replace(self, **{name: getattr(self, name)[chosen] for name in arrays})


@contextmanager
@translated()
def reserved(query: Query, pixels: int = 0) -> Iterator[Reservation]:
    """Hold the memory for the picks of a query, and for a diagram of so many pixels.

    Raises TooManyDips, BudgetExhausted, StorageUnavailable.
    """
    count = query.count(MAX_DIPS + 1)
    if count > MAX_DIPS:
        raise TooManyDips(f"more than {MAX_DIPS} picks match; give min, max, log or type")
    with budget.reserve(
        count * PICK_BYTES + pixels * PIXEL_BYTES, f"{count} picks; give min, max, log or type"
    ) as memory:
        yield memory


@translated()
def select(query: Query, structural: tuple[float, float] | None = None) -> Selection:
    """The picks of a query that names a well; a ``structural`` dip is removed from their dips.

    Raises WellNotFound, StorageUnavailable.
    """
    hole = holes.hole(query.well or "")
    fields = dict.fromkeys(FIELDS, 1)
    cursor = collection(Dip).find(query.filter, fields, sort=ORDER, limit=MAX_DIPS)
    found: list[Mapping[str, Any]] = list(cursor.batch_size(10_000))
    digest = blake2b(f"{hole.well_id} {hole.generation}".encode(), digest_size=16)
    for pick in found:
        digest.update(pick["_id"].binary + pick["edits"].to_bytes(4))
    dips = planes(found, hole, calipers(found, hole))
    dip, azimuth = dips.true_dip, dips.true_azimuth
    weights = statistics.terzaghi(dip, azimuth, dips.hole_inclination, dips.hole_azimuth)
    if structural is not None:
        dip, azimuth = geometry.without_structural_dip(dip, azimuth, *structural)
    wide = in_depth_unit(dips.diameter, dips.diameter_unit, hole)
    return Selection(
        hole,
        digest.hexdigest(),
        types=np.array([pick["type"] for pick in found], str),
        depth=np.array([pick["depth"] for pick in found], np.float64),
        dip=dip,
        azimuth=azimuth,
        trace_length=np.nan_to_num(statistics.trace_length(dips.apparent_dip, wide)),
        terzaghi=np.where(np.isfinite(weights), weights, 1.0),
    )
