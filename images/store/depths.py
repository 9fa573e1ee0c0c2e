"""What an ascending column of depths says about itself."""

import math
import sys
from typing import NamedTuple

import numpy as np

from images.arrays import Depths

LARGEST = sys.float_info.max
# Two depths further apart than this many sampling intervals have a gap between them.
GAP_INTERVALS = 2.0
MAX_GAPS = 100


def sampling_interval(depths: Depths) -> float | None:
    """The median step between different depths, or None where there is only one depth.

    Parameters: ``depths`` is (n,) float64, ascending.

    The difference of two depths carries their rounding errors, so it is rounded to the decimal
    places that float64 resolves at the largest depth: 9000.2 - 9000.1 is 0.1.
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
    """The steps between neighbours of (n,) ascending depths, (n - 1,) float64, always finite."""
    with np.errstate(over="ignore"):
        apart = np.diff(depths)
    # In place: of millions of rows this is the most memory that an ingest takes.
    return np.minimum(apart, LARGEST, out=apart)


def duplicates(depths: Depths) -> int:
    """How many of the ascending ``depths``, (n,) float64, repeat the one before."""
    return int((depths[1:] == depths[:-1]).sum())


class Steps(NamedTuple):
    """The depth steps of a log: the smallest and the largest between different depths, the gaps
    (the first MAX_GAPS of them, each with its two ends) and their number."""

    smallest: float | None
    largest: float | None
    gaps: list[tuple[float, float]]
    gap_count: int

    @property
    def ends(self) -> list[float]:
        """Both ends of all the gaps, one after the other."""
        return [end for gap in self.gaps for end in gap]


def steps(depths: Depths, sampling_interval: float | None) -> Steps:
    """Look through ``depths``, (n,) float64, ascending."""
    if sampling_interval is None:
        return Steps(None, None, [], 0)
    apart = differences(depths)
    wide = np.flatnonzero(apart > GAP_INTERVALS * sampling_interval)
    gaps = [(float(depths[i]), float(depths[i + 1])) for i in wide[:MAX_GAPS]]
    # Without a copy of what may be millions of steps.
    smallest = apart.min(initial=np.inf, where=apart > 0)
    return Steps(float(smallest), float(apart.max()), gaps, len(wide))
