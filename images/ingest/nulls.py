"""What stands for a reading that is missing, among values and among depths."""

from collections import Counter

import numpy as np

from images.arrays import Depths
from images.ingest.table import USUAL_NULLS, Values


def blank(values: Values, nulls: tuple[float, ...]) -> Counter[float]:
    """Make NaN of the ``nulls`` in (n, width) float32 ``values``, in place; how many of each."""
    found: Counter[float] = Counter()
    if not values.size or not np.isfinite(values).any():
        return found
    smallest, largest = np.nanmin(values), np.nanmax(values)
    for null in dict.fromkeys(nulls):
        with np.errstate(over="ignore"):
            written = np.float32(null)
        if smallest <= written <= largest:
            places = values == written
            if count := int(places.sum()):
                values[places] = np.nan
                found[null] += count
    return found


def null_depths(depths: Depths, nulls: tuple[float, ...] = ()) -> np.ndarray:
    """Which of (n,) ``depths`` are nulls: NaN, the ``nulls`` of the file, and the usual ones unless
    they lie among the others, as they do in a hole that is logged so far above its datum."""
    null = np.isnan(depths)
    known = np.isin(depths, list(nulls) or list(USUAL_NULLS)) if len(depths) else null
    others = depths[~known & ~null]
    if len(others) and not nulls:
        known &= (depths < others.min()) | (depths > others.max())
    return null | known
