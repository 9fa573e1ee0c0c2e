"""gunicorn's threaded worker, made so that no client holds a thread that it does not use.

Heads of requests are read by the worker's own loop, which also waits for connections to end. A
thread gets a connection once the head is there, and keeps it while one request follows another at
once; a client that then sends or takes too slowly is cut off. HTTP/1 without TLS, which is the
proxy's.
"""

import json
import os
import re
import select
import selectors
import socket
import sys
import time
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from itertools import takewhile
from typing import Any

from gunicorn import util
from gunicorn.glogging import Logger
from gunicorn.http import wsgi
from gunicorn.http.body import LengthReader
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

from image_processor import loads
from image_processor.ops import logs
from image_processor.patient_socket import PatientSocket

HEAD_SECONDS = 10.0
MAX_HEAD_BYTES = 64 * 1024
# How long is listened to a client that has had its last answer: what it has sent meanwhile has to
# be taken off the socket, or the system would tear the connection down with the answer in it.
GOODBYE_SECONDS = 2.0
# How long an unread rest of a body is waited for, so that the connection can be used again.
REST_SECONDS = 0.05
# How long a thread listens for the next request of the client that it has just answered: to wake
# another thread for it takes about as long as many an answer.
NEXT_SECONDS = 0.002
# How long another worker is given to take a connection first.
PRECEDENCE_SECONDS = 0.001
# Hold this until more is sent; not every system can.
MSG_MORE = getattr(socket, "MSG_MORE", 0)
_END_OF_HEAD = re.compile(rb"\n\r?\n")


class Log(Logger):
    """gunicorn's log without its lines for requests: the application writes one for each."""

    access_log_enabled = False


