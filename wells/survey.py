"""The path of a borehole between the stations of its survey, by minimum curvature.

Between two stations the hole is an arc of a circle (Taylor and Mason, "A Systematic Approach to
Well Surveying Calculations", SPE 3362, 1972; Sawaryn and Thorogood, SPE 84246, 2005): its direction
turns evenly in the plane of the two directions, and the displacement is half the sum of the
directions times the length times the ratio factor (2 / dogleg) tan(dogleg / 2).

Angles are degrees; depths are measured along the hole.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

MIN_STATIONS = 2
# Of any hole, above and below where depths begin, in m or ft.
MAX_DEPTH = 1e6
# The ratio factor of a smaller dogleg (radians) is 1; the formula would give 0 / 0.
STRAIGHT = 1e-8


class Survey(NamedTuple):
    """Stations, each (n,) with n of 2 or more: measured depth ascending, inclination 0 to 180 from
    straight down, azimuth clockwise from north."""

    depth: Floats
    inclination: Floats
    azimuth: Floats


class Path(NamedTuple):
    """Positions (n,) relative to the first station, in the unit of depth."""

    vertical: Floats
    north: Floats
    east: Floats


def wrapped(azimuth: ArrayLike) -> Floats:
    """Azimuths in [0, 360). The remainder alone of a tiny negative angle would be 360."""
    angle = np.asarray(azimuth, np.float64) % 360
    return np.where(angle >= 360, 0.0, angle)


def survey(depth: ArrayLike, inclination: ArrayLike, azimuth: ArrayLike) -> Survey:
    """A survey from sequences of numbers."""
    return Survey(*(np.asarray(part, np.float64) for part in (depth, inclination, azimuth)))


def down(inclination: ArrayLike, azimuth: ArrayLike) -> Floats:
    """The directions (n, 3) down a hole of these angles, each (n,): east, north, up."""
    i, a = np.radians(np.atleast_1d(inclination)), np.radians(np.atleast_1d(azimuth))
    components = np.sin(i) * np.sin(a), np.sin(i) * np.cos(a), -np.cos(i)
    return np.stack(np.broadcast_arrays(*components), axis=-1)


def at(stations: Survey, depths: ArrayLike) -> tuple[Floats, Floats]:
    """Inclination, 0 to 180, and azimuth, [0, 360), at these depths (n,).

    Above the first station and below the last one the hole is taken as straight. Where the hole is
    vertical, its azimuth has no meaning.
    """
    depth = np.atleast_1d(np.asarray(depths, np.float64))
    index = np.clip(np.searchsorted(stations.depth, depth, "right") - 1, 0, len(stations.depth) - 2)
    top, base = stations.depth[index], stations.depth[index + 1]
    share = np.clip((depth - top) / (base - top), 0, 1)
    tangents = down(stations.inclination, stations.azimuth)
    upper, lower = tangents[index], tangents[index + 1]
    angle = _between(upper, lower)
    direction = _arc(upper, lower, angle, share)
    inclination, azimuth = _angles(direction)
    # At a station, return the measured angles: a vertical direction has lost its azimuth.
    for number in (0, 1):
        there = share == number
        inclination[there] = stations.inclination[index + number][there]
        azimuth[there] = wrapped(stations.azimuth[index + number][there])
    return inclination, azimuth


def path(stations: Survey) -> Path:
    """The position of every station (n,)."""
    tangents = down(stations.inclination, stations.azimuth)
    upper, lower = tangents[:-1], tangents[1:]
    angle = _between(upper, lower)
    bent = np.maximum(angle, STRAIGHT)
    ratio = np.where(angle < STRAIGHT, 1.0, 2 / bent * np.tan(bent / 2))
    length = np.diff(stations.depth) / 2 * ratio
    steps = (upper + lower) * length[:, None]
    east, north, up = np.vstack([np.zeros(3), np.cumsum(steps, axis=0)]).T
    # Subtracted, because -up would begin with -0.0.
    return Path(0.0 - up, north, east)


def turns(stations: Survey) -> Floats:
    """The angle (n - 1,), degrees, between the directions of each two stations in sequence."""
    tangents = down(stations.inclination, stations.azimuth)
    return np.degrees(_between(tangents[:-1], tangents[1:]))


def _between(upper: Floats, lower: Floats) -> Floats:
    """The angle (n,), radians, from one direction to the other; exact for small ones too."""
    apart, together = (np.linalg.norm(part, axis=1) for part in (lower - upper, lower + upper))
    angle: Floats = 2 * np.arctan2(apart, together)
    return angle


def _arc(upper: Floats, lower: Floats, angle: Floats, share: Floats) -> Floats:
    """Directions (n, 3) on the way, by spherical interpolation."""
    bent = np.maximum(angle, STRAIGHT)
    straight = angle < STRAIGHT
    before = np.where(straight, 1 - share, np.sin((1 - share) * bent) / np.sin(bent))
    after = np.where(straight, share, np.sin(share * bent) / np.sin(bent))
    return upper * before[:, None] + lower * after[:, None]


def _angles(direction: Floats) -> tuple[Floats, Floats]:
    east, north, up = direction.T
    inclination = np.degrees(np.arctan2(np.hypot(east, north), -up))
    return inclination, wrapped(np.degrees(np.arctan2(east, north)))
