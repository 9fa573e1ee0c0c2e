"""Rate limits. All replicas share the counters, which are kept in MongoDB."""

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
    """The counter of one client in one time window. Windows start at multiples of their length."""

    id: str
    limit: int
    ends: float

    def add(self) -> None:
        """Count one request. Raises Throttled if it exceeds the limit."""
        # The increment is atomic across replicas. It need not wait for a majority: a crash may lose
        # a count.
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
    """The counter of the current window. ``who`` is an address, an id or a hash, never text that a
    client chose.
    """
    window = int(time.time() // rate.seconds)
    return Counter(f"{kind} {who} {window}", rate.limit, (window + 1) * rate.seconds)


def address(request: HttpRequest) -> str:
    """The IPv4 address of a client, or the /64 network of its IPv6 address: one client owns all of
    it. The last NUM_PROXIES entries of X-Forwarded-For are trusted.
    """
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
    """Create a TTL index: MongoDB then deletes the counters of past windows."""
    connection.database[COLLECTION].create_index("ends", expireAfterSeconds=0)
