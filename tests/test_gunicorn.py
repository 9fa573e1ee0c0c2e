"""What never reaches Django."""

import os
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.problems import assert_problem


def test_a_url_that_is_too_long_is_a_problem(server):
    assert_problem(server.get("/logs/?well=" + "a" * 9000), 414, "uri-too-long")


@pytest.mark.parametrize("text", [b"nonsense\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"])
def test_what_is_no_request_is_a_problem(server, text):
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(text)
        answer = b"".join(iter(lambda: client.recv(4096), b""))
    assert b"Content-Type: application/problem+json" in answer
    assert b"<html" not in answer


def test_a_long_name_of_a_well_in_any_script_fits_into_a_url(server):
    assert server.get("/logs/?well=" + "%F0%9F%AA%A8" * 100).status == 200


def test_a_head_comes_with_the_first_bytes_of_its_body(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        for _ in range(20):
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            head, _, body = client.recv(65_536).partition(b"\r\n\r\n")
            assert f"Content-Length: {len(body)}\r\n".encode() in head
            assert body


def test_a_head_without_a_body_is_sent_at_once(server):
    seconds = []
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        for _ in range(5):
            since = time.monotonic()
            client.sendall(b"HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert client.recv(65_536).endswith(b"\r\n\r\n")
            seconds.append(time.monotonic() - since)
    assert min(seconds) < 0.1


def test_connections_are_spread_over_the_workers(server):
    workers = server.worker_pids()
    before = [sockets(worker) for worker in workers]
    with ExitStack() as stack:
        for _ in range(24):
            connection = stack.enter_context(server.connection())
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        added = [sockets(worker) - n for worker, n in zip(workers, before, strict=True)]
    assert len(added) == 2
    # Twelve each, but for what a busy machine makes of a millisecond.
    assert min(added) >= 9


def sockets(pid):
    return sum(
        os.readlink(file).startswith("socket:") for file in Path(f"/proc/{pid}/fd").iterdir()
    )
