"""The results of the last run of ``manage.py doctor``, kept in MongoDB for ``/metrics``."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection
from pymongo.collection import Collection
from pymongo.errors import OperationFailure

from storage.errors import translated

_ID = "last"
_NOT_ALLOWED = 13  # MongoDB's error code


class Findings(NamedTuple):
    """The end of the last run, the number of problems left, and the bytes of orphaned files."""

    time: datetime
    problems: int
    unreachable_bytes: int


@translated()
def note(problems: int, unreachable_bytes: int) -> bool:
    """Store the results. Return False if the MongoDB user has no right to write.

    Raises StorageUnavailable.
    """
    values = {
        "time": datetime.now(UTC),
        "problems": problems,
        "unreachable_bytes": unreachable_bytes,
    }
    try:
        _reports().update_one({"_id": _ID}, {"$set": values}, upsert=True)
    except OperationFailure as error:
        if error.code != _NOT_ALLOWED:
            raise
        return False
    return True


@translated()
def last() -> Findings | None:
    """The stored results, None before the first run. Raises StorageUnavailable."""
    kept = _reports().find_one({"_id": _ID})
    if kept is None:
        return None
    time = kept["time"].replace(tzinfo=UTC)
    return Findings(time, kept["problems"], kept["unreachable_bytes"])


def _reports() -> Collection[Any]:
    reports: Collection[Any] = connection.database["doctor_reports"]
    return reports
