"""Which worker takes a client."""

import os
import socket
import time
from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from image_processor import loads, worker
from image_processor.worker import PRECEDENCE_SECONDS, Worker


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
