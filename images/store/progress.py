"""How many rows of an upload have been read, for the page that waits for it.

The page chose the id. The count is kept in MongoDB, for the page may ask another process than the
one that reads; it is removed with the end of the upload, or by MongoDB an hour after a crash.
"""

import logging
import re
import time
from typing import Any

import pymongo
from django.db import connection
from pymongo import WriteConcern
from pymongo.collection import Collection
from pymongo.errors import PyMongoError

logger = logging.getLogger(__name__)

COLLECTION = "upload_progress"
KEPT_SECONDS = 3600
# A count is told no more often than this, and no upload waits longer for it.
WRITE_INTERVAL_SECONDS = 0.5
TIMEOUT_SECONDS = 1.0
_ID = re.compile(r"[0-9A-Za-z-]{16,64}")


class Progress:
    """The progress of one upload; without an id, or with one that is none, nobody is told."""

    def __init__(self, upload_id: str | None = None) -> None:
        self.rows = 0
        self._id = upload_id if upload_id and _ID.fullmatch(upload_id) else None
        self._written_at = -WRITE_INTERVAL_SECONDS

    def read(self, rows: int) -> None:
        """Note that ``rows`` have been read in all."""
        self.rows = rows
        if time.monotonic() - self._written_at >= WRITE_INTERVAL_SECONDS:
            self.write()

    def write(self) -> None:
        """Write the count now. What goes wrong with it stops no upload."""
        if self._id is not None:
            self._written_at = time.monotonic()
            change = [{"$set": {"rows": self.rows, "at": "$$NOW"}}]
            self._try(lambda: _counts().update_one({"_id": self._id}, change, upsert=True))

    def end(self) -> None:
        if self._id is not None:
            self._try(lambda: _counts().delete_one({"_id": self._id}))

    def _try(self, command: Any) -> None:
        try:
            with pymongo.timeout(TIMEOUT_SECONDS):
                command()
        except PyMongoError as error:
            logger.warning("the progress of an upload is not told: %s", type(error).__name__)
            self._id = None


def rows_read(upload_id: str) -> int | None:
    """The rows that have been read of an upload; None where none is under way by this id.

    Raises PyMongoError.
    """
    found = _counts().find_one({"_id": upload_id})
    return None if found is None else int(found["rows"])


def make_index(**kwargs: Any) -> None:
    """Let MongoDB remove what a crash left."""
    _counts().create_index("at", expireAfterSeconds=KEPT_SECONDS)


def _counts() -> Collection[Any]:
    # That a count outlives a crash is not worth its wait.
    found: Collection[Any] = connection.database[COLLECTION].with_options(
        write_concern=WriteConcern(w=1)
    )
    return found
