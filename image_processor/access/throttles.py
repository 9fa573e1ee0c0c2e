"""Counters that all replicas share: so many of a kind from one client in a window of time."""

import math
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Any

from django.db import connection
from django.http import HttpRequest
from pymongo import ReturnDocument, WriteConcern
from rest_framework.exceptions import Throttled
from rest_framework.settings import api_settings

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
            raise Throttled(max(1, math.ceil(self.ends - time.time())))


def counter(kind: str, who: object, rate: Rate) -> Counter:
    """The counter of now. ``who`` is an address or an id; what clients write is hashed before."""
    window = int(time.time() // rate.seconds)
    return Counter(f"{kind} {who} {window}", rate.limit, (window + 1) * rate.seconds)


def address(request: HttpRequest) -> str:
    """Where a request comes from: an IPv4 address or an IPv6 network of 64 bits, which is what one
    client has. X-Forwarded-For is believed as far as NUM_PROXIES says."""
    sender = _parsed(request.META.get("REMOTE_ADDR", ""))
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if (proxies := api_settings.NUM_PROXIES) and forwarded:
        named = forwarded.rsplit(",", proxies)
        sender = _parsed(named[-min(proxies, len(named))].strip()) or sender
    return sender or "unknown"


def _parsed(text: str) -> str | None:
    try:
        parsed = ip_address(text)
    except ValueError:
        return None
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or IPv6Network((int(parsed), 64), strict=False))


def make_index(**kwargs: Any) -> None:
    """Let MongoDB remove the counters of windows that have ended."""
    connection.database[COLLECTION].create_index("ends", expireAfterSeconds=0)
