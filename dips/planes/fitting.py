"""The sinusoid through points that were marked on a borehole wall.

z = z0 + a cos α + b sin α is linear in z0, a and b: three points give it exactly, more by Huber's
robust regression (Huber and Ronchetti, "Robust Statistics", 2nd ed. 2009, chapter 7). It starts
from the best of the sinusoids through three points, so that a wrong point cannot mislead it.
"""

from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dips.errors import PointsInsufficient
from dips.planes.geometry import height_and_azimuth
from web.text import counted
from wells.survey import Floats

MIN_POINTS = 3
MAX_POINTS = 1_000
MIN_AZIMUTHS = 3
MIN_ARC_DEGREES = 20.0
# Azimuths that are closer count as one.
SAME_AZIMUTH_DEGREES = 1e-6
# 95 % of the precision of least squares where the errors are normal.
HUBER = 1.345
# The median of |error| of normal errors, in standard deviations.
MAD_OF_NORMAL = 0.6745
MAX_OF_ALL_TRIPLES = 12
SAMPLED_TRIPLES = 200
MAX_ROUNDS = 100
# Residuals that are computed together; they stay in the cache of the processor.
BLOCK = 32_000


class Fit(NamedTuple):
    """A sinusoid and how well it fits.

    ``covariance`` (3, 3) is that of z0, a, b, in squares of the unit of depth; None with three
    points, through which a sinusoid always goes. ``residuals`` (n,) are depths of the points less
    those of the sinusoid; ``weights`` (n,), 0 to 1, are what each point counted.
    """

    depth: float
    a: float
    b: float
    covariance: Floats | None
    residuals: Floats
    weights: Floats

    @property
    def height(self) -> float:
        return float(height_and_azimuth(self.a, self.b)[0])

    @property
    def azimuth(self) -> float:
        return float(height_and_azimuth(self.a, self.b)[1])

    @property
    def residual(self) -> float:
        """Root of the mean square of the residuals."""
        return float(np.sqrt(np.mean(self.residuals**2)))


def fit(depths: ArrayLike, azimuths: ArrayLike) -> Fit:
    """The sinusoid through points at ``depths`` and ``azimuths``, degrees, each (n,), n >= 3.

    Raises PointsInsufficient.
    """
    depth, azimuth = np.asarray(depths, float), np.asarray(azimuths, float)
    check_spread(azimuth)
    # Depths count from the first point: great depths would cost digits.
    origin, angle = depth[0], np.radians(azimuth)
    design = np.column_stack([np.ones_like(angle), np.cos(angle), np.sin(angle)])
    target = depth - origin
    if len(depth) == MIN_POINTS:
        solution, weights = np.linalg.solve(design, target), np.ones(MIN_POINTS)
        covariance = None
    else:
        rounding = 4 * np.finfo(float).eps * float(np.abs(depth).max())
        solution, weights, covariance = _huber(design, target, rounding)
    z0, a, b = (float(value) for value in solution)
    return Fit(origin + z0, a, b, covariance, target - design @ solution, weights)


def check_spread(azimuths: Floats) -> None:
    """Raise PointsInsufficient for points that leave a sinusoid undetermined."""
    if len(azimuths) < MIN_POINTS:
        points = counted(len(azimuths), "point")
        raise PointsInsufficient(f"a plane needs {MIN_POINTS} points; this has {points}")
    ordered = np.sort(azimuths % 360)
    gaps = np.diff(ordered, append=ordered[0] + 360)
    distinct = max(1, int(np.sum(gaps > SAME_AZIMUTH_DEGREES)))
    if distinct < MIN_AZIMUTHS:
        raise PointsInsufficient(
            f"the {len(azimuths)} points lie on {counted(distinct, 'azimuth')}; a plane needs"
            f" points on {MIN_AZIMUTHS}"
        )
    arc = 360 - float(gaps.max())
    if arc < MIN_ARC_DEGREES:
        raise PointsInsufficient(
            f"the points cover {arc:.3g} degrees of the wall; a plane needs points over"
            f" {MIN_ARC_DEGREES:g} degrees or more"
        )


def _huber(design: Floats, target: Floats, rounding: float) -> tuple[Floats, Floats, Floats]:
    """Solution (3,), weights (n,) and covariance (3, 3), by iterated weighting."""
    solution = _start(design, target)
    scale = max(_scale(target - design @ solution), rounding, np.finfo(float).tiny)
    weights = np.ones_like(target)
    for _ in range(MAX_ROUNDS):
        weights = _weights(target - design @ solution, scale)
        root = np.sqrt(weights)
        new = np.asarray(
            np.linalg.lstsq(design * root[:, None], target * root, rcond=None)[0], np.float64
        )
        moved = float(np.abs(new - solution).max())
        solution = new
        if moved <= 1e-9 * scale:
            break
    return solution, weights, _covariance(design, target - design @ solution, scale)


def _start(design: Floats, target: Floats) -> Floats:
    """The sinusoid (3,) with the least median error, among those through three of the points."""
    triples = _triples(len(target))
    parts = design[triples]
    regular = np.abs(np.linalg.det(parts)) > 1e-4
    candidates = np.linalg.solve(parts[regular], target[triples[regular]][..., None])[..., 0]
    of_all = np.linalg.lstsq(design, target, rcond=None)[0]
    candidates = np.vstack([of_all, candidates])
    together = max(BLOCK // len(target), 1)
    errors = [
        np.median(np.abs(target - some @ design.T), axis=1)
        for some in np.split(candidates, range(together, len(candidates), together))
    ]
    best: Floats = candidates[int(np.argmin(np.concatenate(errors)))]
    return best


@lru_cache(maxsize=64)
def _triples(points: int) -> NDArray[np.intp]:
    """Indices (m, 3) of three points each: all triples, or a sample that is always the same."""
    if points <= MAX_OF_ALL_TRIPLES:
        return np.array(list(combinations(range(points), 3)))
    order = np.random.default_rng(0).random((SAMPLED_TRIPLES, points)).argsort(axis=1)
    return order[:, :3]


def _scale(residuals: Floats) -> float:
    """The standard deviation of the errors by their median."""
    # Three errors are 0 by construction; with them the median would be too small.
    largest = np.sort(np.abs(residuals))[MIN_POINTS - 1 :]
    return float(np.median(largest)) / MAD_OF_NORMAL


def _weights(residuals: Floats, scale: float) -> Floats:
    size = np.abs(residuals) / (HUBER * scale)
    return 1 / np.maximum(size, 1)


def _covariance(design: Floats, residuals: Floats, scale: float) -> Floats:
    """Huber's estimate H1 (as above, 7.6), which for small errors is that of least squares."""
    n, parameters = design.shape
    unit = residuals / scale
    inside = np.abs(unit) <= HUBER
    psi, slope = np.clip(unit, -HUBER, HUBER), max(float(inside.mean()), 1 / n)
    correction = 1 + parameters / n * float(inside.var()) / slope**2
    variance = float(np.sum(psi**2)) * scale**2 / (n - parameters)
    covariance: Floats = correction**2 * variance / slope**2 * np.linalg.inv(design.T @ design)
    return covariance
