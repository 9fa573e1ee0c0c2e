"""How long a client is waited for."""

import socket
import time

import pytest

from image_processor import patient_socket
from image_processor.patient_socket import MIN_BYTES_PER_SECOND, PatientSocket


@pytest.fixture
def pair(monkeypatch):
    """A patient socket of half a second, and its client."""
    monkeypatch.setattr(patient_socket, "PATIENCE_SECONDS", 0.5)
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
        client.sendall(bytes(MIN_BYTES_PER_SECOND // 2))
        got = 0
        while got < MIN_BYTES_PER_SECOND // 2:
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
