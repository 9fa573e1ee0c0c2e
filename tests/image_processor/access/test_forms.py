"""Forms of public addresses, which anybody may send."""

import select
import socket
from contextlib import ExitStack, suppress

import pytest

from image_processor.access.forms import MAX_BYTES, MEDIA_TYPE
from image_processor.access.middleware import FORMS
from tests.problems import assert_problem
from tests.server import Server
from tests.sockets import begun, received, until

ADDRESSES = sorted(f"{address}/" for address in FORMS)


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    """A closed service in one process; its temporary directory is ``directory``."""
    directory = tmp_path_factory.mktemp("tmp")
    settings = {"ACCESS": "closed", "WEB_WORKERS": "1", "TMPDIR": str(directory)}
    with Server(settings) as server:
        server.directory = directory
        yield server


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize(
    ("content_type", "length", "status"),
    [
        ("multipart/form-data; boundary=a", 1000, 415),
        ("multipart/form-data; boundary=a", 1_000_000_000, 413),
        ("application/json", 10, 415),
        (MEDIA_TYPE, MAX_BYTES + 1, 413),
    ],
)
def test_a_public_address_refuses_before_the_body(closed, path, content_type, length, status):
    with begun(closed, path, length, content_type) as client:
        assert client.recv(4096).startswith(f"HTTP/1.1 {status} ".encode())


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_form_without_content_length_is_411(closed, path):
    with closed.connection() as connection:
        connection.request("POST", path, iter([b"a=b"]), {"Content-Type": MEDIA_TYPE})
        assert connection.getresponse().status == 411


def test_slow_forms_leave_the_service_to_others_and_end_with_408(closed):
    with ExitStack() as stack:
        slow = [stack.enter_context(begun(closed, "/login/", 3000, MEDIA_TYPE)) for _ in range(10)]
        waiting, others = slow, 0
        while waiting:
            for client in waiting:
                with suppress(OSError):
                    client.sendall(b"a")
            answered, _, _ = select.select(waiting, [], [], 0.1)
            waiting = [client for client in waiting if client not in answered]
            if 0 < len(waiting) <= 2:
                assert_problem(closed.get("/logs/"), 401, "unauthorized")
                others += 1
        answers = [received(client).partition(b" ")[2][:3] for client in slow]
    assert answers.count(b"408") == 2
    assert answers.count(b"503") == 8
    assert others > 3
    until(lambda: closed.request("POST", "/login/", "a=b", FORM).status == 403)  # no CSRF token
    assert [*closed.directory.glob("[!m]*")] == []  # but the metrics


FORM = {"Content-Type": MEDIA_TYPE}


def test_a_form_that_ends_early_is_400(closed):
    with begun(closed, "/login/", 300, MEDIA_TYPE) as client:
        client.sendall(b"a=b")
        client.shutdown(socket.SHUT_WR)
        assert received(client).startswith(b"HTTP/1.1 400 ")
