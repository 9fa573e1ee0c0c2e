"""Whether MongoDB has a primary, as the MongoClient sees it in the background."""

import os
import time

import pytest
from pymongo import MongoClient
from pymongo.errors import ServerSelectionTimeoutError

from image_processor.devtools.embedded_mongodb import free_port
from image_processor.ops import primary
from image_processor.ops.primary import Primary, time_limit
from tests.sockets import until


def test_a_client_knows_since_when_there_is_no_primary():
    watched = Primary()
    with MongoClient(f"mongodb://127.0.0.1:{free_port()}", event_listeners=[watched]):
        until(lambda: watched.lost_at is not None)
        assert watched.lost_at <= time.monotonic()
    there = Primary()
    with MongoClient(os.environ["MONGODB_URI"], event_listeners=[there]) as client:
        client.admin.command("ping")
        until(lambda: there.lost_at is None)


def test_requests_wait_for_a_short_loss_and_not_while_mongodb_is_away_for_long(monkeypatch):
    def seconds():
        since = time.monotonic()
        with time_limit(), pytest.raises(ServerSelectionTimeoutError):
            nowhere.admin.command("ping")
        return time.monotonic() - since

    monkeypatch.setattr(primary, "AWAY_SECONDS", 0.1)
    with MongoClient(f"mongodb://127.0.0.1:{free_port()}", timeoutMS=1500) as nowhere:
        monkeypatch.setattr(primary.PRIMARY, "lost_at", time.monotonic() - 3600)
        assert seconds() < 1.5
        monkeypatch.setattr(primary.PRIMARY, "lost_at", time.monotonic() - 1)
        assert seconds() >= 1.5
