"""More clients than there are threads, slow clients, and clients that leave."""

import contextlib
import json
import select
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from images.ingest.sample import sample_csv
from tests.clients import begun, received, until
from tests.csvs import random_csv
from tests.problems import assert_problem
from tests.server import Server

THREADS = 2


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """One worker of two threads, one of which may ingest, that waits a second for its clients."""
    settings = {
        "WEB_WORKERS": "1",
        "WEB_THREADS": str(THREADS),
        "MAX_INGESTS": "1",
        "GUNICORN_CMD_ARGS": "--config tests/impatient.py",
    }
    with Server(settings, log=tmp_path_factory.mktemp("log") / "log") as server:
        yield server


def problem_in(data):
    return json.loads(data.partition(b"\r\n\r\n")[2])


def _fill(server, occupy):
    """Occupy threads until none is left; those that were first may be cut off meanwhile."""

    def refuses():
        time.sleep(0.05)
        return server.get("/logs/").status == 503

    def one_more_leaves_none():
        occupy()
        # Whoever has its whole answer may have its thread for a moment more.
        return refuses() and refuses()

    until(one_more_leaves_none)


def lines(server):
    return [json.loads(line) for line in server.log.read_text().splitlines()]


def test_requests_beyond_the_threads_are_refused_at_once_and_probes_are_answered(small):
    answers, probes = [], []

    def answered_while_no_thread_was_free():
        with contextlib.ExitStack() as stack:
            clients = []
            _fill(small, lambda: clients.append(stack.enter_context(begun(small, "/photos/"))))
            with ThreadPoolExecutor(20) as threads:
                answers[:] = threads.map(small.get, ["/logs/"] * 40)
            probes[:] = map(small.get, ["/healthz", "/readyz", "/metrics"])
            # Whoever has an answer holds no thread.
            return len(clients) - len(select.select(clients, [], [], 0)[0]) == THREADS

    until(answered_while_no_thread_was_free)
    for answer in answers:
        assert_problem(answer, 503, "overloaded")
        assert answer.headers["X-Request-ID"]
    assert [probe.status for probe in probes] == [200, 200, 200]


def test_a_body_that_does_not_come_frees_its_thread(small):
    with begun(small, "/photos/") as silent, begun(small, "/photos/") as slow:
        sender = threading.Thread(target=_send_slowly, args=(slow,))
        sender.start()
        for client in (silent, slow):
            answer = received(client)
            assert answer.startswith(b"HTTP/1.1 408 ")
            assert problem_in(answer)["type"] == "urn:problem-type:body-too-slow"
        sender.join()
    assert small.get("/logs/").status == 200


def _send_slowly(client):
    """A byte now and then, so that there is always one to come."""
    with contextlib.suppress(OSError):
        for _ in range(50):
            client.sendall(b"-")
            time.sleep(0.1)


def _answer_to_another(server, path):
    """What a second upload gets, once the request before it has given its thread back."""
    answer = b":overloaded"
    while b":overloaded" in answer:
        with begun(server, path) as client:
            answer = received(client)
    return answer


def test_uploads_beyond_their_bound_are_refused_before_their_body_is_read(small):
    small.upload(b"".join(sample_csv(200)), well="sample")
    for path in ("/upload-csv/", "/new-log"):
        with begun(small, path):
            until(lambda: b"http_requests_in_progress 2.0" in small.get("/metrics").body)
            answer = _answer_to_another(small, path)
            assert answer.startswith(b"HTTP/1.1 503 ")
            assert b"\r\nRetry-After: " in answer
            assert problem_in(answer)["type"] == "urn:problem-type:too-many-ingests"
            assert small.get("/get-images/9000.1/9001/").status == 200
        until(lambda: small.upload(random_csv(3)).status == 200)


def test_a_client_that_sends_a_large_upload_too_much_still_gets_the_answer(small):
    csv = random_csv(5000)
    with begun(small, "/upload-csv/"):
        until(lambda: b"http_requests_in_progress 2.0" in small.get("/metrics").body)
        answer = small.upload(csv)
    assert_problem(answer, 503, "too-many-ingests")


def test_slow_heads_hold_no_thread_and_are_ended(small):
    with contextlib.ExitStack() as stack:
        clients = [
            stack.enter_context(socket.create_connection(("127.0.0.1", small.port), timeout=10))
            for _ in range(50)
        ]
        for client in clients[1:]:
            client.sendall(b"GET /healthz HT")
        assert small.get("/logs/").status == 200
        assert received(clients[0]) == b""
        for client in clients[1:]:
            answer = received(client)
            assert answer.startswith(b"HTTP/1.1 408 ")
            assert b"\r\nX-Request-ID: " in answer


def test_a_head_without_end_is_refused(small):
    with socket.create_connection(("127.0.0.1", small.port), timeout=10) as client:
        client.sendall(b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 20_000)
        assert received(client).startswith(b"HTTP/1.1 431 ")


def test_a_head_may_come_in_pieces_and_two_requests_in_one(small):
    request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.create_connection(("127.0.0.1", small.port), timeout=10) as client:
        for piece in (request[:10], request[10:-2], request[-2:] + request + request[:-1]):
            client.sendall(piece)
            time.sleep(0.1)
        client.sendall(request[-1:])
        client.shutdown(socket.SHUT_WR)
        assert received(client).count(b'{"status":"alive"}') == 3


def test_clients_that_ask_without_a_pause_leave_threads_to_others(small):
    end = time.monotonic() + 1.5

    def ask(_):
        count = 0
        with small.connection() as connection:
            while time.monotonic() < end:
                connection.request("GET", "/healthz")
                connection.getresponse().read()
                count += 1
        return count

    with ThreadPoolExecutor(12) as threads:
        counts = list(threads.map(ask, range(12)))
    assert min(counts) > max(counts) / 10


def test_a_client_that_does_not_read_is_cut_off(small):
    small.upload(random_csv(20_000), well="long")
    with contextlib.ExitStack() as stack:

        def ask_and_not_read():
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", small.port))
            path = "/get-images/-1e9/1e9/?well=long"
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())

        _fill(small, ask_and_not_read)
        until(lambda: small.get("/logs/").status == 200)
        until(lambda: _broken_off(small).count("get-images") >= THREADS)


def _broken_off(server):
    """The routes of the answers that did not go out whole."""
    return [line["route"] for line in lines(server) if line.get("whole") is False]


def test_clients_that_leave_hold_nothing(small):
    for _ in range(3):
        with contextlib.ExitStack() as clients:
            for path in ("/photos/", "/upload-csv/"):
                clients.enter_context(begun(small, path))
        until(lambda: small.upload(random_csv(3)).status == 200, 1)


def test_idle_connections_make_room_for_others(small):
    with contextlib.ExitStack() as stack:
        for _ in range(600):
            stack.enter_context(socket.create_connection(("127.0.0.1", small.port)))
        assert small.get("/healthz").status == 200


def test_after_all_of_this_nothing_was_a_fault(small):
    assert not [line for line in lines(small) if "traceback" in line or line["level"] == "ERROR"]
