"""Depths in the order of a file, and what stands for a missing reading or depth."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from images.arrays import Depths
from images.ingest.table import USUAL_NULLS, Values


class Turns:
    """Where the depths of a file turn back, as block after block comes in."""

    def __init__(self) -> None:
        self.count = 0
        self.first: tuple[float, float] | None = None
        self._last: float | None = None
        self._sign = 0
        self._moves = 0

    def add(self, depths: Depths) -> None:
        """Look at the next (n,) ``depths`` of the file, none of which is null."""
        if self._last is not None:
            depths = np.concatenate(([self._last], depths))
        if len(depths) < 2:
            self._last = float(depths[-1]) if len(depths) else self._last
            return
        with np.errstate(over="ignore"):
            signs = np.sign(np.diff(depths)).astype(np.int8)
        moved = np.flatnonzero(signs)
        going = np.concatenate(([self._sign], signs[moved]))
        turned = np.flatnonzero((going[1:] != going[:-1]) & (going[:-1] != 0))
        if len(turned) and self.first is None:
            at = moved[turned[0]]
            self.first = float(depths[at]), float(depths[at + 1])
        self.count += len(turned)
        self._moves += len(moved)
        self._sign, self._last = int(going[-1]), float(depths[-1])

    def warning(self) -> tuple[str, str] | None:
        """What whoever sent the file should know, as (code, detail)."""
        # Two moves tell no direction.
        if self.first is None or self._moves < 3:
            return None
        before, after = self.first
        times = "once" if self.count == 1 else f"{self.count} times"
        detail = f"the depths turn back {times}, first from {before:.10g} to {after:.10g}: runs may"
        return "depths-overlap", f"{detail} overlap. All rows are kept, in the order of depth"


def blank(values: Values, nulls: tuple[float, ...]) -> Counter[float]:
    """Make NaN of the ``nulls`` in (n, width) float32 ``values``, in place; how many of each."""
    found: Counter[float] = Counter()
    for null, places in _places(values, nulls):
        found[null] += int(np.count_nonzero(places))
        values[places] = np.nan
    return found


def among(values: Values, nulls: tuple[float, ...]) -> Counter[float]:
    """How many of each of ``nulls`` there are in (n, width) float32 ``values``."""
    return Counter({n: int(np.count_nonzero(places)) for n, places in _places(values, nulls)})


def _places(
    values: Values, nulls: tuple[float, ...]
) -> Iterator[tuple[float, np.ndarray[Any, np.dtype[np.bool_]]]]:
    """Where each of the ``nulls`` is, if anywhere."""
    if not values.size:
        return
    # Unlike nanmin, these two make no copy, and pass over NaN.
    smallest = np.fmin.reduce(values, axis=None)
    largest = np.fmax.reduce(values, axis=None)
    for null in dict.fromkeys(nulls):
        with np.errstate(over="ignore"):
            written = np.float32(null)
        if smallest <= written <= largest and (places := values == written).any():
            yield null, places


def null_depths(depths: Depths, nulls: tuple[float, ...] = ()) -> np.ndarray:
    """Which of (n,) ``depths`` are nulls: NaN, the ``nulls`` of the file, or the usual ones, unless
    they are a step from the depth before or after: a hole may be logged so far above its datum, and
    a file may declare 0 for nulls."""
    null = np.isnan(depths)
    known = np.isin(depths, list(nulls) or list(USUAL_NULLS)) if len(depths) else null
    others = depths[~known & ~null]
    if known.any() and len(others) > 1:
        step = float(np.median(np.abs(np.diff(others))))
        near = np.abs(np.diff(depths)) <= 1.5 * step
        known[1:] &= ~(near & ~known[:-1])
        known[:-1] &= ~(near & ~known[1:])
    return null | known
