"""How long MongoDB has been without a primary, so that requests do not all wait for one."""

import time
from contextlib import AbstractContextManager, nullcontext

import pymongo
from django.conf import settings
from pymongo.monitoring import (
    TopologyClosedEvent,
    TopologyDescriptionChangedEvent,
    TopologyListener,
    TopologyOpenedEvent,
)

# What a request gives MongoDB then: the driver looks again, and what was back is found.
AWAY_SECONDS = 1.0


class Primary(TopologyListener):
    """Listens to the MongoClient, which looks at the members of the replica set in the background.

    ``lost_at`` is when it found that there is no primary, by the monotonic clock; None while there
    is one.
    """

    lost_at: float | None = None

    def opened(self, event: TopologyOpenedEvent) -> None:
        self.lost_at = time.monotonic()

    def description_changed(self, event: TopologyDescriptionChangedEvent) -> None:
        if event.new_description.has_writable_server():
            self.lost_at = None
        elif self.lost_at is None:
            self.lost_at = time.monotonic()

    def closed(self, event: TopologyClosedEvent) -> None:
        pass

    def __repr__(self) -> str:  # it is among the settings, of which there is one printed form
        return "Primary()"


PRIMARY = Primary()


def time_limit(seconds: float | None = None) -> AbstractContextManager[object]:
    """The time limit of all that one request asks of MongoDB: ``seconds``, None for no limit.

    After MONGO_SELECTION_TIMEOUT_MS without a primary it is one second, so that requests do not
    keep all threads waiting. A shorter loss, as in an election, is waited for.
    """
    lost_at = PRIMARY.lost_at
    if lost_at and time.monotonic() - lost_at > settings.MONGO_SELECTION_TIMEOUT_MS / 1000:
        seconds = AWAY_SECONDS
    return nullcontext() if seconds is None else pymongo.timeout(seconds)
