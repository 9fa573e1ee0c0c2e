"""Picks that diagrams and statistics are made of, as arrays, bounded in number."""

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
from dips.picks.computation import Planes, planes
from dips.planes import geometry, statistics
from dips.planes.statistics import Mean, Spacing
from dips.terms import DipType
from storage.errors import translated
from web.budget import budget
from wells.hole import Hole
from wells.models import collection
from wells.survey import Floats
from wells.units import factor

MAX_DIPS = 100_000
# What a pick takes while it is computed, and what a pixel of a diagram takes while it is drawn.
PICK_BYTES = 2_000
PIXEL_BYTES = 12
# All that dips are computed from; points and words stay where they are.
FIELDS = (
    *("well", "log", "type", "basis", "depth", "height", "azimuth", "plane_dip", "plane_azimuth"),
    *("reference", "diameter", "diameter_unit", "edits", "born", "edited"),
)


@dataclass(frozen=True)
class Selection:
    """The picks of one well that fit a query, with their dips; ``known`` have a true dip."""

    hole: Hole
    types: Any
    depth: Floats
    planes: Planes
    version: str

    @property
    def known(self) -> Any:
        return np.isfinite(self.planes.true_dip)

    @property
    def azimuth(self) -> Floats:
        """True azimuths (n,); 0 for horizontal planes, which have none."""
        return np.nan_to_num(self.planes.true_azimuth)

    def only(self, chosen: Any) -> "Selection":
        """Those picks that are chosen (n,) bool."""
        places = np.flatnonzero(chosen)
        parts: dict[str, Any] = {}
        for name in Planes.__slots__:
            column = getattr(self.planes, name)
            many = isinstance(column, np.ndarray)
            parts[name] = column[places] if many else [column[place] for place in places]
        return Selection(
            self.hole, self.types[places], self.depth[places], Planes(**parts), self.version
        )

    def terzaghi(self) -> Floats:
        """Weights (n,); 1 where the direction of the hole is not known."""
        found = self.planes
        weights = statistics.terzaghi(
            found.true_dip, self.azimuth, found.hole_inclination, found.hole_azimuth
        )
        return np.where(np.isfinite(found.hole_inclination), weights, 1.0)

    def lengths(self) -> Floats:
        """The lengths (n,) of the traces on the wall, in the unit of depth; 0 where unknown."""
        unit = self.hole.depth_unit
        factors = [
            np.nan if own is None or unit is None else factor(own, unit)
            for own in self.planes.diameter_unit
        ]
        wide = self.planes.diameter * np.array(factors, float)
        return np.nan_to_num(statistics.trace_length(self.planes.apparent_dip, wide))


@contextmanager
@translated()
def reserved(query: Query, pixels: int = 0) -> Iterator[None]:
    """Hold the memory for the picks of a query, and for a diagram of so many pixels.

    Raises TooManyDips, BudgetExhausted, StorageUnavailable.
    """
    count = query.count(MAX_DIPS + 1)
    if count > MAX_DIPS:
        raise TooManyDips(f"more than {MAX_DIPS} picks match; give min, max, log or type")
    with budget.reserve(
        count * PICK_BYTES + pixels * PIXEL_BYTES, f"{count} picks; give min, max, log or type"
    ):
        yield


@translated()
def select(query: Query, structural: tuple[float, float] | None = None) -> Selection:
    """The picks of a query that names a well, without a structural dip where one is given.

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
    if structural is not None:
        true = geometry.without_structural_dip(dips.true_dip, dips.true_azimuth, *structural)
        dips = replace(dips, true_dip=true[0], true_azimuth=true[1])
    return Selection(
        hole,
        np.array([pick["type"] for pick in found], str),
        np.array([pick["depth"] for pick in found], np.float64),
        dips,
        digest.hexdigest(),
    )


def summary(selection: Selection, top: float | None, base: float | None) -> dict[str, Any]:
    """Count, mean pole, concentration, spacing and P10 between two depths, by default those of the
    first and the last pick."""
    depths = selection.depth
    top = float(depths.min()) if top is None and len(depths) else top
    base = float(depths.max()) if base is None and len(depths) else base
    length = 0.0 if top is None or base is None else base - top
    kinds = [kind for kind in DipType if (selection.types == kind).any()]
    return {
        "well": selection.hole.name,
        "top": top,
        "base": base,
        "depth_unit": selection.hole.depth_unit,
        **_part(selection, length),
        "types": {
            kind.value: _part(selection.only(selection.types == kind), length) for kind in kinds
        },
    }


def _part(selection: Selection, length: float) -> dict[str, Any]:
    known = selection.only(selection.known)
    weights = known.terzaghi()
    return {
        "count": len(selection.depth),
        "count_with_true_dip": len(known.depth),
        "mean": _mean(known, None),
        "mean_terzaghi": _mean(known, weights),
        **_spaced("", selection, length, None),
        **_spaced("_terzaghi", known, length, weights),
    }


def _spaced(
    suffix: str, selection: Selection, length: float, weights: Floats | None
) -> dict[str, Any]:
    empty = not len(selection.depth) or length <= 0
    found = (
        Spacing(None, None, 0.0) if empty else statistics.spacing(selection.depth, length, weights)
    )
    told = {f"spacing_mean{suffix}": found.mean, f"p10{suffix}": None if empty else found.p10}
    return told if suffix else {**told, "spacing_median": found.median}


def _mean(selection: Selection, weights: Floats | None) -> dict[str, Any] | None:
    if not len(selection.depth):
        return None
    found: Mean = statistics.mean_pole(selection.planes.true_dip, selection.azimuth, weights)
    steep = np.nan if np.isnan(found.azimuth) else (found.azimuth + 180) % 360
    return {
        "dip": found.dip,
        "azimuth": _or_none(found.azimuth),
        "pole_plunge": 90 - found.dip,
        "pole_trend": _or_none(steep),
        "resultant": found.resultant,
        "concentration": found.concentration,
        "confidence": found.confidence,
    }


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
