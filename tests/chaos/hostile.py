"""Strangers and careless users: what they send at once, while another asks for the list of logs.

With ``ACCESS=closed`` and ``open``, on the application as it is, without nginx in front.
"""

import contextlib
import io
import json
import os
import socket
import struct
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cache, partial
from pathlib import Path
from typing import Any

from PIL import Image
from urllib3.filepost import encode_multipart_formdata

from image_processor.devtools.embedded_mongodb import EmbeddedMongod
from images.ingest.sample import sample_csv
from tests.benchmarks.measure import Result, at_most, peak_memory
from tests.chaos.service import manage, server
from tests.csvs import COLUMNS
from tests.server import Server
from tests.sockets import begun

AT_ONCE = 8
JSON = "application/json"
LOGS = 40
CALM_SECONDS = 5.0
Ask = Callable[..., int]


def results(directory: Path) -> Iterator[Result]:
    for access in ("closed", "open"):
        temporary = directory / access
        temporary.mkdir()
        settings = {"ACCESS": access, "TMPDIR": str(temporary), "THROTTLE_UPLOAD": "100000/minute"}
        with (
            EmbeddedMongod(directory / f"mongodb {access}") as mongod,
            server(mongod.uri, **settings) as running,
        ):
            key = manage("token", "create", "editor", "--group", "editor").strip()
            yield from _played(running, access, temporary, {"Authorization": f"Token {key}"})


def _played(
    running: Server, access: str, temporary: Path, token: dict[str, str]
) -> Iterator[Result]:
    _fill(running, token)
    before = set(running.worker_pids())
    silences: dict[str, float] = {}
    statuses: Counter[int] = Counter()
    # Made before, so that making them takes nothing from the service.
    attacks = (*ATTACKS, *map(_with_token(token), REQUESTS.items()))
    with Witness(running, token) as witness:
        for attack in attacks:
            witness.longest = 0.0
            with ThreadPoolExecutor(AT_ONCE) as threads:
                found = list(threads.map(lambda _, a=attack: a.run(running), range(AT_ONCE)))
            time.sleep(0.2)
            silences[attack.name] = witness.longest
            statuses.update(found)
            print(
                f"{access}: {attack.name}: {dict(Counter(found))}, silence {witness.longest:.2f} s",
                file=sys.stderr,
            )
    worst = max(silences, key=lambda name: silences[name])
    what = f"ACCESS={access}: longest silence of /logs/ for others, at {worst}"
    yield at_most(what, silences[worst], 1, " s")
    yield at_most(f"ACCESS={access}: answers to others but 200 and 503", witness.wrong, 0)
    yield at_most(f"ACCESS={access}: faults of the server", statuses[500], 0)
    yield at_most(f"ACCESS={access}: workers lost", len(before - set(running.worker_pids())), 0)
    peak = max(map(peak_memory, running.worker_pids()))
    yield at_most(f"ACCESS={access}: largest worker", peak, 450, " MB")
    time.sleep(CALM_SECONDS)
    yield at_most(f"ACCESS={access}: bytes left in TMPDIR", _left(running, temporary), 0)


class Witness:
    """Asks for the list of logs without a pause; how long the longest answer took."""

    def __init__(self, running: Server, token: dict[str, str]) -> None:
        self.longest, self.wrong = 0.0, 0
        self._running, self._token = running, token
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> "Witness":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._over.wait(0.02):
            asked = time.monotonic()
            status = self._running.get("/logs/?limit=1", **self._token).status
            self.longest = max(self.longest, time.monotonic() - asked)
            # A 503 is said at once and on purpose.
            self.wrong += status not in (200, 503)


class Attack:
    """Something that one client does, and the status that it gets; 0 where the connection broke."""

    def __init__(self, name: str, act: Callable[[Server], int]) -> None:
        self.name, self._act = name, act

    def run(self, running: Server) -> int:
        try:
            return self._act(running)
        except OSError:
            return 0


def _with_token(token: dict[str, str]) -> Callable[[tuple[str, Any]], Attack]:
    def attack(item: tuple[str, Any]) -> Attack:
        name, make = item
        return Attack(name, partial(_ask, make(), token))

    return attack


def _ask(request: Any, token: dict[str, str], running: Server) -> int:
    method, path, body, content_type = request
    headers = token | ({"Content-Type": content_type} if body is not None else {})
    return running.request(method, path, body, headers).status


def _get(path: str) -> Callable[[], Any]:
    return lambda: ("GET", path, None, "")


def _csv(body: Callable[[], bytes]) -> Callable[[], Any]:
    return lambda: ("POST", "/upload-csv/?well=hostile", body(), "text/csv")


def _photo(image: Callable[[], bytes]) -> Callable[[], Any]:
    def make() -> Any:
        fields: dict[str, Any] = {"well": "hostile", "top_depth": "1", "base_depth": "2"}
        fields["photo"] = ("photo", image(), "application/octet-stream")
        body, content_type = encode_multipart_formdata(fields)
        return "POST", "/photos/", body, content_type

    return make


def _row(field: str) -> bytes:
    return f"{','.join(COLUMNS)}\n{','.join(['1', field, *['0'] * 199])}\n".encode()


@cache
def _large_png() -> bytes:
    """9 900 x 9 900 pixels of RGBA in 400 KB."""
    file = io.BytesIO()
    Image.new("RGBA", (9900, 9900)).save(file, "PNG")
    return file.getvalue()


@cache
def _large_webp() -> bytes:
    """Not 40 bytes that declare 16 383 x 16 383 pixels."""
    bits = struct.pack("<I", 16_382 | 16_382 << 14)
    chunk = b"VP8L" + struct.pack("<I", 6) + b"\x2f" + bits + b"\0"
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


