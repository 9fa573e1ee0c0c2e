"""TiTiler as its documentation sets it up. Runs in an environment of its own, without the project.

As a program it writes a COG: ``python -m tests.benchmarks.titiler_app traces.npy log.tif``.
"""

import sys

import numpy as np
import rasterio
from fastapi import FastAPI
from rasterio.transform import from_origin
from titiler.core.factory import TilerFactory

app = FastAPI()
app.include_router(TilerFactory().router)


def write_cog(traces: np.ndarray, path: str) -> None:
    """One pixel a metre, the first trace northernmost."""
    rows, width = traces.shape
    profile = {
        "driver": "COG",
        "height": rows,
        "width": width,
        "count": 1,
        "dtype": "uint8",
        "crs": "EPSG:3857",
        "transform": from_origin(0, rows, 1, 1),
        "compress": "DEFLATE",
    }
    with rasterio.open(path, "w", **profile) as file:
        file.write(traces, 1)


if __name__ == "__main__":
    write_cog(np.load(sys.argv[1]), sys.argv[2])