class Connection(TConn):
    """A connection, with what has come of the head of its next request."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.head = bytearray()
        self.queue: deque[Connection] = deque()


class Worker(ThreadWorker):
    """Connections are in threads, or wait in one of three queues: idle, for a head, for the end.

    Everything but ``handle`` and what it calls runs in the main loop, and a connection is in one of
    them at a time, so that nothing here needs a lock.
    """

    alive: bool
    max_requests: int
    place: int

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ending: deque[Connection] = deque()
        # gunicorn would stop in the middle of the answers under way.
        self._retire_after, self.max_requests = self.max_requests, sys.maxsize

    def init_process(self) -> None:
        # Some fifty settings are asked for in each request: as attributes they are found at once.
        settings = {name: setting.get() for name, setting in self.cfg.settings.items()}
        self.cfg.__dict__.update(settings)
        if sys.platform == "linux":
            # Threads of a process take turns anyway: who wakes up is not to interrupt another. A
            # sandbox that forbids to ask for it costs a tenth of the speed and nothing else.
            with suppress(PermissionError):
                os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
        super().init_process()

    def accept(self, listener: Any) -> bool:
        """Take a connection, and wait for its head; False where there is none to take."""
        if self.alive and loads.another_has_fewer(self.place, self.nr_conns):
            time.sleep(PRECEDENCE_SECONDS)
        try:
            accepted, address = listener.accept()
        except BlockingIOError:
            return False
        except ConnectionAbortedError:
            return True
        if self.nr_conns >= self.cfg.worker_connections - 1:
            self._end_oldest_waiting()
        self.nr_conns += 1
        of = (accepted.family, accepted.type, accepted.proto, accepted.detach())
        connection = Connection(self.cfg, PatientSocket(*of), address, listener.getsockname())
        self._wait(connection, self.pending_conns, HEAD_SECONDS)
        return True

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        if self._accepting:
            loads.tell(self.place, self.nr_conns)
        else:
            loads.leave(self.place)
        super().wait_for_and_dispatch_events(timeout)

    def set_accept_enabled(self, enabled: bool) -> None:
        """A worker that stops takes what has been queued for it, and lets others listen."""
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                while self.accept(listener):
                    pass
                listener.close()

    def handle(self, conn: Connection) -> bool:
        """Answer a client, in a thread, for as long as its requests follow at once.

        Whether the connection goes back to the main loop, to wait for more.
        """
        while super().handle(conn):
            if not self._follows_at_once(conn):
                return True
        return False

    def _follows_at_once(self, conn: Connection) -> bool:
        """Wait for a next head, unless others wait for the thread or the worker is to retire."""
        if self._in_threads() > self.cfg.threads or self.nr >= self._retire_after:
            return False
        conn.head += conn.parser.unreader.take_buffered()
        if not conn.head and _comes(conn.sock):
            with suppress(OSError):
                conn.head += socket.socket.recv(conn.sock, MAX_HEAD_BYTES, socket.MSG_DONTWAIT)
        return self._take_head(conn)

    def finish_request(self, conn: Connection, fs: "Future[bool]") -> None:
        if not fs.cancelled() and fs.exception() is None and fs.result():
            conn.head += conn.parser.unreader.take_buffered()
            if conn.head:
                self._wait(conn, self.pending_conns, HEAD_SECONDS)
                self._go_on(conn)
            else:
                self._wait(conn, self.keepalived_conns, self.cfg.keepalive)
        else:
            self._say_goodbye(conn)
        if self.alive and self.nr >= self._retire_after and not self._in_threads():
            self.log.info("Worker retires after %d requests", self.nr)
            self.alive = False

    def _in_threads(self) -> int:
        """How many connections have a thread, or wait for one."""
        queued = len(self.keepalived_conns) + len(self.pending_conns) + len(self._ending)
        return self.nr_conns - queued

    def murder_keepalived(self, force: bool = False) -> None:
        for conn in _overdue(self.keepalived_conns, force):
            self._close(conn)

    def murder_pending(self) -> None:
        for conn in _overdue(self.pending_conns):
            if conn.head:
                self._refuse(conn, 408, "Request Timeout", "the head of the request took too long")
            else:
                self._close(conn)
        for conn in _overdue(self._ending):
            self._close(conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """What is no request has no id of its own."""
        token = logs.request_id.set(logs.id_for(""))
        try:
            super().handle_error(req, client, addr, exc)
        finally:
            logs.request_id.reset(token)

    def _keepalive_after(self, conn: Connection, keepalive: bool) -> bool:
        # Where there is no rest of a body, the socket's timeout needs no change for it.
        body = conn.parser.mesg.body.reader
        if isinstance(body, LengthReader) and not body.length:
            return keepalive
        return keepalive and conn.parser.finish_body(deadline=time.monotonic() + REST_SECONDS)

    def _cap_keepalive(self, deadline: float) -> None:
        for conn in (*self.keepalived_conns, *self.pending_conns):
            conn.timeout = min(conn.timeout, deadline)

    def _wait(self, conn: Connection, queue: deque[Connection], seconds: float) -> None:
        """Put a connection into a queue, for so long. Each queue stays sorted by its deadlines."""
        conn.sock.setblocking(False)
        if not self.alive:
            seconds = min(seconds, STOP_KEEPALIVE_LINGER)
        conn.timeout = time.monotonic() + seconds
        conn.queue = queue
        queue.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._readable, conn))

    def _leave(self, conn: Connection) -> None:
        self.poller.unregister(conn.sock)
        conn.queue.remove(conn)

    def _readable(self, conn: Connection, _: socket.socket) -> None:
        try:
            data = conn.sock.recv(MAX_HEAD_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._close(conn)
        elif conn.queue is not self._ending:
            if conn.queue is self.keepalived_conns:
                self._leave(conn)
                self._wait(conn, self.pending_conns, HEAD_SECONDS)
            conn.head += data
            self._go_on(conn, len(data))

    def _go_on(self, conn: Connection, new: int | None = None) -> None:
        """Give a connection to a thread if its head is whole; ``new`` bytes of it are unseen."""
        seen = 0 if new is None else max(len(conn.head) - new - 2, 0)
        if self._take_head(conn, seen):
            self._leave(conn)
            self.enqueue_req(conn)
        elif len(conn.head) > MAX_HEAD_BYTES:
            self._refuse(
                conn,
                431,
                "Request Header Fields Too Large",
                f"the head of the request has more than {MAX_HEAD_BYTES} bytes",
            )

    def _take_head(self, conn: Connection, seen: int = 0) -> bool:
        """Give the head to the parser if it is whole; ``seen`` bytes hold no end of it."""
        if not _END_OF_HEAD.search(conn.head, seen):
            return False
        conn.init()
        conn.parser.unreader.unread(bytes(conn.head))
        conn.head.clear()
        return True

    def _refuse(self, conn: Connection, status: int, reason: str, message: str) -> None:
        self._leave(conn)
        with suppress(OSError):  # it has closed, or takes nothing
            write_problem(conn.sock, status, reason, message)
        self._say_goodbye(conn)

    def _say_goodbye(self, conn: Connection) -> None:
        """Send nothing more, and wait for the client to close, but not for long."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:  # it has closed
            self.nr_conns -= 1
            conn.close()
        else:
            self._wait(conn, self._ending, GOODBYE_SECONDS)

    def _close(self, conn: Connection) -> None:
        self._leave(conn)
        self.nr_conns -= 1
        conn.close()

    def _end_oldest_waiting(self) -> None:
        """Make room: those that are idle go first."""
        for queue in (self._ending, self.keepalived_conns, self.pending_conns):
            if queue:
                return self._close(queue[0])
        return None


def _comes(sock: socket.socket) -> bool:
    """Whether there is something to receive within NEXT_SECONDS."""
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(NEXT_SECONDS * 1000))


def _overdue(queue: deque[Connection], force: bool = False) -> list[Connection]:
    now = time.monotonic()
    return [*takewhile(lambda conn: force or conn.timeout <= now, queue)]


def write_problem(sock: socket.socket, status: int, reason: str, message: str) -> None:
    """Answer what is no HTTP request with a problem document, as everything else."""
    document = {
        "type": f"urn:problem-type:{reason.lower().replace(' ', '-')}",
        "title": reason,
        "status": status,
        "detail": message or reason,
    }
    body = json.dumps(document).encode()
    head = (
        f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nCache-Control: no-store\r\n"
        f"X-Request-ID: {logs.request_id.get() or logs.id_for('')}\r\n"
        f"Content-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    util.write_nonblock(sock, head.encode("latin1") + body)


class Response(wsgi.Response):
    """An answer whose head goes out with the first bytes of its body: its client wakes up once."""

    headers_sent: bool

    def send_headers(self) -> None:
        if self.headers_sent:
            return
        fields = [f"{name}: {value}\r\n" for name, value in self.headers]
        head = "".join([*self.default_headers(), *fields, "\r\n"]).encode("latin1")
        follows = self.response_length and not self._omits_body
        self.sock.sendall(head, MSG_MORE if follows else 0)
        self.headers_sent = True


# gunicorn has a setting neither for its answers nor for this page, which is HTML.
wsgi.Response = Response
util.write_error = write_problem
