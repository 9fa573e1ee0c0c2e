"""Image logs of deviated holes with planes drawn into them, and the dips that they have."""

from dataclasses import dataclass

import numpy as np

from tests.csvs import csv_of

STEP = 0.002
SPACING = 1.0
BIT_INCHES = 8.5
DIAMETER = BIT_INCHES * 0.0254
COLUMNS = 200
# The stored column n of 150 shows the azimuth 2.4 n: those of the file lie so around it.
AZIMUTHS = (np.arange(COLUMNS) + 0.5) * 1.8 - 1.2
ROCK, LINE = 190, 30


@dataclass
class Plane:
    depth: float
    height: float
    azimuth: float

    def at(self, azimuth):
        return self.depth + self.height / 2 * np.cos(np.radians(azimuth - self.azimuth))


@dataclass
class Wall:
    """A straight hole with planes that cut it, azimuths from its top."""

    inclination: float
    direction: float
    planes: list[Plane]

    @property
    def csv(self) -> bytes:
        depths = 1000 + STEP * np.arange(int((len(self.planes) + 1) * SPACING / STEP))
        wall = np.full((len(depths), COLUMNS), float(ROCK))
        for plane in self.planes:
            away = depths[:, None] - plane.at(AZIMUTHS)
            wall -= (ROCK - LINE) * np.exp(-((away / (2 * STEP)) ** 2))
        return csv_of(depths.round(6), wall.round().astype(int))

    @property
    def survey(self) -> bytes:
        rows = [f"{depth},{self.inclination},{self.direction}" for depth in (0, 5000)]
        return "\n".join(["depth,inclination,azimuth", *rows]).encode()

    def true(self, plane: Plane) -> tuple[float, float]:
        """Dip and dip azimuth by rotating the normal of the plane out of the hole."""
        dip, azimuth = np.arctan(plane.height / DIAMETER), np.radians(plane.azimuth)
        # In axes of a hole that goes straight down: to its top, to its right, up.
        normal = np.array(
            [np.sin(dip) * np.cos(azimuth), np.sin(dip) * np.sin(azimuth), np.cos(dip)]
        )
        tilt, turn = np.radians(self.inclination), np.radians(self.direction)
        lean = np.array(
            [
                [np.cos(tilt), 0, -np.sin(tilt)],
                [0, 1, 0],
                [np.sin(tilt), 0, np.cos(tilt)],
            ]
        )
        along, right, up = lean @ normal
        north = along * np.cos(turn) - right * np.sin(turn)
        east = along * np.sin(turn) + right * np.cos(turn)
        east, north, up = np.array([east, north, up]) * (1 if up >= 0 else -1)
        return np.degrees(np.arccos(up)), np.degrees(np.arctan2(east, north)) % 360


def random_wall(rng, planes=5) -> Wall:
    return Wall(
        inclination=rng.uniform(5, 85),
        direction=rng.uniform(0, 360),
        planes=[
            Plane(
                depth=1000 + SPACING * (number + 1) + rng.uniform(-0.1, 0.1),
                height=DIAMETER * np.tan(np.radians(rng.uniform(10, 65))),
                azimuth=rng.uniform(0, 360),
            )
            for number in range(planes)
        ],
    )
