"""A client that asks for the same thing over and over, and costs little itself."""

import selectors
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Self

from tests.benchmarks.measure import side_by_side

CONNECTIONS = 4
SECONDS = 1.5
READ_BYTES = 1 << 20
# More than a head has; bodies are not copied.
HEAD_BYTES = 1 << 13


class Client:
    """One keep-alive connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = bytearray(READ_BYTES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def ask(self, path: str, *headers: str) -> None:
        self._left: int | None = None
        self._head = bytearray()
        lines = (f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *headers, "", "")
        self.socket.sendall("\r\n".join(lines).encode())

    def receive(self) -> bool:
        """Take what has come; whether the answer is whole."""
        count = self.socket.recv_into(self._buffer)
        if not count:
            raise RuntimeError("the server closed the connection")
        if self._left is None:
            before = len(self._head)
            self._head += self._buffer[: min(count, HEAD_BYTES)]
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return False
            self.status, self.length = _status_and_length(self._head[:end])
            self._left, count = self.length, count + before - end - 4
        self._left -= count
        return self._left <= 0

    def fetch(self, path: str, *headers: str) -> None:
        """Ask, and wait for the whole answer."""
        self.ask(path, *headers)
        while not self.receive():
            pass


def _status_and_length(head: bytearray) -> tuple[int, int]:
    first, *lines = head.decode().lower().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return int(first.split()[1]), int(headers.get("content-length", 0))


@dataclass
class Target:
    """What is asked for, and what has been found: requests/s of each round, bytes of an answer."""

    port: int
    paths: Iterator[str]

    def __post_init__(self) -> None:
        self.rates: list[float] = []
        self.length = 0

    @property
    def rate(self) -> float:
        """That of the best round: in others all connections fell to one worker, which halves it."""
        return max(self.rates)

    def load(self) -> None:
        """One round, over connections that are new in it."""
        with ExitStack() as stack, selectors.DefaultSelector() as selector:
            clients = [stack.enter_context(Client(self.port)) for _ in range(CONNECTIONS)]
            for client in clients:
                path = next(self.paths)
                client.fetch(path)
                if client.status != 200:
                    raise RuntimeError(f"status {client.status} of {path}")
                selector.register(client.socket, selectors.EVENT_READ, client)
            self.length = clients[0].length
            for client in clients:
                client.ask(next(self.paths))
            start, count = time.perf_counter(), 0
            while selector.get_map():
                for key, _ in selector.select():
                    if not key.data.receive():
                        continue
                    passed = time.perf_counter() - start
                    if passed < SECONDS:
                        count += 1
                        key.data.ask(next(self.paths))
                    else:
                        # Nothing is left behind for the next round to wait for.
                        selector.unregister(key.fileobj)
            self.rates.append(count / SECONDS)


def in_turn(*targets: Target, rounds: int) -> None:
    """Load each target in turn, so that all see the same machine; the first round is for warmth."""
    for target in targets * (rounds + 1):
        target.load()
    for target in targets:
        del target.rates[0]


def time_ratio(port: int, asked: Iterator[str], others: Iterator[str]) -> float:
    """How long an answer to the next of ``asked`` takes, against the next of ``others``.

    Over one connection, so that one worker answers both.
    """
    with Client(port) as client:
        of_asked, of_others = side_by_side(
            lambda: client.fetch(next(asked)),
            lambda: client.fetch(next(others)),
            rounds=51,
            calls=3,
        )
    return of_asked / of_others
