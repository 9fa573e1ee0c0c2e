"""Statistics of planes: mean pole, concentration, spacing, intensity, density.

Poles are axes: a pole and its opposite are the same. Arrays are (n,) or (n, 3), angles degrees,
vectors east, north, up, as in ``geometry``.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from dips.planes.geometry import plane_of, pole
from wells.survey import Floats, down, wrapped

# The weight of a plane that is within about 6 degrees of the hole.
MAX_TERZAGHI = 10.0
# Standard deviations of a uniform distribution, in Kamb's method.
KAMB_SIGMA = 3.0
# A pole that adds less than e to the minus this to a density is left out of it.
NEGLIGIBLE = 40.0


class Mean(NamedTuple):
    """The mean plane, and how closely the others lie around it.

    ``resultant`` is R / n, 0 to 1. ``concentration`` is Fisher's kappa, None for planes that are
    all the same; ``confidence`` is the half angle of the cone that holds the true mean pole with
    95 % probability, None where there is none.
    """

    dip: float
    azimuth: float
    resultant: float
    concentration: float | None
    confidence: float | None


def mean_pole(dip: Floats, azimuth: Floats, weights: Floats | None = None) -> Mean:
    """The mean of planes with these dips and dip azimuths, and positive weights, each (n,), n >= 1.

    Fisher, "Dispersion on a sphere", Proc. R. Soc. A 217 (1953). The poles are first turned to the
    side of their principal axis, so that steep planes do not cancel each other out.
    """
    poles = pole(dip, azimuth)
    weight = np.ones(len(poles)) if weights is None else weights * len(poles) / weights.sum()
    principal = np.linalg.eigh((poles * weight[:, None]).T @ poles)[1][:, -1]
    poles = poles * np.where(poles @ principal < 0, -1, 1)[:, None]
    total = np.sum(poles * weight[:, None], axis=0)
    n, length = len(poles), float(np.linalg.norm(total))
    dips, azimuths = plane_of(total[None] / length)
    spread = n - length
    kappa = (n - 1) / spread if n > 1 and spread > 1e-9 * n else None
    return Mean(
        float(dips[0]), float(azimuths[0]), length / n, kappa, _confidence(n, length, kappa)
    )


def _confidence(n: int, length: float, kappa: float | None) -> float | None:
    if kappa is None:
        return None
    cos = 1 - (n - length) / length * (0.05 ** (-1 / (n - 1)) - 1)
    return None if cos < -1 else float(np.degrees(np.arccos(cos)))


def terzaghi(dip: Floats, azimuth: Floats, inclination: Floats, hole_azimuth: Floats) -> Floats:
    """Weights (n,), 1 to MAX_TERZAGHI, because a hole meets few of the planes that run along it.

    True dips and dip azimuths, and inclinations and azimuths of the hole, are (n,). Terzaghi,
    "Sources of error in joint surveys", Géotechnique 15 (1965): one over the cosine of the angle
    between the pole and the hole.
    """
    met = np.abs(np.sum(pole(dip, azimuth) * down(inclination, hole_azimuth), axis=1))
    return 1 / np.maximum(met, 1 / MAX_TERZAGHI)


class Spacing(NamedTuple):
    """How far apart planes are along the hole, and how many there are in a unit of length."""

    mean: float | None
    median: float | None
    p10: float


def spacing(depth: Floats, length: float, weights: Floats | None = None) -> Spacing:
    """The spacing of planes at ``depth`` (n,) in an interval of ``length`` > 0, in one unit.

    With Terzaghi's ``weights`` (n,), P10 is that of a line at right angles to the planes, the mean
    spacing is the distance at right angles, and the median is None.
    """
    count = len(depth) if weights is None else float(weights.sum())
    p10 = count / length
    if weights is not None:
        return Spacing(1 / p10 if p10 else None, None, p10)
    gaps = np.diff(np.sort(depth))
    if not len(gaps):
        return Spacing(None, None, p10)
    return Spacing(float(gaps.mean()), float(np.median(gaps)), p10)


def equal_area(poles: Floats) -> tuple[Floats, Floats]:
    """The places x, y, each (n,), of directions (n, 3) on a net of radius 1, which show their lower
    ends: Lambert's azimuthal equal-area projection, east to the right and north up."""
    down = poles * np.where(poles[:, 2:] > 0, -1, 1)
    scale = np.sqrt(1 / np.maximum(1 - down[:, 2], 1e-12))
    return down[:, 0] * scale, down[:, 1] * scale


def planes_at(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Dips and dip azimuths, each (n,), of the planes whose poles ``equal_area`` shows at x, y;
    beyond the net, of those at its rim."""
    dip = 2 * np.degrees(np.arcsin(np.minimum(np.hypot(x, y), 1.0) / np.sqrt(2)))
    return dip, wrapped(np.degrees(np.arctan2(x, y)) + 180)


def kamb(poles: Floats, stations: Floats, weights: Floats | None = None) -> Floats:
    """The density (m,) of poles (n, 3) at directions (m, 3), in standard deviations above what is
    expected of poles in all directions alike; 0 for less.

    Kamb, J. Geophys. Res. 64 (1959), with the exponential kernel of Vollmer, Computers and
    Geosciences 21 (1995).
    """
    n = len(poles)
    weight = np.ones(n) if weights is None else weights / weights.mean()
    sharpness = 2 * (1 + n / KAMB_SIGMA**2)
    reach = np.arccos(max(1 - NEGLIGIBLE / sharpness, -1.0))
    totals = np.empty(len(stations))
    for part in _neighbours(stations):
        centre = stations[part].mean(axis=0)
        centre /= np.linalg.norm(centre)
        spread = np.arccos(np.clip((stations[part] @ centre).min(), -1, 1))
        near = np.abs(poles @ centre) >= np.cos(min(reach + spread, np.pi / 2))
        cosines = np.abs(stations[part] @ poles[near].T)
        totals[part] = np.exp(sharpness * (cosines - 1)) @ weight[near]
    unit = np.sqrt(n * (sharpness / 2 - 1) / sharpness**2)
    return np.maximum((totals - 0.5) / unit, 0)


def _neighbours(directions: Floats) -> Iterator[Any]:
    """The indices of ``directions`` (n, 3) in groups of at most 32 that are close together."""
    _, cell = np.unique(np.floor(directions * 8), axis=0, return_inverse=True)
    order = np.argsort(cell.ravel(), kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(cell.ravel()[order])) + 1):
        for start in range(0, len(group), 32):
            yield group[start : start + 32]


def trace_length(apparent_dip: Floats, diameter: Floats) -> Floats:
    """The lengths (n,) of the ellipses that planes cut out of the wall, in the unit of ``diameter``
    (n,). Apparent dips above 89 degrees count as 89. By the arithmetic-geometric mean (Abramowitz
    and Stegun, 17.6)."""
    short = np.asarray(diameter, np.float64) / 2
    long = short / np.cos(np.radians(np.minimum(apparent_dip, 89.0)))
    one, other = long, np.broadcast_to(short, long.shape)
    total, power = (long**2 + short**2) / 2, 0.5
    for _ in range(8):  # each doubles the digits
        half = (one - other) / 2
        one, other, power = (one + other) / 2, np.sqrt(one * other), power * 2
        total = total - power * half**2
    length: Floats = 2 * np.pi * total / one
    return length
