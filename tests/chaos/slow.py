"""Slow and idle clients at a real nginx, as it is deployed, while another asks for windows."""

import contextlib
import http.client
import socket
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from image_processor.devtools.embedded_mongodb import EmbeddedMongod
from images.ingest.sample import sample_csv
from tests.benchmarks.measure import Result, at_most, side_by_side
from tests.chaos.service import server
from tests.csvs import random_csv
from tests.nginx import Nginx
from tests.server import Server

# Another address than that of the one who asks, as strangers have.
STRANGER = ("127.0.0.2", 0)
SECONDS = 6.0
UPLOAD_ROWS = 40_000
WINDOW = "/get-images/9200/9299.9/?format=png&colormap=viridis&well=sample"
WHOLE = "/get-images/-1e9/1e9/?well=sample"
FORM = "application/x-www-form-urlencoded"


def results(directory: Path) -> Iterator[Result]:
    (directory / "nginx").mkdir()
    with (
        EmbeddedMongod(directory / "mongodb") as mongod,
        server(mongod.uri, NUM_PROXIES="1") as web,
        Nginx(web.port, directory / "nginx") as nginx,
    ):
        csv = b"".join(sample_csv())
        if nginx.upload(csv, "sample").status != 200:
            raise RuntimeError("the sample was not taken in")
        yield _kept_whole(web, nginx)
        calm, lost = _p99(nginx.port)
        yield at_most("requests lost without slow clients", lost, 0)
        for what, count, begin in (
            ("slow heads", 100, _head),
            ("slow uploads", 60, lambda port: _body(port, "/upload-csv/", "text/csv")),
            ("slow photos", 60, lambda port: _body(port, "/photos/", "multipart/form-data")),
            ("slow logins", 60, lambda port: _body(port, "/login/", FORM)),
            ("slow readers", 60, _reader),
            ("idle sockets", 600, _connect),
        ):
            with _at_once(nginx.port, count, begin):
                p99, lost = _p99(nginx.port)
                uploaded = nginx.upload(csv + b"\n" * (1 + len(what)), f"while {what}").status
            print(
                f"{count} {what}: p99 {p99 * 1000:.1f} ms, {calm * 1000:.1f} without",
                file=sys.stderr,
            )
            yield at_most(f"p99 beside {count} {what} : without", p99 / calm, 3)
            yield at_most(f"requests lost beside {count} {what}", lost + (uploaded != 200), 0)


def _kept_whole(web: Server, nginx: Nginx) -> Result:
    """What it costs that nginx keeps an upload until it is whole."""
    csv = random_csv(UPLOAD_ROWS)
    bodies = (csv + b"\n" * number for number in range(1000))
    direct, through = (partial(lambda to: to.upload_raw(next(bodies)), to) for to in (web, nginx))
    alone, kept = side_by_side(direct, through, rounds=5)
    megabytes = len(csv) / 1e6
    print(f"{megabytes:.0f} MB: {alone:.2f} s direct, {kept:.2f} s by nginx", file=sys.stderr)
    return at_most(f"an upload of {megabytes:.0f} MB kept whole by nginx : direct", kept / alone, 2)


def _connect(port: int) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=10, source_address=STRANGER)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    return client


def _head(port: int) -> socket.socket:
    client = _connect(port)
    client.sendall(b"GET /logs/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
    return client


def _body(port: int, path: str, content_type: str) -> socket.socket:
    client = _connect(port)
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {content_type}\r\n"
    client.sendall(f"{head}Content-Length: 60000\r\n\r\n".encode())
    return client


def _reader(port: int) -> socket.socket:
    client = _connect(port)
    client.sendall(f"GET {WHOLE} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    # Until the answer begins, so that it is made before anything is measured.
    client.recv(1)
    return client


@contextlib.contextmanager
def _at_once(port: int, count: int, begin: Callable[[int], socket.socket]) -> Iterator[None]:
    """So many clients, each of which sends a byte a second."""
    over = threading.Event()
    with ExitStack() as stack:
        clients = [stack.enter_context(begin(port)) for _ in range(count)]

        def drip() -> None:
            while not over.wait(1):
                for client in clients:
                    with contextlib.suppress(OSError):
                        client.sendall(b"a")

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            yield
        finally:
            over.set()
            dripping.join()


def _p99(port: int) -> tuple[float, int]:
    """The 99th percentile of the seconds of a window, and how many got no 200."""
    seconds, lost = [], 0
    end = time.perf_counter() + SECONDS
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while (asked := time.perf_counter()) < end:
        try:
            connection.request("GET", WINDOW)
            answer = connection.getresponse()
            answer.read()
            lost += answer.status != 200
        except OSError as error:
            print(repr(error), file=sys.stderr)
            lost += 1
            connection.close()
        seconds.append(time.perf_counter() - asked)
    connection.close()
    return statistics.quantiles(seconds, n=100)[98], lost
