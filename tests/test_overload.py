"""More clients than there are threads, slow clients, and clients that leave."""

import contextlib
import json
import select
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from images.sample import sample_csv
from tests.csvs import random_csv
from tests.problems import assert_problem
from tests.server import Answer, Server

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


@contextlib.contextmanager
def begun(server, path, length=10_000, content_type="multipart/form-data; boundary=a"):
    """A request whose body does not come."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {content_type}\r\n"
        client.sendall(f"{head}Content-Length: {length}\r\n\r\n".encode())
        yield client


def received(client):
    """All that comes until the server closes."""
    with contextlib.suppress(ConnectionResetError):
        return b"".join(iter(lambda: client.recv(65_536), b""))
    return b""


def problem_in(data):
    return json.loads(data.partition(b"\r\n\r\n")[2])


def _fill(server, occupy):
    """Occupy threads until none is left; those that were first may be cut off meanwhile."""

    def one_more_leaves_none():
        occupy()
        return server.get("/logs/").status == 503

    _until(one_more_leaves_none)


def _until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "in vain"
        time.sleep(0.02)


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

    _until(answered_while_no_thread_was_free)
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
            _until(lambda: b"http_requests_in_progress 2.0" in small.get("/metrics").body)
            answer = _answer_to_another(small, path)
            assert answer.startswith(b"HTTP/1.1 503 ")
            assert b"\r\nRetry-After: " in answer
            assert problem_in(answer)["type"] == "urn:problem-type:too-many-ingests"
            assert small.get("/get-images/9000.1/9001/").status == 200
        _until(lambda: small.upload(random_csv(3)).status == 200)


def test_a_client_that_sends_a_large_upload_too_much_still_gets_the_answer(small):
    csv = random_csv(5000)
    with begun(small, "/upload-csv/"):
        _until(lambda: b"http_requests_in_progress 2.0" in small.get("/metrics").body)
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
        _until(lambda: small.get("/logs/").status == 200)
        _until(lambda: _broken_off(small).count("get-images") >= THREADS)


def _broken_off(server):
    """The routes of the answers that did not go out whole."""
    return [line["route"] for line in lines(server) if line.get("whole") is False]


def test_clients_that_leave_hold_nothing(small):
    for _ in range(3):
        with contextlib.ExitStack() as clients:
            for path in ("/photos/", "/upload-csv/"):
                clients.enter_context(begun(small, path))
        _until(lambda: small.upload(random_csv(3)).status == 200, 1)


def test_idle_connections_make_room_for_others(small):
    with contextlib.ExitStack() as stack:
        for _ in range(600):
            stack.enter_context(socket.create_connection(("127.0.0.1", small.port)))
        assert small.get("/healthz").status == 200


def test_after_all_of_this_nothing_was_a_fault(small):
    assert not [line for line in lines(small) if "traceback" in line or line["level"] == "ERROR"]


def test_a_client_that_asks_without_a_pause_does_not_keep_a_worker_from_retiring():
    with (
        Server({"WEB_WORKERS": "1", "WEB_MAX_REQUESTS": "100"}) as server,
        server.connection() as connection,
    ):

        def asked_to_leave():
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            answer.read()
            return answer.headers["Connection"] == "close"

        assert any(asked_to_leave() for _ in range(2000))


class Load:
    """Clients that ask without a pause, over connections kept and not; ``failed`` says why."""

    def __init__(self, server):
        self._server = server
        self._going = True
        self.server_stops = False
        self.answered = 0
        self.failed = []
        asking = (self._keep, self._keep, self._reconnect)
        self._threads = [threading.Thread(target=ask) for ask in asking]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._going = False
        for thread in self._threads:
            thread.join()

    def _keep(self):
        while self._going:
            with self._server.connection() as connection:
                while self._going and self._ask(connection):
                    pass

    def _reconnect(self):
        while self._going:
            with self._server.connection() as connection:
                self._ask(connection)

    def _ask(self, connection):
        """Whether the connection can be used again."""
        new = connection.sock is None
        try:
            if new:
                connection.connect()
            connection.request("GET", "/colormaps/viridis.png")
            time.sleep(0.005)
            answer = connection.getresponse()
            body = answer.read()
        except OSError as error:
            # Nobody listens any more. Who came in the instant of it is not refused but reset: the
            # system does so to connections that nobody has accepted when the last listener closes.
            turned_away = type(error) in (ConnectionRefusedError, ConnectionResetError)
            if self.server_stops and new and turned_away:
                self._going = False
            else:
                self.failed.append(repr(error))
            return False
        self.answered += 1
        if answer.status != 200:
            self.failed.append(Answer(answer.status, answer.headers, body))
        return answer.headers["Connection"] == "keep-alive"


def test_no_request_fails_while_workers_are_recycled_reloaded_and_stopped():
    csv = random_csv(100)
    with Server({"WEB_MAX_REQUESTS": "100"}) as server:
        first = server.worker_pids()
        with Load(server) as load:
            _until(lambda: not {*first} & {*server.worker_pids()}, 60)
            recycled = server.worker_pids()
            server.process.send_signal(signal.SIGHUP)
            _until(lambda: not {*recycled} & {*server.worker_pids()}, 60)
            before = load.answered
            _until(lambda: load.answered > before + 50)
            with begun(server, "/upload-csv/?well=A", len(csv), "text/csv") as client:
                client.sendall(csv[:1000])
                time.sleep(0.2)
                load.server_stops = True
                server.process.terminate()
                time.sleep(0.5)
                client.sendall(csv[1000:])
                assert received(client).startswith(b"HTTP/1.1 200 ")
            server.process.wait(60)
        assert load.failed == []
