"""A generated borehole wall, so that there is something to look at from the first minute."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from images.ingest.contract.header import DEPTH, PIXELS, SOURCE_WIDTH

FIRST_DEPTH = 9000.1
STEP = 0.1
ROWS = 5460
SEED = 9000

Wall = np.ndarray[Any, np.dtype[np.uint8]]


def sample_csv(rows: int = ROWS) -> Iterator[bytes]:
    """The sample image log as a CSV, a line at a time: the same bytes on every call."""
    yield ",".join((DEPTH, *PIXELS)).encode() + b"\n"
    for row, pixels in enumerate(borehole_wall(rows)):
        depth = FIRST_DEPTH + STEP * row
        yield f"{depth:.1f},{','.join(map(str, pixels.tolist()))}\n".encode()


def borehole_wall(rows: int) -> Wall:
    """An unrolled borehole wall, (rows, 200) uint8: dipping beds, fractures and noise.

    A plane that cuts a cylinder is a sinusoid on the unrolled wall.
    """
    rng = np.random.default_rng(SEED)
    azimuth = np.linspace(0, 2 * np.pi, SOURCE_WIDTH, endpoint=False)
    row = np.arange(rows)[:, np.newaxis]

    dip = 9 * np.sin(azimuth - 0.7)
    bedding = _smooth_noise(rng, rows + 40, 12)
    beds = np.interp((row + 20 + dip).ravel(), np.arange(rows + 40), bedding).reshape(rows, -1)
    trend = 14 * np.sin(row / 610) + 9 * np.sin(row / 173 + 1)
    tool_rotation = 8 * np.sin(azimuth + row / 240)
    wall = 148 + 42 * beds + trend + tool_rotation + rng.normal(0, 7, (rows, SOURCE_WIDTH))

    for _ in range(rows // 70):
        centre, amplitude = rng.uniform(0, rows), rng.uniform(4, 38)
        trace = centre + amplitude * np.sin(azimuth + rng.uniform(0, 2 * np.pi))
        aperture, darkness = rng.uniform(0.8, 2.6), rng.uniform(50, 130)
        # Ten apertures away, nothing of it is left.
        near = slice(max(0, int(trace.min()) - 26), int(trace.max()) + 27)
        wall[near] -= darkness * np.exp(-(((row[near] - trace) / aperture) ** 2))
    return wall.clip(0, 255).astype(np.uint8)


def _smooth_noise(rng: np.random.Generator, length: int, scale: int) -> Any:
    """Noise about 0 with a standard deviation of 1 that changes over ``scale`` samples."""
    window = np.hanning(2 * scale + 1)
    noise = np.convolve(rng.normal(size=length + 2 * scale), window, "valid")
    return noise / noise.std()
