"""Files of any size, made once for a run."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from images.ingest.contract.header import DEPTH, PIXELS

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


VALUE_COLUMNS = ("depth", *(f"A[{i}]" for i in range(200)))


def make_values(path: Path, rows: int) -> Path:
    """A CSV of five-digit decimals over four decades."""
    with path.open("w") as file:
        file.write(",".join(VALUE_COLUMNS) + "\n")
        file.writelines(f"{line}\n" for line in _lines(rows, ","))
    return path


def make_las(path: Path, rows: int) -> Path:
    """A LAS 2.0 of one array, 200 wide."""
    header = [
        *("~Version", "VERS. 2.0 :", "WRAP. NO :", "~Well", "NULL. -999.25 :", "WELL. B :"),
        *("~Curve", "DEPTH.M :", *(f"{name}.OHMM :" for name in VALUE_COLUMNS[1:]), "~A"),
    ]
    with path.open("w") as file:
        file.writelines(f"{line}\n" for line in header)
        file.writelines(f"{line}\n" for line in _lines(rows, " "))
    return path


def rewritten(csv: Path, path: Path, form: str) -> Path:
    """``csv`` with each number in another form, such as ``"%s"``."""
    with csv.open() as file, path.open("w") as other:
        other.write(file.readline())
        for line in file:
            other.write(",".join(form % number for number in line.rstrip().split(",")) + "\n")
    return path


def _lines(rows: int, separator: str) -> Iterator[str]:
    """Lines of a depth and values; the values repeat every LINES rows."""
    shape = min(rows, LINES), len(VALUE_COLUMNS) - 1
    values = 10 ** np.random.default_rng(SEED).uniform(0, 4, shape)
    texts = [separator.join([f"{value:.5g}" for value in row]) for row in values.tolist()]
    for row in range(rows):
        yield f"{1000 + row / 10:.1f}{separator}{texts[row % LINES]}"
