"""Clients that write and read at once, check every answer, and remember what was promised them."""

import http.client
import io
import itertools
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from PIL import Image

from images.ingest.resample import WIDTH
from tests.csvs import csv_of
from tests.server import Answer, Server

ROWS = 300
TOP, STEP = 1000.0, 0.5
WINDOW = f"/get-images/{TOP}/{TOP + STEP * ROWS}/?format=npy&log="


def pixels(seed: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """What the CSV of ``seed`` says, (ROWS, 200) uint8."""
    return np.random.default_rng(seed).integers(0, 256, (ROWS, 200), np.uint8)


def csv(seed: int) -> bytes:
    return csv_of(TOP + STEP * np.arange(ROWS), pixels(seed).tolist())


def traces(seed: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """What has to come back of it, (ROWS, 150) uint8."""
    return np.asarray(Image.fromarray(pixels(seed)).resize((WIDTH, ROWS), Image.Resampling.BICUBIC))


@dataclass(frozen=True)
class Acknowledged:
    """An upload that was answered: the CSV it was made of, and from when until when it took."""

    log_id: str
    seed: int
    asked: float
    answered: float


class Witness:
    """Writers and readers of ``server``, at work in a ``with`` block.

    ``may_break`` says that connections may break without an answer, as those to a worker that is
    killed do. Whatever else is no success and no clean 503 is a violation.
    """

    def __init__(
        self, server: Server, writers: int, readers: int, may_break: bool = False, uploads: int = 0
    ) -> None:
        self.acknowledged: list[Acknowledged] = []
        self.reads: list[float] = []
        self.violations: list[str] = []
        self.counts: Counter[str] = Counter()
        self._server = server
        self._may_break = may_break
        self._seeds = iter(range(uploads)) if uploads else itertools.count()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._writers = [threading.Thread(target=self._write) for _ in range(writers)]
        self._readers = [threading.Thread(target=self._read) for _ in range(readers)]

    def __enter__(self) -> Self:
        for thread in (*self._writers, *self._readers):
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in (*self._writers, *self._readers):
            thread.join()

    @property
    def writing(self) -> bool:
        return any(thread.is_alive() for thread in self._writers)

    def seconds_until_back(self, since: float, elected: float, most: float) -> float:
        """Seconds from ``elected`` until a write and a read asked for after ``since`` had been
        answered; infinite when that takes more than ``most``."""
        while time.monotonic() < elected + most:
            with self._lock:
                written = [a.answered for a in self.acknowledged if a.asked > since]
                read = [asked for asked in self.reads if asked > since]
            if written and read:
                return max(written[0] - elected, 0.0)
            time.sleep(0.05)
        return float("inf")

    def check_all(self) -> None:
        """Read back everything that was acknowledged, and everything that is shown."""
        for promise in self.acknowledged:
            self._check_log(promise.log_id, promise.seed, "acknowledged")
        for log_id, seed in self._shown(limit=1000):
            self._check_log(log_id, seed, "shown")

    def _write(self) -> None:
        while not self._over.is_set():
            with self._lock:
                seed = next(self._seeds, None)
            if seed is None:
                return
            body = csv(seed)
            while not self._over.is_set():
                asked = time.monotonic()
                path = f"/upload-csv/?well={seed}"
                answer = self._ask("POST", path, body, {"Content-Type": "text/csv"})
                if answer is not None:
                    promise = Acknowledged(answer.json["id"], seed, asked, time.monotonic())
                    with self._lock:
                        self.acknowledged.append(promise)
                    break
                time.sleep(0.2)

    def _read(self) -> None:
        while not self._over.is_set():
            with self._lock:
                promised = random.choice(self.acknowledged) if self.acknowledged else None
            asked = time.monotonic()
            if promised is None or random.random() < 0.2:
                for log_id, seed in self._shown(limit=50)[-3:]:
                    self._check_log(log_id, seed, "shown")
            elif self._check_log(promised.log_id, promised.seed, "acknowledged"):
                with self._lock:
                    self.reads.append(asked)
            time.sleep(0.05)

    def _shown(self, limit: int) -> list[tuple[str, int]]:
        """The ids of the logs that are listed, and their seeds, which are their wells' names."""
        found: list[tuple[str, int]] = []
        while True:
            page = f"/logs/?limit={limit}&offset={len(found)}"
            if (answer := self._ask("GET", page)) is None:
                return found
            for log in answer.json["results"]:
                found.append((log["id"], int(log["well"])))
            if not answer.json["next"] or limit < 1000:
                return found

    def _check_log(self, log_id: str, seed: int, what: str) -> bool:
        answer = self._ask("GET", WINDOW + log_id)
        if answer is None:
            return False
        if not np.array_equal(np.load(io.BytesIO(answer.body)), traces(seed)):
            self._violated(f"an {what} log does not hold what was sent: {log_id}")
        return True

    def _ask(
        self, method: str, path: str, body: bytes | None = None, headers: Any = None
    ) -> Answer | None:
        """The answer when it is a success; None when it is a clean 503."""
        try:
            answer = self._server.request(method, path, body, headers)
        except (OSError, http.client.HTTPException) as error:
            self._count("broken")
            if not self._may_break:
                self._violated(f"{method} {path}: {error!r}")
            return None
        self._count(str(answer.status))
        if answer.status == 200:
            return answer
        clean = answer.headers.get("Content-Type") == "application/problem+json"
        if answer.status != 503 or not clean or "Retry-After" not in answer.headers:
            self._violated(f"{method} {path}: {answer.status} {answer.body[:300]!r}")
        return None

    def _count(self, what: str) -> None:
        with self._lock:
            self.counts[what] += 1

    def _violated(self, what: str) -> None:
        with self._lock:
            self.violations.append(what)
