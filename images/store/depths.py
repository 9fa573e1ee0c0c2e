"""The sampling interval, the steps and the gaps of ascending depths."""

import math
import sys
from typing import NamedTuple

import numpy as np

from images.arrays import Depths

LARGEST = sys.float_info.max
# A step of more than this many sampling intervals is a gap.
GAP_INTERVALS = 2.0
# The most gaps that are listed; all are counted.
MAX_GAPS = 100


def sampling_interval(depths: Depths) -> float | None:
    """Return the median step between different depths; None if all depths are equal.

    ``depths`` is (n,) float64, ascending. The result is rounded to the decimal places that float64
    resolves at the largest depth, which removes rounding errors: 9000.2 - 9000.1 gives 0.1.
    """
    steps = differences(depths)
    steps.sort()
    steps = steps[np.searchsorted(steps, 0, "right") :]
    if not len(steps):
        return None
    resolution = math.ulp(float(np.abs(depths[[0, -1]]).max()))
    places = max(-math.ceil(math.log10(resolution)) - 1, 0)
    with np.errstate(over="ignore"):
        median = float(np.median(steps, overwrite_input=True))
    return round(min(median, LARGEST), places)


def differences(depths: Depths) -> Depths:
    """Return the steps between neighbours of (n,) ascending depths, (n - 1,) finite float64."""
    with np.errstate(over="ignore"):
        found = np.diff(depths)
    # In place: for millions of rows this array is the largest of an ingest.
    return np.minimum(found, LARGEST, out=found)


def duplicates(depths: Depths) -> int:
    """Count the depths that equal the one before; ``depths`` is (n,) float64, ascending."""
    return int((depths[1:] == depths[:-1]).sum())


class Steps(NamedTuple):
    """The depth steps of a log.

    ``smallest`` and ``largest`` are those between different depths, None for a log of one depth.
    ``gaps`` are the first MAX_GAPS gaps, each with its top and base; ``gap_count`` counts all gaps.
    """

    smallest: float | None
    largest: float | None
    gaps: list[tuple[float, float]]
    gap_count: int

    @property
    def ends(self) -> list[float]:
        """The gaps in one list: the top and the base of the first, of the second, …"""
        return [end for gap in self.gaps for end in gap]


def steps(depths: Depths, sampling_interval: float | None) -> Steps:
    """Find the steps and gaps of ``depths``, (n,) float64, ascending."""
    if sampling_interval is None:
        return Steps(None, None, [], 0)
    found = differences(depths)
    wide = np.flatnonzero(found > GAP_INTERVALS * sampling_interval)
    gaps = [(float(depths[i]), float(depths[i + 1])) for i in wide[:MAX_GAPS]]
    # ``where`` avoids a copy of the steps, of which there may be millions.
    smallest = found.min(initial=np.inf, where=found > 0)
    return Steps(float(smallest), float(found.max()), gaps, len(wide))
