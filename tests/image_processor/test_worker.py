"""How long a client is waited for, and who takes it."""

import os
import socket
import time
from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from image_processor import loads, worker
from image_processor.worker import PRECEDENCE_SECONDS, PatientSocket, Worker


@pytest.fixture
def pair(monkeypatch):
    """A patient socket of half a second, and its client."""
    monkeypatch.setattr(worker, "PATIENCE_SECONDS", 0.5)
    ours, client = socket.socketpair()
    patient = PatientSocket(ours.family, ours.type, ours.proto, ours.detach())
    with patient, client:
        patient.setblocking(True)
        yield patient, client


def test_nothing_is_waited_for_longer_than_the_patience(pair):
    patient, _ = pair
    start = time.monotonic()
    with pytest.raises(TimeoutError):
        patient.recv(1)
    assert time.monotonic() - start < 2
    patient.sendall(b"what can still be said at once")


def test_bytes_earn_time_back(pair):
    patient, client = pair
    for _ in range(4):
        client.sendall(bytes(worker.MIN_BYTES_PER_SECOND // 2))
        got = 0
        while got < worker.MIN_BYTES_PER_SECOND // 2:
            got += len(patient.recv(65_536))
        patient._account(time.monotonic() - 0.4, 0)
    with pytest.raises(TimeoutError):
        patient._account(time.monotonic() - 0.4, 1)


def test_a_client_that_takes_nothing_is_as_good_as_gone(pair):
    patient, _ = pair
    with pytest.raises(ConnectionResetError, match="too slowly"):
        patient.sendall(bytes(50_000_000))


def test_whoever_takes_what_is_sent_gets_all_of_it(pair):
    patient, client = pair
    data = bytes(range(256)) * 200
    patient.sendall(data)
    assert client.recv(len(data), socket.MSG_WAITALL) == data


@pytest.mark.parametrize(("others", "waits"), [([], []), ([2], []), ([1], [PRECEDENCE_SECONDS])])
def test_a_worker_lets_one_that_has_fewer_connections_go_first(monkeypatch, others, waits):
    waited = []
    # For the worker alone: other threads of the process do sleep.
    clock = SimpleNamespace(sleep=waited.append, monotonic=time.monotonic)
    monkeypatch.setattr(worker, "time", clock)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        first = Worker(1, os.getpid(), [listener], None, 60, Config(), None)
        first.place, first.nr_conns = 0, 2
        loads.tell(0, 2)
        for place, connections in enumerate(others, 1):
            loads.tell(place, connections)
        assert not first.accept(listener)
        first.tmp.close()
    for place in range(3):
        loads.leave(place)
    assert waited == waits
