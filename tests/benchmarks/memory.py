"""The memory of a worker for each kind of request, one and eight of them at once.

It has to stay under its budget and what the process takes without it, as docs/deploying.md says.
"""

import io
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from PIL import Image
from urllib3.filepost import encode_multipart_formdata

from dips.picks import importing
from tests.benchmarks.measure import Result, at_most, peak_memory
from tests.server import Server
from tests.values import published
from wells.models import Well

AT_ONCE = 8
# The process with its libraries and small caches, and MAX_INGESTS uploads; in MB.
WITHOUT_BUDGET = 194
LOGS, ROWS_EACH = 300, 100
ROWS, WIDTH = 40_000, 180
READ_BYTES = 1 << 20
# Others would be answers of nothing large.
ANSWERS = {200, 201, 503}

Act = Callable[[Server, int], int]


def results(directory: Path, server: Server) -> Iterator[Result]:
    """On a worker of its own, alone in its service."""
    bar = settings.MEMORY_BUDGET_BYTES / 1024**2 + WITHOUT_BUDGET
    with Server({"WEB_WORKERS": "1", "TMPDIR": str(directory)}) as running:
        [pid] = running.worker_pids()
        yield at_most("a worker that has answered nothing yet", peak_memory(pid), bar, " MB")
        for what, act in _kinds(running):
            for count in (1, AT_ONCE):
                Path(f"/proc/{pid}/clear_refs").write_text("5")  # the peak is counted anew
                with ThreadPoolExecutor(count) as threads:
                    found = Counter(threads.map(lambda n, a=act: a(running, n), range(count)))
                if set(found) - ANSWERS:
                    raise RuntimeError(f"{what}: {dict(found)}")
                told = ", ".join(f"{found[status]} × {status}" for status in sorted(found))
                yield at_most(f"{what}: {told}", peak_memory(pid), bar, " MB")
        if running.worker_pids() != [pid]:
            raise RuntimeError("the worker was lost")


def _kinds(running: Server) -> Iterator[tuple[str, Act]]:
    photo = _png()
    yield "upload of a PNG of 9 900 × 9 900", lambda server, n: _upload(server, photo, n)
    [first, *_] = running.get("/photos/?well=photos").json["results"]
    thumbnails = f"/photos/{first['id']}/image?width="
    yield "thumbnail of it", lambda server, n: _get(server, f"{thumbnails}{3000 + n}")
    log = _large_log()
    _many_logs()
    whole = f"/get-images/-1e9/1e9/?log={log.pk}&format="
    for name in ("npz", "csv", "parquet", "arrow"):
        yield f"{ROWS:_} × {WIDTH} values as {name}".replace("_", " "), _getting(f"{whole}{name}")
    yield f"JSON of {LOGS} logs", _getting("/get-images/0/1e9/?well=many")
    sliding = f"/get-images/1000/1159/?log={log.pk}&format=png&stretch=minmax&normalize=dynamic"
    yield "dynamic normalisation of 16 000 traces", _getting(f"{sliding}&window=5")
    yield "WebP of 2 500 × 4 096", _getting(f"{whole}webp&height=2500&width=4096")
    yield "PNG of 4 000 × 4 000 values", _getting(f"{whole}png&height=4000&width=4000")
    yield "strip of 1 000 traces", _getting(f"/get-images/1000/1009.99/?log={log.pk}&format=png")
    yield "chunks of Zarr", lambda server, n: _get(server, f"/logs/{log.pk}.zarr/values/c/{n}/0")
    _picks()
    for name in ("rose", "stereonet", "tadpoles"):
        query = "well=picks&min=1000&max=2000&width=2000&height=2000"
        query += "&density=true" if name == "stereonet" else ""
        yield f"{name} of 50 000 picks, 2 000 × 2 000", _getting(f"/dips/{name}.png?{query}")


def _getting(path: str) -> Act:
    return lambda server, n: _get(server, path)


def _get(server: Server, path: str) -> int:
    with server.connection() as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        while answer.read(READ_BYTES):
            pass
        return answer.status


def _upload(server: Server, photo: bytes, number: int) -> int:
    fields: dict[str, Any] = {"well": "photos", "top_depth": str(number), "base_depth": "100"}
    fields["photo"] = ("photo.png", photo, "image/png")
    body, content_type = encode_multipart_formdata(fields)
    return server.request("POST", "/photos/", body, {"Content-Type": content_type}).status


def _png() -> bytes:
    file = io.BytesIO()
    Image.new("RGBA", (9900, 9900)).save(file, "PNG")
    return file.getvalue()


def _large_log() -> Any:
    values = np.random.default_rng(0).normal(100, 20, (ROWS, WIDTH)).astype(np.float32)
    return published(1000 + 0.01 * np.arange(ROWS), values, well="memory")


def _many_logs() -> None:
    """Logs of which some overlap at every depth, but no more than are merged."""
    values = np.random.default_rng(0).normal(100, 20, (ROWS_EACH, 150)).astype(np.float32)
    for number in range(LOGS):
        depths = 10.0 * number + np.arange(ROWS_EACH)
        published(depths, values, well="many", sha256=f"{number:064}")


def _picks() -> None:
    Well.ensure("picks", "m")
    lines = "\n".join(f"{1000 + n / 50},{n % 90},{n % 360}" for n in range(50_000))
    file = io.BytesIO(f"depth,dip,azimuth\n{lines}\n".encode())
    importing.imported(file, {"preview": False, "well": "picks"}, "")