@cache
def _jpeg_of_300_scans() -> bytes:
    file = io.BytesIO()
    noise = Image.effect_noise((2000, 2000), 3)
    noise.save(file, "JPEG", progressive=True, quality=5)
    data = file.getvalue()
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * 300 + b"\xff\xd9"


def _json(path: str, objects: int) -> Callable[[], Any]:
    """A POST of a list of empty objects, which take 20 times as much memory as their text."""
    return lambda: ("POST", path, b"[" + b",".join([b"{}"] * objects) + b"]", "application/json")


REQUESTS: dict[str, Callable[[], Any]] = {
    "a field of 200 000 digits and a letter": _csv(lambda: _row("1" * 200_000 + "x")),
    "a header of 400 KB of unknown names": _csv(
        lambda: ",".join(f"colx{n}" for n in range(45_000)).encode() + b"\n1\n"
    ),
    "20 MB of blank lines": _csv(lambda: _row("0") + b"\n" * 20_000_000),
    "20 MB of faulty rows": _csv(lambda: _row("0") + b"x,\n" * 7_000_000),
    "a depth of 8 000 digits": _get(f"/get-images/{'1' * 8000}x/2/"),
    "a limit of 8 000 digits": _get(f"/get-images/1/2/?vmin={'1' * 8000}x"),
    "photos of a depth of 8 000 digits": _get(f"/photos/?min={'1' * 8000}x"),
    "JSON of 60 000 brackets": lambda: (
        "POST",
        "/wells/",
        b"[" * 60_000,
        "application/json",
    ),
    "JSON of 1 MB": _json("/wells/", 340_000),
    "JSON of 128 KiB of empty objects": _json("/wells/", 43_000),
    "a page of 1 000 logs": _get("/logs/?limit=1000"),
    "a PNG of 9 900 x 9 900": _photo(_large_png),
    "a WebP that declares 16 383 x 16 383": _photo(_large_webp),
    "a JPEG of 300 scans": _photo(_jpeg_of_300_scans),
    f"JSON of {LOGS} logs": _get("/get-images/-1e9/1e9/"),
    f"CSV of {LOGS} logs": _get("/get-images/-1e9/1e9/?format=csv"),
    "dynamic normalisation": _get(
        "/get-images/9000/9040/?well=well%200&format=png&stretch=equalize&normalize=dynamic&window=9"
    ),
    "a WebP of 16 383 x 4 096": _get(
        "/get-images/-1e9/1e9/?well=well%200&format=webp&height=16383&width=4096"
    ),
    "the page of all wells": _get("/"),
    "the schema": _get("/schema/"),
}


def _large_form(path: str, running: Server) -> int:
    """Send a multipart form of 1 GB to a public address until it is refused."""
    kind = "multipart/form-data; boundary=a"
    with begun(running, path, 1_000_000_000, kind) as client:
        client.settimeout(1)
        sent = 0
        with contextlib.suppress(OSError):
            while sent < 50_000_000:
                sent += client.send(b"a" * 65_536)
        return int(client.recv(4096).split()[1])


def _slow_forms(running: Server) -> int:
    """Two forms at /login/, a byte each in a while."""
    kind = "application/x-www-form-urlencoded"
    with ExitStack() as stack:
        clients = [stack.enter_context(begun(running, "/login/", 60_000, kind)) for _ in range(2)]
        with contextlib.suppress(OSError):
            for client in clients * 80:
                client.sendall(b"a")
                time.sleep(0.05)
        return int(clients[0].recv(4096).split()[1])


def _aborted(path: str, running: Server) -> int:
    """A quarter of an upload, and then no more."""
    head = b'--a\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n'
    with begun(running, path, 40_000_000) as client, contextlib.suppress(OSError):
        client.sendall(head)
        for _ in range(100):
            client.sendall(os.urandom(100_000))
        client.shutdown(socket.SHUT_WR)
        return int(client.recv(4096).split()[1])
    return 0


def _wrong_token(running: Server) -> int:
    return running.get("/logs/", Authorization=f"Token {os.urandom(20).hex()}").status


def _foreign(running: Server) -> int:
    headers = {"Origin": "https://evil.example", "Content-Type": "text/csv"}
    return running.request("POST", "/upload-csv/", _row("0"), headers).status


ATTACKS = (
    Attack("1 GB of a form at /login/", partial(_large_form, "/login/")),
    Attack("1 GB of a form at /admin/login/", partial(_large_form, "/admin/login/")),
    Attack("16 slow forms at /login/", _slow_forms),
    Attack("half an upload of a photo", partial(_aborted, "/photos/")),
    Attack("half an upload of a log", partial(_aborted, "/upload-csv/")),
    Attack("wrong tokens", _wrong_token),
    Attack("an upload from another site", _foreign),
)


def _fill(running: Server, token: dict[str, str]) -> None:
    csv = b"".join(sample_csv(2000))
    for number in range(LOGS):
        path = f"/upload-csv/?well=well%20{number}"
        body = csv + b"\n" * number
        answer = running.request("POST", path, body, {"Content-Type": "text/csv", **token})
        if answer.status != 200:
            raise RuntimeError(json.dumps(answer.json))


def _left(running: Server, temporary: Path) -> int:
    """Bytes of files in the directory and of those without a name; not the counters of /metrics."""
    files = [path for path in temporary.rglob("*") if path.is_file()]
    named = sum(path.stat().st_size for path in files if "metrics-" not in str(path))
    for pid in running.worker_pids():
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):
                target = str(link.readlink())
                if target.startswith(str(temporary)) and target.endswith(" (deleted)"):
                    named += link.stat().st_size
    return named
