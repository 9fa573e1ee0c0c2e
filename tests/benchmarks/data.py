"""CSVs of any size, made once for a run."""

from pathlib import Path

import numpy as np

from images.ingest.csv_rows import DEPTH, PIXELS

SEED = 1
LINES = 20_000


def make_csv(path: Path, rows: int) -> Path:
    """A CSV of ``rows`` random rows; the pixels repeat every LINES rows, the depths do not."""
    pixels = np.random.default_rng(SEED).integers(0, 256, (min(rows, LINES), len(PIXELS)))
    texts = [",".join(map(str, row)) for row in pixels.tolist()]
    with path.open("w") as file:
        file.write(",".join((DEPTH, *PIXELS)) + "\n")
        for start in range(0, rows, LINES):
            part = texts[: rows - start]
            file.write("".join(f"{9000 + (start + i) / 10},{t}\n" for i, t in enumerate(part)))
    return path
