"""``make soak``: everything at once for SOAK_MINUTES; memory stays flat, and nothing fails."""

import json
import os
import random
import statistics
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

from urllib3 import encode_multipart_formdata

from image_processor.devtools.embedded_mongodb import EmbeddedMongod
from images.ingest.sample import sample_csv
from tests.benchmarks.measure import Result, at_most
from tests.chaos.service import server
from tests.chaos.witness import csv
from tests.photos.pictures import picture
from tests.server import Server

MINUTES = float(os.environ.get("SOAK_MINUTES", "20"))
READERS = 4
KEPT = 20
READ_SECONDS, WRITE_SECONDS = 0.02, 0.5
MEMORY_SECONDS = 1.0
FORMATS = ("json", "png", "npy", "csv", "ndjson", "webp")


def results(directory: Path) -> Iterator[Result]:
    # Recycled workers would hide what they leak.
    with (
        EmbeddedMongod(directory / "mongodb") as mongod,
        server(mongod.uri, WEB_MAX_REQUESTS="0") as running,
        Load(running) as load,
    ):
        memory, end = [], time.monotonic() + 60 * MINUTES
        while time.monotonic() < end:
            time.sleep(MEMORY_SECONDS)
            memory.append(_megabytes(running))
    for failure in load.failures[:20]:
        print(failure, file=sys.stderr)
    print(f"MB by minute: {[round(mb) for mb in memory[::60]]}", file=sys.stderr)
    quarter = len(memory) // 4
    second, last = (statistics.median(memory[i * quarter :][:quarter]) for i in (1, 3))
    print(f"memory: {second:.0f} MB in the second quarter, {last:.0f} in the last", file=sys.stderr)
    what = f"memory of all workers after {MINUTES:g} minutes, last quarter : second"
    yield at_most(what, last / second, 1.05)
    count = sum(map(len, load.seconds.values()))
    yield at_most(f"failures among {count} requests", len(load.failures), 0)
    for kind, seconds in sorted(load.seconds.items()):
        p50, p99 = (statistics.quantiles(seconds, n=100)[i] * 1000 for i in (49, 98))
        line = f"{kind}: {len(seconds)} requests, p50 {p50:.1f} ms, p99 {p99:.1f} ms"
        print(line, file=sys.stderr)


class Load:
    """Clients that ask for everything there is, and one that writes, in a ``with`` block."""

    def __init__(self, running: Server) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.failures: list[str] = []
        self._server = running
        self._over = threading.Event()
        self._sample = running.upload_raw(b"".join(sample_csv()), "sample").json
        works = [self._read] * READERS + [self._write_logs, self._write_photos]
        self._threads = [threading.Thread(target=self._run, args=(work,)) for work in works]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _run(self, work: Callable[[], Iterator[None]]) -> None:
        steps = work()
        while not self._over.is_set():
            try:
                next(steps)
            except OSError as error:
                self.failures.append(repr(error))

    def _read(self) -> Iterator[None]:
        top, base, log = (self._sample[name] for name in ("depth_min", "depth_max", "id"))
        while True:
            kind = random.choice([*FORMATS, "zoom", "page"])
            if kind == "page":
                path = random.choice(["/", "/logs/", f"/logs/{log}/", "/photos/", "/colormaps/"])
            elif kind == "zoom":
                path = f"/get-images/{top}/{base}/?format=png&height=800&log={log}"
            else:
                start = random.uniform(top, base - 20)
                path = f"/get-images/{start:.1f}/{start + 20:.1f}/?format={kind}&log={log}"
            self._ask(kind, "GET", path)
            time.sleep(READ_SECONDS)
            yield

    def _write_logs(self) -> Iterator[None]:
        kept: list[str] = []
        for seed in range(1_000_000):
            answer = self._ask("upload", "POST", "/upload-csv/?well=soak", csv(seed), "text/csv")
            kept.append(f"/logs/{answer['id']}/")
            if len(kept) > KEPT:
                self._ask("delete", "DELETE", kept.pop(0))
            time.sleep(WRITE_SECONDS)
            yield

    def _write_photos(self) -> Iterator[None]:
        kept: list[str] = []
        for seed in range(1_000_000):
            fields: dict[str, Any] = {"well": "soak", "top_depth": "1", "base_depth": "2"}
            fields["photo"] = (f"{seed}.jpg", picture(size=(600, 400), seed=seed), "image/jpeg")
            body, content_type = encode_multipart_formdata(fields)
            kept.append(
                f"/photos/{self._ask('photo', 'POST', '/photos/', body, content_type)['id']}"
            )
            self._ask("thumbnail", "GET", f"{kept[-1]}/image?width=100")
            if len(kept) > KEPT:
                self._ask("delete", "DELETE", kept.pop(0))
            time.sleep(WRITE_SECONDS)
            yield

    def _ask(
        self, kind: str, method: str, path: str, body: bytes | None = None, content_type: str = ""
    ) -> Any:
        start = time.perf_counter()
        headers = {"Content-Type": content_type} if body else {}
        answer = self._server.request(method, path, body, headers)
        self.seconds[kind].append(time.perf_counter() - start)
        if answer.status not in {200, 201, 204}:
            self.failures.append(f"{method} {path}: {answer.status} {answer.body[:200]!r}")
        return json.loads(answer.body) if method == "POST" else None


def _megabytes(running: Server) -> float:
    """The memory of all workers, what they share counted once."""
    lines = [
        line
        for pid in running.worker_pids()
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    ]
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
