"""Requests of the Python client that are sent again, and answers that are not of the service."""

import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer

import httpx
import numpy as np
import obstore
import pytest
from image_logs import ProblemError, Server, Unavailable, connection, log

from tests.values import published, random_values


@contextmanager
def listening(handler, kind=HTTPServer):
    """The URL of a server whose requests ``handler`` answers."""
    with kind(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class Busy(BaseHTTPRequestHandler):
    """Answers 503 with Retry-After until it was asked ``refusals`` times."""

    refusals = 1
    retry_after = "1"
    bodies: list[bytes] = []  # noqa: RUF012 - one server at a time

    def do_POST(self):
        self.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        status = 503 if len(self.bodies) <= self.refusals else 200
        body = b'{"detail": "busy", "type": "urn:problem-type:overloaded"}'
        self.send_response(status)
        self.send_header("Content-Type", "application/problem+json")
        self.send_header("Retry-After", self.retry_after)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def busy(monkeypatch):
    monkeypatch.setattr(Busy, "bodies", [])
    with listening(Busy) as url, Server(url, retries=1) as client:
        yield client


def test_an_upload_is_sent_again_whole_where_the_server_says_retry_after(busy, sample):
    assert busy.upload(sample)["detail"] == "busy"
    assert len(Busy.bodies) == 2
    assert all(sample.read_bytes() in body for body in Busy.bodies)


def test_a_retry_after_may_be_a_date(busy, sample, monkeypatch):
    date = int(time.time()) + 2
    monkeypatch.setattr(Busy, "retry_after", formatdate(date, usegmt=True))
    busy.upload(sample)
    assert time.time() >= date - 0.1
    assert len(Busy.bodies) == 2


def test_a_server_that_stays_busy_is_unavailable(busy, sample, monkeypatch):
    monkeypatch.setattr(Busy, "refusals", 99)
    monkeypatch.setattr(Busy, "retry_after", "0")
    with pytest.raises(Unavailable, match="busy"):
        busy.upload(sample)
    assert len(Busy.bodies) == 2


class Failing(BaseHTTPRequestHandler):
    """Passes requests on to the service, but fails at the first one of each path, as ``how`` says.

    ``lost``: closes the connection. ``cut``: closes it in the middle of the body. A number: answers
    with this status, as a proxy does.
    """

    how: str | int = "lost"
    service = ""
    asked: list[str] = []  # noqa: RUF012 - one server at a time

    def do_GET(self):
        first = self.path not in self.asked
        self.asked.append(self.path)
        if first and self.how == "lost":
            return
        if first and self.how != "cut":
            self.send_error(self.how)
            return
        wanted = {name: self.headers[name] for name in ("Range",) if name in self.headers}
        answer = httpx.get(self.service + self.path, headers=wanted)
        self.send_response(answer.status_code)
        for name in ("Content-Type", "ETag", "Content-Range"):
            if name in answer.headers:
                self.send_header(name, answer.headers[name])
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        cut = first and answer.is_success
        self.wfile.write(answer.content[: len(answer.content) // 2 if cut else None])

    def do_POST(self):
        self.asked.append(self.path)

    def log_message(self, *_):
        pass


@pytest.fixture
def failing(server, monkeypatch):
    """A client that reaches the service through Failing, and does not wait long."""
    monkeypatch.setattr(Failing, "service", f"http://127.0.0.1:{server.port}")
    monkeypatch.setattr(Failing, "asked", [])
    for name in ("LOST", "CUT"):
        quick = getattr(connection, name).copy_with(backoff_factor=0.001)
        monkeypatch.setattr(connection, name, quick)
    monkeypatch.setattr(log, "BACKOFF", {"init_backoff": timedelta(milliseconds=1)})
    with listening(Failing, ThreadingHTTPServer) as url, Server(url, retries=1) as client:
        yield client


@pytest.mark.parametrize("how", ["lost", "cut", 502, 503, 504])
def test_a_get_is_sent_again_after_a_lost_connection(failing, monkeypatch, how):
    depths, values = random_values(60, 12)
    stored = str(published(depths, values).pk)
    monkeypatch.setattr(Failing, "how", how)
    np.testing.assert_array_equal(failing.log(stored).window().values, values)
    assert [Failing.asked.count(path) for path in {*Failing.asked}] == [2, 2]


@pytest.mark.parametrize("how", ["lost", "cut", 503])
def test_a_chunk_of_a_lazy_log_is_asked_for_again(failing, monkeypatch, how):
    depths, values = random_values(60, 12)
    stored = str(published(depths, values).pk)
    monkeypatch.setattr(Failing, "how", how)
    np.testing.assert_array_equal(failing.log(stored).lazy().values, values)
    chunks = [path for path in Failing.asked if path.endswith("/values/c/0/0")]
    assert len(chunks) == 2


def test_a_get_is_sent_again_no_more_than_retries_says(failing, monkeypatch):
    monkeypatch.setattr(failing, "retries", 0)
    with pytest.raises(httpx.RemoteProtocolError):
        failing.wells()
    assert len(Failing.asked) == 1


def test_a_post_is_not_sent_again_as_it_may_have_had_an_effect(failing):
    with pytest.raises(httpx.RemoteProtocolError):
        failing.request("POST", "/dips/")
    assert len(Failing.asked) == 1


def test_the_page_of_a_proxy_is_told_in_one_line(failing, monkeypatch):
    monkeypatch.setattr(Failing, "how", 502)
    monkeypatch.setattr(failing, "retries", 0)
    with pytest.raises(Unavailable, match=r"^http://\S+/wells/\S+ answered 502 Bad Gateway$"):
        failing.wells()


class Moved(BaseHTTPRequestHandler):
    """Says that everything is elsewhere, as a server that wants https."""

    def do_GET(self):
        self.send_response(301)
        self.send_header("Location", "https://logs.example.org/wells/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def test_a_redirection_is_an_error_that_says_where_to():
    with listening(Moved) as url, Server(url) as client, pytest.raises(ProblemError) as caught:
        client.wells()
    assert str(caught.value).endswith("301 Moved Permanently https://logs.example.org/wells/")
    assert caught.value.status == 301


def test_a_lazy_log_that_is_deleted_is_an_error_and_never_nulls(client, server):
    depths, values = random_values(60, 12)
    stored = str(published(depths, values).pk)
    lazy = client.log(stored).lazy()
    assert server.request("DELETE", f"/logs/{stored}/").status == 204
    with pytest.raises(obstore.exceptions.BaseError, match="there is no image log"):
        lazy.load()
