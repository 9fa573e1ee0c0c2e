"""Counters that all replicas share: so many of a kind from one client in a window of time."""

import math
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.http import HttpRequest
from pymongo import ReturnDocument, WriteConcern
from rest_framework.exceptions import Throttled
from rest_framework.throttling import BaseThrottle

from image_processor.env import Rate

COLLECTION = "throttle_counters"


@dataclass(frozen=True, slots=True)
class Counter:
    """The counter of one window, which begins and ends for everybody at the same time."""

    id: str
    limit: int
    ends: float

    def add(self) -> None:
        """Count one more. Raises Throttled where it is one too many."""
        # Atomic, whichever replica counts; that a count outlives a crash is not worth its wait.
        counters = connection.database[COLLECTION].with_options(write_concern=WriteConcern(w=1))
        found = counters.find_one_and_update(
            {"_id": self.id},
            {
                "$inc": {"count": 1},
                "$setOnInsert": {"ends": datetime.fromtimestamp(self.ends, UTC)},
            },
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        if found["count"] > self.limit:
            self.refuse()

    def refuse(self) -> None:
        """Raise Throttled until the end of the window."""
        raise Throttled(max(1, math.ceil(self.ends - time.time())))


def counter(kind: str, who: object, rate: Rate) -> Counter:
    """The counter of now."""
    window = int(time.time() // rate.seconds)
    return Counter(f"{kind} {who} {window}", rate.limit, (window + 1) * rate.seconds)


def address(request: HttpRequest) -> str:
    """Where a request comes from; X-Forwarded-For is believed as far as NUM_PROXIES says."""
    return str(BaseThrottle().get_ident(request))


def make_index(**kwargs: Any) -> None:
    """Let MongoDB remove the counters of windows that have ended."""
    connection.database[COLLECTION].create_index("ends", expireAfterSeconds=0)
