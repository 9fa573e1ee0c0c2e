"""Workers that retire, are replaced, and stop, while clients go on."""

import signal
import threading
import time

from tests.csvs import random_csv
from tests.server import Answer, Server
from tests.sockets import begun, received, until


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
    with Server({"WEB_MAX_REQUESTS": "700"}) as server:
        first = server.worker_pids()
        with Load(server) as load:
            until(lambda: not {*first} & {*server.worker_pids()}, 120)
            recycled = server.worker_pids()
            server.process.send_signal(signal.SIGHUP)
            until(lambda: not {*recycled} & {*server.worker_pids()}, 120)
            before = load.answered
            until(lambda: load.answered > before + 50)
            upload = begun(
                server, "/upload-csv/?well=A", len(csv), "text/csv", Expect="100-continue"
            )
            with upload as client:
                assert client.recv(4096).startswith(b"HTTP/1.1 100 ")
                client.sendall(csv[:1000])
                load.server_stops = True
                server.process.terminate()
                until(lambda: len(server.worker_pids()) == 1)  # that of the upload
                client.sendall(csv[1000:])
                assert received(client).startswith(b"HTTP/1.1 200 ")
            server.process.wait(60)
        assert load.failed == []
