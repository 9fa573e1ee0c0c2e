"""CSVs for tests, from arrays or from texts of fields."""

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np

from images.ingest.contract.header import DEPTH, PIXELS

COLUMNS = (DEPTH, *PIXELS)
HEADER = ",".join(COLUMNS)


def lines(*rows: str, header: str = HEADER, end: str = "\n") -> bytes:
    return "".join(f"{row}{end}" for row in (header, *rows)).encode()


def row(depth: object = 1.5, fill: object = 7, **pixels: object) -> str:
    """A line with one depth and one value for all pixels but those named."""
    return ",".join([str(depth), *(str(pixels.get(name, fill)) for name in PIXELS)])


def csv_of(depths: Iterable[float], pixels: Iterable[Sequence[float]]) -> bytes:
    if isinstance(pixels, np.ndarray) and np.issubdtype(pixels.dtype, np.integer):
        pixels = pixels.tolist()  # NumPy's own integers are slow to write
    return lines(
        *(
            f"{depth!r},{','.join(map(str, values))}"
            for depth, values in zip(map(float, depths), pixels, strict=True)
        )
    )


def random_pixels(rows: int, seed: int = 0) -> list[list[int]]:
    return np.random.default_rng(seed).integers(0, 256, (rows, len(PIXELS))).tolist()


@cache
def random_csv(rows: int, seed: int = 0, top: float = 100.0, step: float = 0.5) -> bytes:
    depths = [top + step * i for i in range(rows)]
    return csv_of(depths, random_pixels(rows, seed))
