"""Keep values beside the grays until it is known that the grays do not destroy them.

Values with decimals, such as densities, may lie so close together that they become few different
grays. They are kept as values then.
"""

import math
from typing import NamedTuple

import numpy as np

from images.arrays import Depths, Pixels, Traces
from images.ingest.resample import WIDTH, resize_values
from images.ingest.table import Told
from images.store.spool import TraceSpool

# Decimals that become fewer different grays are kept as values.
FEWEST_GRAYS = 16


class SlabValues(NamedTuple):
    """The range of the values of a slab, whether there are decimals, and, where the grays are few,
    the rows resized as values, (n, 150) float32."""

    least: float
    most: float
    decimals: bool
    traces: Traces | None


def values_of(pixels: Pixels, wanted: bool) -> SlabValues:
    """What (n, 200) ``pixels`` tell; only the range once values are not ``wanted`` any more."""
    if not len(pixels):
        return SlabValues(math.inf, -math.inf, False, None)
    least, most = float(pixels.min()), float(pixels.max())
    few = wanted and _grays(least, most) < FEWEST_GRAYS
    decimals = wanted and pixels.dtype != np.uint8 and bool((pixels != np.floor(pixels)).any())
    traces = resize_values(pixels.astype(np.float32), WIDTH) if few else None
    return SlabValues(least, most, decimals, traces)


class ValuesBeside:
    """Takes the values of slab after slab; ``spool`` is None once grays are known to suffice."""

    def __init__(self) -> None:
        self.spool: TraceSpool | None = TraceSpool(WIDTH, np.float32)
        self._least, self._most, self._decimals = math.inf, -math.inf, False

    def close(self) -> None:
        """Give back the temporary file."""
        if self.spool is not None:
            self.spool.close()

    def add(self, depths: Depths, values: SlabValues) -> None:
        """Take the values at (n,) ``depths``."""
        self._least, self._most = min(self._least, values.least), max(self._most, values.most)
        self._decimals = self._decimals or values.decimals
        if self.spool is None or math.isinf(self._least):
            return
        if _grays(self._least, self._most) >= FEWEST_GRAYS:
            self.spool.close()
            self.spool = None
        elif values.traces is not None:
            self.spool.append(depths, values.traces)

    @property
    def kept(self) -> TraceSpool | None:
        """The values where grays would destroy them, else None."""
        return self.spool if self._decimals else None

    def warning(self) -> Told | None:
        """The warning for the sender of the file, as (code, detail)."""
        if self.kept is None:
            return None
        span, grays = f"{self._least:g} to {self._most:g}", _grays(self._least, self._most)
        detail = f"the values, from {span}, would be {grays} grays: they are kept as values"
        return "values-kept", f"{detail}, resized to {WIDTH} columns"


def _grays(least: float, most: float) -> int:
    """How many grays there are between two values."""
    return int(np.rint(most) - np.rint(least)) + 1
