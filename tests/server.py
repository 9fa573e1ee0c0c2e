"""The service as it is deployed, gunicorn and all, for tests and benchmarks over real HTTP."""

import contextlib
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from image_processor.devtools.embedded_mongodb import EmbeddedMongod, die_with_parent, free_port

ROOT = Path(__file__).resolve().parent.parent
BOUNDARY = "----a-boundary-of-the-tests"


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    asked: tuple[str, str] = ("", "")

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Server:
    """A gunicorn on a free port, with the environment of this process and ``settings``."""

    settings: dict[str, str] = field(default_factory=dict)
    log: Path | None = None

    def __enter__(self) -> Self:
        self.port = free_port()
        environment = {**os.environ, **self.settings}
        environment["PORT"] = str(self.port)
        output = (self.log or Path(os.devnull)).open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "image_processor.wsgi:application"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
            preexec_fn=die_with_parent(),
        )
        output.close()
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                if self.get("/healthz").status == 200:
                    return self
            if self.process.poll() is not None:
                raise RuntimeError(f"gunicorn ended with status {self.process.returncode}")
            time.sleep(0.05)
        raise RuntimeError("gunicorn did not answer")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(60)

    @contextlib.contextmanager
    def connection(self) -> Iterator[http.client.HTTPConnection]:
        with contextlib.closing(
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=120, blocksize=1 << 20)
        ) as connection:
            yield connection

    def request(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        with self.connection() as connection:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read(), (method, path))

    def get(self, path: str, **headers: str) -> Answer:
        return self.request("GET", path, headers=headers)

    def upload(self, csv: bytes, well: str | None = None, filename: str = "log.csv") -> Answer:
        body, headers = form(csv, well, filename)
        return self.request("POST", "/upload-csv/", body, headers)

    def upload_raw(self, csv: bytes, well: str = "default") -> Answer:
        path = f"/upload-csv/?well={quote(well)}"
        return self.request("POST", path, csv, {"Content-Type": "text/csv"})

    def log_lines(self) -> list[str]:
        """The lines of the log that are whole: one may just be being written."""
        assert self.log
        return self.log.read_text().split("\n")[:-1]

    def worker_pids(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]


@contextlib.contextmanager
def on_its_own_mongodb(
    directory: Path, settings: dict[str, str], log: Path | None = None
) -> Iterator[tuple[Server, EmbeddedMongod]]:
    """A server and its MongoDB, which a test may stop and must start again."""
    with EmbeddedMongod(directory) as mongod:
        settings = {
            "MONGODB_URI": mongod.uri,
            "MONGO_SELECTION_TIMEOUT_MS": "500",
            **settings,
        }
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "-v0"],
            check=True,
            cwd=ROOT,
            env={**os.environ, **settings, "MONGO_SELECTION_TIMEOUT_MS": "5000"},
        )
        with Server(settings, log=log) as server:
            yield server, mongod


def form_parts(well: str | None, filename: str, field_name: str = "file") -> tuple[bytes, bytes]:
    """What comes before and after the file in a multipart form."""
    before = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field_name}"; '
    before += f'filename="{filename}"\r\nContent-Type: text/csv\r\n\r\n'
    after = "\r\n"
    if well is not None:
        after += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="well"\r\n\r\n{well}\r\n'
    return before.encode(), f"{after}--{BOUNDARY}--\r\n".encode()


def form(csv: bytes, well: str | None, filename: str) -> tuple[bytes, dict[str, str]]:
    before, after = form_parts(well, filename)
    return before + csv + after, {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
