"""The opponent: TiTiler behind two uvicorn workers, serving the pixels of a log as a COG."""

import contextlib
import http.client
import os
import subprocess
import time
from pathlib import Path
from typing import Self
from urllib.parse import urlencode

import numpy as np

from image_processor.devtools.embedded_mongodb import die_with_parent, free_port
from images.arrays import Traces
from tests.server import ROOT

PYTHON = ROOT / ".venv-bench" / "bin" / "python"
WORKERS = 2


class Titiler:
    """A running TiTiler with one COG of ``traces``, (rows, width) uint8."""

    def __init__(self, directory: Path, traces: Traces) -> None:
        self._traces = traces
        self._cog = directory / "log.tif"
        if not PYTHON.exists():
            raise RuntimeError(f"there is no {PYTHON}; `make bench` makes it")

    def __enter__(self) -> Self:
        pixels = self._cog.with_suffix(".npy")
        np.save(pixels, self._traces)
        program = [PYTHON, "-m", "tests.benchmarks.titiler_app", pixels, self._cog]
        subprocess.run(program, check=True, cwd=ROOT)
        self.port = free_port()
        serve = ["uvicorn", "tests.benchmarks.titiler_app:app", "--log-level", "warning"]
        self._process = subprocess.Popen(
            [PYTHON, "-m", *serve, "--port", str(self.port), "--workers", str(WORKERS)],
            cwd=ROOT,
            # What its documentation recommends for speed.
            env={**os.environ, "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "VSI_CACHE": "TRUE"},
            preexec_fn=die_with_parent(),
        )
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(30)

    def path(self, first: int, rows: int, colormap: str, **query: str) -> str:
        """Where the picture of ``rows`` traces is."""
        width, bottom = self._traces.shape[1], len(self._traces) - first - rows
        query |= {"url": str(self._cog), "coord_crs": "EPSG:3857", "colormap_name": colormap}
        box = f"0,{bottom},{width},{bottom + rows}"
        return f"/bbox/{box}/{width}x{rows}.png?{urlencode(query)}"

    def get(self, path: str) -> bytes:
        with contextlib.closing(
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        ) as connection:
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read()
            if response.status != 200:
                raise RuntimeError(f"TiTiler answers {response.status}: {body[:500]!r}")
            return body

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                self.get("/openapi.json")
                return
            time.sleep(0.1)
        raise RuntimeError("TiTiler did not answer")
