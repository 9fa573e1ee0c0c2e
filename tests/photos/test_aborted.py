"""Uploads that end in the middle, on the service as it is deployed."""

import os
import signal
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.server import Server
from tests.sockets import begun, until

FORM = "multipart/form-data; boundary=a"
HEAD = b'--a\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\n\r\n'


def spooled(pid, directory):
    """How many bytes the files hold that a process has open in ``directory``, with and without a
    name."""
    found = 0
    for file in Path(f"/proc/{pid}/fd").iterdir():
        try:
            if os.readlink(file).startswith(str(directory)):
                found += file.stat().st_size
        except FileNotFoundError:  # closed meanwhile
            continue
    return found


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A service of one worker, and its directory of temporary files."""
    directory = tmp_path_factory.mktemp("spooled")
    with Server({"TMPDIR": str(directory), "WEB_WORKERS": "1"}) as server:
        yield server, directory


@pytest.fixture
def uploading(service):
    """The service that has 3 MiB of a photo from each of three clients; what they are and where."""
    server, directory = service
    with ExitStack() as clients:
        named = {*os.listdir(directory)}
        until(server.worker_pids)  # one that was killed is replaced
        [pid] = server.worker_pids()
        before = spooled(pid, directory)
        for _ in range(3):
            client = clients.enter_context(begun(server, "/photos/", 10 << 20, FORM))
            client.sendall(HEAD + bytes(3 << 20))
        until(lambda: spooled(pid, directory) - before > 8 << 20)
        assert {*os.listdir(directory)} == named
        yield server, clients, directory, before


def test_nothing_is_left_in_tmpdir_of_photos_whose_clients_went_away(uploading):
    server, clients, directory, before = uploading
    [pid] = server.worker_pids()
    clients.close()
    until(lambda: spooled(pid, directory) <= before + (1 << 20))


def test_nothing_is_left_in_tmpdir_of_photos_whose_worker_was_killed(uploading):
    server, _, directory, _ = uploading
    names = {*os.listdir(directory)}
    [pid] = server.worker_pids()
    os.kill(pid, signal.SIGKILL)
    until(lambda: pid not in server.worker_pids())
    assert {*os.listdir(directory)} <= names
