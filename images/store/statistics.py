"""What a log says about its grays and its depths, without being read again."""

from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from images.arrays import Depths, Histogram, Traces
from images.store.depths import differences

PERCENTILES = (2, 25, 50, 75, 98)
# Two depths further apart than this many sampling intervals have a gap between them.
GAP_INTERVALS = 2.0
MAX_GAPS = 100


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


def histogram(traces: Traces) -> Histogram:
    """The number of pixels of each gray, (256,) int64, in (n, width) uint8 traces."""
    if not traces.size:
        return np.zeros(256, np.int64)
    return np.array(Image.fromarray(traces).histogram(), np.int64)


def percentile(counts: Histogram, percent: float) -> int:
    """The smallest gray that at least ``percent`` of the pixels do not exceed.

    Parameters: ``counts`` is (256,) int64. numpy calls this method "inverted_cdf".
    """
    cumulative = np.cumsum(counts)
    return int(np.searchsorted(cumulative, max(cumulative[-1] * percent / 100, 1)))


def summary(counts: Histogram) -> dict[str, Any]:
    """Histogram, minimum, maximum, mean and percentiles of the grays."""
    grays = np.flatnonzero(counts)
    return {
        "histogram": counts.tolist(),
        "minimum": int(grays[0]),
        "maximum": int(grays[-1]),
        "mean": float(counts @ np.arange(256) / counts.sum()),
        "percentiles": {str(p): percentile(counts, p) for p in PERCENTILES},
    }
