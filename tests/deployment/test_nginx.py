"""deploy/nginx.conf in a real nginx, in front of the service."""

import json
import socket
import ssl
import subprocess
import urllib.request

import pytest
from django.conf import settings
from django.db import connection

from image_processor.access import throttles
from tests.csvs import random_csv
from tests.image_processor.access.access_table import tokens_of
from tests.nginx import NGINX, Nginx
from tests.problems import assert_problem
from tests.server import Server
from tests.sockets import begun, received, until

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
ONE_PROXY = {"ACCESS": "closed", "NUM_PROXIES": "1", "WEB_WORKERS": "1"}


@pytest.fixture(scope="module")
def closed():
    with Server(ONE_PROXY) as web:
        yield web


@pytest.fixture(scope="module")
def proxied(tmp_path_factory, closed):
    """A closed service behind nginx."""
    with Nginx(closed.port, tmp_path_factory.mktemp("nginx")) as nginx:
        yield nginx


@pytest.fixture
def editor():
    return {"Authorization": f"Token {tokens_of('editor')[0]}"}


def counted():
    """The addresses that failures were counted of."""
    return {c["_id"].split()[1] for c in connection.database[throttles.COLLECTION].find()}


def test_the_configuration_is_valid(tmp_path):
    done = subprocess.run(Nginx(1, tmp_path).command("-t"), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_an_upload_is_stored_and_fetched_through_nginx(proxied, editor):
    answer = proxied.request(
        "POST", "/upload-csv/?well=A", random_csv(5000), {"Content-Type": "text/csv", **editor}
    )
    assert answer.status == 200
    window = proxied.get(answer.json["images_url"], **editor)
    assert window.json["count"] == 5000


def test_a_body_of_who_may_not_write_is_refused_before_it_is_sent(proxied):
    for path in ("/upload-csv/", "/photos/", "/logs/", "/wells/1/survey"):
        with begun(proxied, path, 100_000_000) as client:
            client.sendall(b"a" * 1000)
            assert client.recv(4096).startswith(b"HTTP/1.1 401 ")


@pytest.mark.parametrize("path", ["/static/a", "/login/", "/healthz", "/readyz/", "/admin/login/"])
def test_a_large_body_for_a_public_address_is_413_before_it_is_sent(proxied, path):
    with begun(proxied, path, 100_000_000) as client:
        assert client.recv(4096).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("length", ["Content-Length: 100000000", "Transfer-Encoding: Chunked"])
def test_a_large_body_of_a_request_that_reads_is_413_before_it_is_sent(proxied, method, length):
    """Reading is not authorized by nginx, so anybody could fill its disk."""
    with socket.create_connection(("127.0.0.1", proxied.port), timeout=60) as client:
        client.sendall(f"{method} /logs/ HTTP/1.1\r\nHost: localhost\r\n{length}\r\n\r\n".encode())
        assert client.recv(4096).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "length",
    ["Content-Length: 100000000", "Transfer-Encoding: chunked", "Transfer-encoding: CHUNKED"],
)
def test_bodies_of_ten_megabytes_and_of_unknown_length_are_counted(
    tmp_path, closed, editor, length
):
    token = f"Authorization: {editor['Authorization']}"
    head = f"POST /upload-csv/ HTTP/1.1\r\nHost: localhost\r\n{token}\r\n{length}\r\n\r\n".encode()
    with (
        Nginx(closed.port, tmp_path, MAX_UPLOADS="1") as nginx,
        socket.create_connection(("127.0.0.1", nginx.port), timeout=60) as first,
    ):
        first.sendall(head)

        def refused():
            with socket.create_connection(("127.0.0.1", nginx.port), timeout=60) as second:
                second.sendall(head)
                second.shutdown(socket.SHUT_WR)
                return received(second).startswith(b"HTTP/1.1 503 ")

        until(refused, 10)


def test_who_a_client_says_it_is_is_not_believed(proxied):
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    assert proxied.get("/logs/", Authorization="Token wrong", **forged).status == 401
    assert counted() == {"127.0.0.1"}


def test_a_trusted_proxy_in_front_names_the_client_and_the_scheme(tmp_path):
    with (
        Server({**ONE_PROXY, "HTTPS": "required"}) as web,
        Nginx(web.port, tmp_path, TRUSTED_PROXY="127.0.0.0/8") as nginx,
    ):
        said = {"X-Forwarded-For": "198.51.100.7, 203.0.113.9", "X-Forwarded-Proto": "https"}
        assert nginx.get("/login/", **said).status == 200
        assert nginx.get("/login/").status == 301
        nginx.get("/logs/", **said, Authorization="Token wrong")
        assert nginx.request("POST", "/login/", b"a" * 70_000, said).status == 413
    assert counted() == {"203.0.113.9"}
    assert '"client":"203.0.113.9","request":"POST /login/ ' in (tmp_path / "nginx.log").read_text()


def test_tls_is_on_where_its_file_is_there(tmp_path, server):
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    key, certificate = tmp_path / "tls.key", tmp_path / "tls.crt"
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate]
    subprocess.run(["openssl", *made, *subject], check=True, capture_output=True)
    context = ssl.create_default_context(cafile=certificate)
    with Nginx(server.port, tmp_path, tls=tmp_path) as nginx:
        url = f"https://localhost:{nginx.tls_port}/healthz"
        with urllib.request.urlopen(url, context=context) as answer:
            assert answer.status == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "kind"),
    [
        ("GET", "/logs/?well=" + "a" * 9000, None, 414, "uri-too-long"),
        ("POST", "/login/", b"a" * 70_000, 413, "upload-too-large"),
    ],
)
def test_errors_of_nginx_itself_are_problem_documents(proxied, method, path, body, status, kind):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert_problem(proxied.request(method, path, body, headers), status, kind)


def test_an_internal_location_looks_like_any_address(proxied):
    assert_problem(proxied.get("/problems/overloaded"), 401, "unauthorized")


def test_a_body_beyond_the_limit_is_413(tmp_path, proxied, editor):
    with begun(proxied, "/upload-csv/", 300_000_000) as client:
        assert received(client).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "head",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: " + b"b" * 40_000,
        b"TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n",
    ],
)
def test_what_is_no_request_is_a_problem_document(proxied, head):
    with socket.create_connection(("127.0.0.1", proxied.port), timeout=60) as client:
        client.sendall(head)
        answer = received(client)
    assert b"Content-Type: application/problem+json" in answer
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["status"] == 400


def test_an_application_that_is_away_is_503_with_retry_after(tmp_path):
    with Nginx(1, tmp_path) as nginx:
        assert_problem(nginx.get("/logs/"), 503, "unavailable")
        assert_problem(nginx.upload(b"depth"), 503, "unavailable")


def test_static_files_are_compressed(proxied):
    answer = proxied.get(f"{settings.STATIC_URL}pages/page.css", **{"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("value", [b"\x05", b"\x7f"])
def test_a_control_character_in_a_header_is_400_and_never_reaches_the_application(proxied, value):
    """Of gunicorn, which has a page of its own for it."""
    with socket.create_connection(("127.0.0.1", proxied.port), timeout=60) as client:
        client.sendall(b"GET /logs/ HTTP/1.1\r\nHost: localhost\r\nIf-Match: " + value)
        client.sendall(b"\r\nConnection: close\r\n\r\n")
        answer = received(client)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"Invalid HTTP Header" in answer
    assert b"X-Request-ID" not in answer
