"""The progress of uploads: how many rows of a file have been read.

The page that uploads a file chooses an id for the upload and polls its progress. The poll may reach
another process than the upload, so the count is in MongoDB. It is deleted when the upload ends;
after a crash, MongoDB deletes it within about an hour.
"""

import logging
import re
import time
from collections.abc import Callable
from typing import Any

import pymongo
from django.db import connection
from pymongo import WriteConcern
from pymongo.collection import Collection
from pymongo.errors import PyMongoError

logger = logging.getLogger(__name__)

COLLECTION = "upload_progress"
KEPT_SECONDS = 3600
# The count is written at most this often, and a write may take this long.
WRITE_INTERVAL_SECONDS = 0.5
TIMEOUT_SECONDS = 1.0
_ID = re.compile(r"[0-9A-Za-z-]{16,64}")


class Progress:
    """The progress of one upload. Without a valid ``upload_id``, nothing is written to MongoDB."""

    def __init__(self, upload_id: str | None = None) -> None:
        self.rows = 0
        self._id = upload_id if upload_id and _ID.fullmatch(upload_id) else None
        self._written_at = -WRITE_INTERVAL_SECONDS

    def read(self, rows: int) -> None:
        """Note that ``rows`` rows have been read so far."""
        self.rows = rows
        if time.monotonic() - self._written_at >= WRITE_INTERVAL_SECONDS:
            self.write()

    def write(self) -> None:
        """Write the count now. An error of MongoDB does not stop the upload."""
        if self._id is not None:
            self._written_at = time.monotonic()
            change = [{"$set": {"rows": self.rows, "at": "$$NOW"}}]
            self._try(lambda: _counts().update_one({"_id": self._id}, change, upsert=True))

    def end(self) -> None:
        """Delete the count."""
        if self._id is not None:
            self._try(lambda: _counts().delete_one({"_id": self._id}))

    def _try(self, command: Callable[[], object]) -> None:
        try:
            with pymongo.timeout(TIMEOUT_SECONDS):
                command()
        except PyMongoError as error:
            logger.warning("the progress of an upload was not written: %s", type(error).__name__)
            self._id = None


def rows_read(upload_id: str) -> int | None:
    """Return how many rows of an upload have been read; None for an unknown or ended upload.

    Raises PyMongoError.
    """
    found = _counts().find_one({"_id": upload_id})
    return None if found is None else int(found["rows"])


def make_index(**kwargs: Any) -> None:
    """Create the TTL index by which MongoDB deletes the counts that a crash left behind."""
    _counts().create_index("at", expireAfterSeconds=KEPT_SECONDS)


def _counts() -> Collection[Any]:
    # A count that is lost in a failover does no harm, so no write waits for the majority.
    found: Collection[Any] = connection.database[COLLECTION].with_options(
        write_concern=WriteConcern(w=1)
    )
    return found
