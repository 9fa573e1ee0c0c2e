"""The histogram of the grays of a log, and statistics from it."""

from typing import Any

import numpy as np
from PIL import Image

from images.arrays import Histogram, Traces

PERCENTILES = (2, 25, 50, 75, 98)


def histogram(traces: Traces) -> Histogram:
    """Count the pixels of each gray in (n, width) uint8 ``traces``; returns (256,) int64."""
    return np.array(Image.fromarray(traces).histogram(), np.int64)


def percentile(counts: Histogram, percent: float) -> int:
    """Return the smallest gray that at least ``percent`` % of the pixels do not exceed.

    ``counts`` is a (256,) int64 histogram. This is ``numpy.percentile`` with the method
    "inverted_cdf".
    """
    cumulative = np.cumsum(counts)
    return int(np.searchsorted(cumulative, max(cumulative[-1] * percent / 100, 1)))


def summary(counts: Histogram) -> dict[str, Any]:
    """Return histogram, minimum, maximum, mean and percentiles for a (256,) int64 histogram."""
    grays = np.flatnonzero(counts)
    return {
        "histogram": counts.tolist(),
        "minimum": int(grays[0]),
        "maximum": int(grays[-1]),
        "mean": float(counts @ np.arange(256) / counts.sum()),
        "percentiles": {str(p): percentile(counts, p) for p in PERCENTILES},
    }
