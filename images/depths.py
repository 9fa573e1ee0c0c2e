"""What an ascending column of depths says about itself."""

import math

import numpy as np

from images.csv_rows import Depths


def sampling_interval(depths: Depths) -> float | None:
    """The median step between different depths, or None where there is only one depth.

    Parameters: ``depths`` is (n,) float64, ascending.

    The difference of two depths carries their rounding errors, so it is rounded to the decimal
    places that float64 resolves at the largest depth: 9000.2 - 9000.1 is 0.1.
    """
    steps = np.diff(depths)
    steps.sort()
    steps = steps[np.searchsorted(steps, 0, "right") :]
    if not len(steps):
        return None
    resolution = float(np.spacing(np.abs(depths[[0, -1]]).max()))
    return round(
        float(np.median(steps, overwrite_input=True)), -math.ceil(math.log10(resolution)) - 1
    )


def duplicates(depths: Depths) -> int:
    """How many of the ascending ``depths``, (n,) float64, repeat the one before."""
    return int((depths[1:] == depths[:-1]).sum())
