"""What the doctor found when it last looked, for whoever asks between its visits.

It reads the ids of all stored files, which is too much for each scrape of ``/metrics``.
"""

from datetime import UTC, datetime
from typing import NamedTuple

from django.db import connection

from storage.errors import translated

COLLECTION = "doctor_findings"
_ONLY = {"_id": "last"}


class Findings(NamedTuple):
    """When the doctor had finished, and how many bytes nothing named."""

    at: datetime
    unreachable_bytes: int


def keep(unreachable_bytes: int) -> None:
    """Remember what has just been found. Raises StorageUnavailable."""
    found = Findings(datetime.now(UTC), unreachable_bytes)
    with translated():
        connection.database[COLLECTION].replace_one(_ONLY, found._asdict(), upsert=True)


def last() -> Findings | None:
    """What was found last; None where the doctor never came. Raises StorageUnavailable."""
    with translated():
        document = connection.database[COLLECTION].find_one(_ONLY, {"_id": 0})
    if document is None:
        return None
    return Findings(document["at"].replace(tzinfo=UTC), document["unreachable_bytes"])
