"""The dip of a plane from points in space: written without the formulas that the service uses.

Points of the sinusoid are put on the wall of a vertical hole, the hole is tilted with them, and the
plane through them is found by its singular vectors.
"""

import numpy as np

FEET_IN_A_METRE = 1 / 0.3048
INCHES_IN_A_METRE = 1 / 0.0254
EAST, NORTH, UP = np.eye(3)


def turned(vectors, axis, degrees):
    """Vectors (n, 3) turned about an axis by so many degrees, by Rodrigues' formula."""
    angle = np.radians(degrees)
    along = np.outer(vectors @ axis, axis)
    across = np.cross(axis, vectors)
    return vectors * np.cos(angle) + across * np.sin(angle) + along * (1 - np.cos(angle))


def wall(height, azimuth, diameter, count=7):
    """Points (n, 3) of a sinusoid on the wall of a vertical hole, all in one unit."""
    around = np.radians(np.linspace(0, 360, count, endpoint=False))
    depth = height / 2 * np.cos(around - np.radians(azimuth))
    return np.column_stack([np.sin(around), np.cos(around), -depth * 2 / diameter]) * diameter / 2


def true_dip(height, azimuth, diameter, inclination, hole_azimuth, reference):
    """Dip and dip azimuth, degrees, of the plane that cuts the wall in this sinusoid."""
    points = wall(height, azimuth, diameter)
    if reference == "top of hole":
        # The top is towards the azimuth of the hole, where the hole leans to.
        points = turned(points, UP, -hole_azimuth)
    lean_about = np.array([np.cos(np.radians(hole_azimuth)), -np.sin(np.radians(hole_azimuth)), 0])
    points = turned(points, lean_about, inclination)
    normal = np.linalg.svd(points - points.mean(axis=0))[2][-1]
    normal = normal if normal[2] >= 0 else -normal
    dip = np.degrees(np.arccos(np.clip(normal @ UP, -1, 1)))
    return dip, np.degrees(np.arctan2(normal @ EAST, normal @ NORTH)) % 360
