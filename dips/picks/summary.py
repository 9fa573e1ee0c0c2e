"""The statistics of an interval, of all picks and type by type."""

import math
from typing import Any

import numpy as np

from dips.picks.selection import Selection
from dips.picks.shown import listed
from dips.planes import statistics
from dips.terms import DipType
from wells.survey import Floats, wrapped


def summary(selection: Selection, top: float | None, base: float | None) -> dict[str, Any]:
    """Count, mean pole, concentration, spacing and P10 between two depths; without them, between
    the first and the last pick."""
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
    weights = known.terzaghi
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
    mean, median, p10 = None, None, math.nan
    if len(selection.depth) and length > 0:
        mean, median, p10 = statistics.spacing(selection.depth, length, weights)
    # In the shortest intervals, there are more picks in a unit than a number can be.
    told = {f"spacing_mean{suffix}": mean, f"p10{suffix}": p10 if math.isfinite(p10) else None}
    return told if suffix else {**told, "spacing_median": median}


def _mean(selection: Selection, weights: Floats | None) -> dict[str, Any] | None:
    if not len(selection.depth):
        return None
    found = statistics.mean_pole(selection.dip, selection.azimuth, weights)
    azimuth, trend = listed(np.array([found.azimuth, wrapped(found.azimuth + 180)]))
    return {
        "dip": found.dip,
        "azimuth": azimuth,
        "pole_plunge": 90 - found.dip,
        "pole_trend": trend,
        "resultant": found.resultant,
        "concentration": found.concentration,
        "confidence": found.confidence,
    }
