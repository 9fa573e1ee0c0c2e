"""What the doctor last found, kept where every process can read it."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection
from pymongo.collection import Collection
from pymongo.errors import OperationFailure

from storage.errors import translated

_ID = "last"
_NOT_ALLOWED = 13  # MongoDB's error code


class Findings(NamedTuple):
    """When the doctor last came to its end, how many problems were left, how many bytes nothing
    can reach."""

    time: datetime
    problems: int
    unreachable_bytes: int


@translated()
def note(problems: int, unreachable_bytes: int) -> bool:
    """Keep what was found; False for a user of MongoDB who may only read.

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
    """What was kept last, None before the first time. Raises StorageUnavailable."""
    kept = _reports().find_one({"_id": _ID})
    if kept is None:
        return None
    time = kept["time"].replace(tzinfo=UTC)
    return Findings(time, kept["problems"], kept["unreachable_bytes"])


def _reports() -> Collection[Any]:
    reports: Collection[Any] = connection.database["doctor_reports"]
    return reports
