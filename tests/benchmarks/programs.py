"""Logs for programs: Zarr beside a directory store behind nginx, slices, and Parquet."""

import io
import os
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import polars as pl
import xarray as xr

from image_processor.devtools.embedded_mongodb import die_with_parent, free_port
from images.models import ImageLog
from tests.benchmarks.measure import Result, at_most, peak_memory, side_by_side
from tests.benchmarks.opponent import PYTHON, WORKERS
from tests.nginx import NGINX
from tests.server import ROOT, Server
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
    yield from _zarr(directory, url)
    lazy = xr.open_zarr(url)["values"]
    npy = f"/get-images/{SLICE}/?log={log.pk}&format=npy"
    part, window = side_by_side(
        lambda: lazy.sel(depth=slice(1500, 1509.99)).load(), lambda: server.get(npy), rounds=21
    )
    yield at_most("a lazy slice of 1 000 traces : npy", part / window, 5)
    yield _parquet(directory, server, depths, values[:, :GRAYS])
    peak = max(peak_memory(pid) for pid in server.worker_pids())
    yield at_most("memory of a worker during all of it", peak, 300, " MB")


def _zarr(directory: Path, url: str) -> Iterator[Result]:
    """All of the log at ``url``, beside others that serve the same chunks, not compressed, from a
    directory store.

    The best of the rounds: what disturbs them is the client, which now and then takes three times
    as long to get the pages of its arrays, whoever sends the bytes.
    """
    store = directory / "log.zarr"
    _copy(url, store)
    with ExitStack() as running:
        others = [running.enter_context(opponent(store)) for opponent in (_nginx, _xpublish)]
        ours, nginx, xpublish = side_by_side(
            *(lambda address=address: xr.open_zarr(address).load() for address in (url, *others)),
            rounds=9,
            of=min,
        )
    yield at_most("open_zarr().load(), 200 000 × 360 float32 : nginx", ours / nginx, 2)
    yield at_most("the same load() : xpublish's Zarr plug-in", ours / xpublish, 0.5)


def _parquet(directory: Path, server: Server, depths: Any, values: Any) -> Result:
    log: ImageLog = published(depths, np.ascontiguousarray(values), well="P", sha256="1" * 64)
    window = f"/get-images/0/1e6/?log={log.pk}&format="

    def written() -> None:
        with np.load(io.BytesIO(server.get(f"{window}npz").body)) as arrays:
            frame = pl.DataFrame({"depth": arrays["depths"], "values": arrays["traces"]})
        frame.write_parquet(directory / "window.parquet")

    ours, theirs = side_by_side(lambda: server.get(f"{window}parquet"), written, rounds=3)
    return at_most("parquet of 200 000 × 150 : npz and write_parquet", ours / theirs, 1.5)


def _copy(url: str, store: Path) -> None:
    dataset = xr.open_zarr(url)
    kept = {"chunks", "preferred_chunks", "compressors", "dtype"}
    for variable in dataset.variables.values():
        variable.encoding = {k: v for k, v in variable.encoding.items() if k in kept}
    with warnings.catch_warnings(action="ignore"):
        dataset.to_zarr(store, zarr_format=3, consolidated=True)


@contextmanager
def _nginx(store: Path) -> Iterator[str]:
    """The address of the store behind an nginx."""
    port, directory = free_port(), store.parent
    configuration = directory / "store.conf"
    configuration.write_text(
        f"pid {directory}/store.pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; sendfile on; keepalive_requests 100000;\n"
        f"server {{ listen 127.0.0.1:{port}; root {directory}; }} }}\n"
    )
    command = [str(NGINX), "-c", str(configuration), "-g", "daemon off; user root;"]
    with _running(command, f"http://127.0.0.1:{port}/{store.name}"):
        yield f"http://127.0.0.1:{port}/{store.name}"


@contextmanager
def _xpublish(store: Path) -> Iterator[str]:
    """The address of the store behind an xpublish of as many processes as the service has."""
    port = free_port()
    serve = ["uvicorn", "tests.benchmarks.xpublish_app:app", "--log-level", "warning"]
    command = [str(PYTHON), "-m", *serve, "--port", str(port), "--workers", str(WORKERS)]
    with _running(command, f"http://127.0.0.1:{port}/zarr", ZARR_STORE=str(store)):
        yield f"http://127.0.0.1:{port}/zarr"


@contextmanager
def _running(command: list[str], url: str, **environment: str) -> Iterator[None]:
    """A process that serves a store at ``url``, once it does."""
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment}, preexec_fn=die_with_parent()
    )
    try:
        until(lambda: _answers(f"{url}/zarr.json"), 30)
        yield
    finally:
        process.terminate()
        process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False
