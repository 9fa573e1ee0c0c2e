"""Logs for programs: Zarr against a directory store behind nginx, slices, and Parquet."""

import io
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import polars as pl
import xarray as xr

from image_processor.devtools.embedded_mongodb import die_with_parent, free_port
from images.models import ImageLog
from tests.benchmarks.measure import Result, at_most, peak_memory, side_by_side
from tests.nginx import NGINX
from tests.server import Server
from tests.sockets import until
from tests.values import published

ROWS, WIDTH, GRAYS = 200_000, 360, 150
TOP, STEP = 1000.0, 0.01
SLICE = "1500.0/1509.99"


def results(directory: Path, server: Server) -> Iterator[Result]:
    values = np.random.default_rng(0).normal(100, 20, (ROWS, WIDTH)).astype(np.float32)
    depths = TOP + STEP * np.arange(ROWS)
    log = published(depths, values, depth_unit="m")
    url = f"http://127.0.0.1:{server.port}/logs/{log.pk}.zarr"
    store = directory / "log.zarr"
    _write(store, depths, values, log.chunk_rows)
    with _nginx(directory) as plain:
        ours, nginx = side_by_side(
            lambda: xr.open_zarr(url).load(), lambda: xr.open_zarr(plain).load(), rounds=3
        )
        yield at_most("open_zarr().load(), 200 000 × 360 float32 : nginx", ours / nginx, 2)
    lazy = xr.open_zarr(url)["values"]
    npy = f"/get-images/{SLICE}/?log={log.pk}&format=npy"
    part, window = side_by_side(
        lambda: lazy.sel(depth=slice(1500, 1509.99)).load(), lambda: server.get(npy), rounds=21
    )
    yield at_most("a lazy slice of 1 000 traces : npy", part / window, 5)
    yield _parquet(directory, server, depths, values[:, :GRAYS])
    peak = max(peak_memory(pid) for pid in server.worker_pids())
    yield at_most("memory of a worker during all of it", peak, 300, " MB")


def _parquet(directory: Path, server: Server, depths: Any, values: Any) -> Result:
    log: ImageLog = published(depths, np.ascontiguousarray(values), well="P", sha256="1" * 64)
    window = f"/get-images/0/1e6/?log={log.pk}&format="

    def written() -> None:
        with np.load(io.BytesIO(server.get(f"{window}npz").body)) as arrays:
            frame = pl.DataFrame({"depth": arrays["depths"], "values": arrays["traces"]})
        frame.write_parquet(directory / "window.parquet")

    ours, theirs = side_by_side(lambda: server.get(f"{window}parquet"), written, rounds=3)
    what = "parquet of 200 000 × 150 : npz and polars' write_parquet"
    return at_most(what, ours / theirs, 1.5)


def _write(store: Path, depths: Any, values: Any, rows: int) -> None:
    dims = {"values": (("depth", "azimuth"), values), "depth": ("depth", depths)}
    dataset = xr.Dataset(dims)
    encoding = {
        "values": {"chunks": (rows, WIDTH), "compressors": ()},
        "depth": {"chunks": (rows,), "compressors": ()},
    }
    dataset.to_zarr(store, zarr_format=3, consolidated=True, encoding=encoding)


@contextmanager
def _nginx(directory: Path) -> Iterator[str]:
    """nginx with the directory; the address of the store in it."""
    port = free_port()
    configuration = directory / "store.conf"
    configuration.write_text(
        f"pid {directory}/store.pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; sendfile on; keepalive_requests 100000;\n"
        f"server {{ listen 127.0.0.1:{port}; root {directory}; }} }}\n"
    )
    command = [str(NGINX), "-c", str(configuration), "-g", "daemon off; user root;"]
    with _running(command, f"http://127.0.0.1:{port}/log.zarr/zarr.json"):
        yield f"http://127.0.0.1:{port}/log.zarr"


@contextmanager
def _running(command: list[str], url: str) -> Iterator[None]:
    process = subprocess.Popen(command, preexec_fn=die_with_parent())
    try:
        until(lambda: _answers(url))
        yield
    finally:
        process.terminate()
        process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code < 500
    except httpx.TransportError:
        return False
