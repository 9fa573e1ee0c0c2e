"""The 1 000-trace window at more and more connections: how many a second, how long they take."""

import selectors
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from image_processor.devtools.embedded_mongodb import EmbeddedMongod
from images.ingest.sample import sample_csv
from tests.benchmarks.load import Client
from tests.benchmarks.measure import Result, at_most
from tests.chaos.service import server

CONNECTIONS = (1, 4, 16, 64)
SECONDS = 10.0
# After a 503, in place of the Retry-After that a person would wait.
PAUSE_SECONDS = 0.05
WINDOW = "/get-images/9200/9299.9/?format=png&colormap=viridis&log="


def results(directory: Path) -> Iterator[Result]:
    with EmbeddedMongod(directory / "mongodb") as mongod, server(mongod.uri) as running:
        log = running.upload_raw(b"".join(sample_csv()), "sample").json
        for connections in CONNECTIONS:
            yield from _at(running.port, connections, WINDOW + log["id"])


def _at(port: int, connections: int, path: str) -> Iterator[Result]:
    seconds: list[float] = []
    refused = lost = 0
    with ExitStack() as stack, selectors.DefaultSelector() as selector:
        asked: dict[Client, float] = {}
        waiting: list[tuple[float, Client]] = []
        for _ in range(connections):
            client = stack.enter_context(Client(port))
            selector.register(client.socket, selectors.EVENT_READ, client)
            waiting.append((0.0, client))
        start = time.perf_counter()
        while (now := time.perf_counter()) < start + SECONDS or asked:
            while waiting and waiting[0][0] <= now and now < start + SECONDS:
                client = waiting.pop(0)[1]
                client.ask(path)
                asked[client] = time.perf_counter()
            for key, _ in selector.select(0.01 if waiting else 1):
                client = key.data
                if not client.receive():
                    continue
                took = time.perf_counter() - asked.pop(client)
                if client.status == 200:
                    seconds.append(took)
                    waiting.insert(0, (0.0, client))
                else:
                    refused += client.status == 503
                    lost += client.status != 503
                    waiting.append((time.perf_counter() + PAUSE_SECONDS, client))
    p50, p99 = (statistics.quantiles(seconds, n=100)[i] * 1000 for i in (49, 98))
    print(
        f"{connections} connections: {len(seconds) / SECONDS:.0f} windows/s, p50 {p50:.1f} ms,"
        f" p99 {p99:.1f} ms, {refused} answered 503",
        file=sys.stderr,
    )
    yield at_most(f"requests lost at {connections} connections", lost, 0)
    if connections == max(CONNECTIONS):
        yield at_most(f"p99 : p50 at {connections} connections", p99 / p50, 10)
