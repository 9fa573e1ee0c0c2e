"""Files of all kinds for tests, and what the readers make of them."""

import io
import tempfile
from typing import IO, Any

import numpy as np

from images.ingest import containers, open_file
from images.ingest.layout.find import find
from images.ingest.layout.plan import Layout, Options
from images.ingest.table import Read

LIMIT = 1 << 28
Found = tuple[Layout, np.ndarray[Any, Any], np.ndarray[Any, Any]]


def opened(data: bytes) -> IO[bytes]:
    """A real file with ``data``, which dlisio needs."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    file.write(data)
    file.seek(0)
    return file


def assert_one_sentence(error: Exception) -> None:
    assert 10 < len(str(error)) < 500
    assert "\n" not in str(error)


def unpacked(data: bytes, limit: int = LIMIT) -> bytes:
    with containers.unpacked(io.BytesIO(data), limit) as plain:
        return plain.read()


def tables(data: bytes, well: str | None = None, **options: Any) -> list[Found]:
    """Each table's layout, its depths and all its values side by side."""
    asked = Options(**options)
    found = []
    with opened(data) as file, open_file.contents(file, LIMIT, asked, well) as contents:
        for table in contents.tables:
            plan = find(table, asked)
            columns = tuple(i for log in plan.logs for i in log.columns)
            blocks = list(table.rows(Read(plan.depth, columns)))
            depths = np.concatenate([b.depths for b in blocks if b.depths is not None] or [[]])
            values = [block.values for block in blocks] or [np.empty((0, 0))]
            found.append((plan, depths, np.concatenate(values)))
    return found


def table(data: bytes | str, **options: Any) -> Found:
    """The only table of a file."""
    [found] = tables(data.encode() if isinstance(data, str) else data, **options)
    return found


LAS2 = """~Version
VERS. 2.0 : CWLS LOG ASCII STANDARD
WRAP. NO :
~Well
STRT.M 100.0 : START
STOP.M 101.0 : STOP
STEP.M 0.5 : STEP
NULL. -999.25 : NULL
WELL. 15/9-F-4 : WELL
~Curve
DEPT.M : Depth
GR .API 31 310 01: Gamma: ray
{sectors}
~Parameter
~A DEPT GR
"""


def las(rows: list[str], sectors: int = 8, header: str = LAS2) -> bytes:
    lines = "\n".join(f"ABDC{i}M .G/CC : Sector {i}" for i in range(1, sectors + 1))
    return (header.format(sectors=lines) + "\n".join(rows) + "\n").encode()


def numbers(*values: float) -> str:
    return " ".join(map(str, values))
