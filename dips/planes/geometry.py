"""Planes that cut a borehole: from the sinusoid on its wall to dip and dip azimuth, and back.

All angles are degrees. A depth is measured along the hole and grows downwards. An azimuth on the
wall is clockwise looking down the hole, from the north or from the top of the hole (its high side).
Vectors are east, north, up. The inclination of the hole is 0 straight down and 180 straight up.

The geometry is that of Luthi, "Geological Well Logs" (2001), chapter 3.2: in a hole of diameter D a
plane makes the sinusoid z(α) = z0 + (H / 2) cos(α - α0), where tan(dip) = H / D, and the azimuth of
the dip is α0, where the sinusoid is deepest.
"""

from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from wells.survey import Floats, down, wrapped

# Closer to the vertical the high side of the hole is not defined well enough; closer to straight up
# neither is the reference side of north.
NEAR_VERTICAL_DEGREES = 1.5
# A smaller horizontal component is rounding: such a plane or hole has no azimuth.
NO_DIRECTION = 1e-12


class Reference(StrEnum):
    """What azimuths on the wall are measured from."""

    NORTH = "north"
    TOP_OF_HOLE = "top of hole"


class Frame(NamedTuple):
    """Axes of a hole, each (n, 3) of length 1: down the hole, its reference side, and right of it.

    With the top of the hole as reference, the second axis is the high side. With north, it is north
    turned by the rotation that tilts straight down into the hole.
    """

    down: Floats
    side: Floats
    right: Floats


def height_and_azimuth(a: ArrayLike, b: ArrayLike) -> tuple[Floats, Floats]:
    """Crest-to-trough height of z = z0 + a cos α + b sin α, and the azimuth, [0, 360), of its
    deepest point."""
    return 2 * np.hypot(a, b), _azimuth(b, a)


def trace(depth: float, height: float, azimuth: float, azimuths: ArrayLike) -> Floats:
    """The depths (n,) at which a plane cuts the wall at ``azimuths`` (n,)."""
    return depth + height / 2 * np.cos(np.radians(np.asarray(azimuths, float) - azimuth))


def apparent_dip(height: ArrayLike, diameter: ArrayLike) -> Floats:
    """The angle, 0 to 90, between a plane and the plane across the hole; both in one unit."""
    return np.degrees(np.arctan2(height, diameter))


def height_of(dip: ArrayLike, diameter: ArrayLike) -> Floats:
    """The reverse of ``apparent_dip``: inf where the plane lies along the hole, at 90 degrees."""
    dip = np.asarray(dip, float)
    height: Floats = np.where(dip >= 90, np.inf, np.tan(np.radians(dip)) * diameter)
    return height


def frame(reference: Reference, inclination: ArrayLike, azimuth: ArrayLike) -> Frame:
    """The axes of a hole of this inclination and azimuth, each (n,).

    A reference of north is turned by the smallest rotation from straight down to the hole. So it is
    continuous where the hole goes straight down. Where it goes straight up, the result depends on
    ``azimuth``, which has no meaning there.
    """
    i, a = np.radians(np.atleast_1d(inclination)), np.radians(np.atleast_1d(azimuth))
    along = down(inclination, azimuth)
    high = _vectors(np.cos(i) * np.sin(a), np.cos(i) * np.cos(a), np.sin(i))
    right = np.cross(along, high)
    if reference is Reference.TOP_OF_HOLE:
        return Frame(along, high, right)
    cos, sin = np.cos(a)[:, None], np.sin(a)[:, None]
    return Frame(along, high * cos - right * sin, high * sin + right * cos)


def true_dip(hole: Frame, dip: ArrayLike, azimuth: ArrayLike) -> tuple[Floats, Floats]:
    """True dip, 0 to 90, and dip azimuth, [0, 360), from the apparent ones (n,).

    ``hole`` are the axes of the hole at each plane. The azimuth is nan if the plane is horizontal.
    """
    theta, phi = (np.radians(np.atleast_1d(angle))[:, None] for angle in (dip, azimuth))
    lateral = hole.side * np.cos(phi) + hole.right * np.sin(phi)
    return plane_of(-hole.down * np.cos(theta) + lateral * np.sin(theta))


def seen_in(hole: Frame, dip: ArrayLike, azimuth: ArrayLike) -> tuple[Floats, Floats]:
    """The reverse of ``true_dip``: apparent dip and azimuth, nan where the plane is across."""
    normal = pole(dip, azimuth)
    along = -np.sum(normal * hole.down, axis=-1)
    normal = normal * np.where(along < 0, -1, 1)[:, None]
    side, right = (np.sum(normal * axis, axis=-1) for axis in (hole.side, hole.right))
    lateral = np.hypot(side, right)
    dips = np.degrees(np.arctan2(lateral, np.abs(along)))
    return dips, np.where(lateral > NO_DIRECTION, _azimuth(right, side), np.nan)


def pole(dip: ArrayLike, azimuth: ArrayLike) -> Floats:
    """The upward normals (n, 3) of planes; the azimuth of a horizontal one may be nan."""
    theta, phi = np.radians(np.atleast_1d(dip)), np.radians(np.nan_to_num(np.atleast_1d(azimuth)))
    return _vectors(np.sin(theta) * np.sin(phi), np.sin(theta) * np.cos(phi), np.cos(theta))


def plane_of(normals: Floats) -> tuple[Floats, Floats]:
    """Dip and dip azimuth of planes with these normals (n, 3), which may point up or down."""
    east, north, up = np.moveaxis(normals * np.where(normals[..., 2:] < 0, -1, 1), -1, 0)
    across = np.hypot(east, north)
    # acos(up) would lose half of the digits for nearly horizontal planes.
    dip = np.degrees(np.arctan2(across, up))
    return dip, np.where(across > NO_DIRECTION, _azimuth(east, north), np.nan)


def without_structural_dip(
    dip: ArrayLike, azimuth: ArrayLike, structural_dip: float, structural_azimuth: float
) -> tuple[Floats, Floats]:
    """Dips and azimuths, each (n,), as they were before the beds were tilted as a whole.

    The planes are rotated about the strike of the structural dip until that dip is 0, by Rodrigues'
    formula.
    """
    angle, strike = np.radians(structural_dip), np.radians(structural_azimuth + 90)
    axis = np.array([np.sin(strike), np.cos(strike), 0.0])
    normal = pole(dip, azimuth)
    along = (normal @ axis)[:, None] * axis
    turned = along + (normal - along) * np.cos(angle) + np.cross(axis, normal) * np.sin(angle)
    return plane_of(turned)


def _vectors(*components: Floats) -> Floats:
    return np.stack(np.broadcast_arrays(*components), axis=-1)


def _azimuth(east: ArrayLike, north: ArrayLike) -> Floats:
    return wrapped(np.degrees(np.arctan2(east, north)))
