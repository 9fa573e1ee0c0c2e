"""Times as MongoDB keeps them: whole milliseconds, in UTC."""

from datetime import UTC, datetime
from typing import overload

from django.utils import timezone


def now() -> datetime:
    """The time that, once kept, is read as it is now."""
    time = timezone.now()
    return time.replace(microsecond=time.microsecond // 1000 * 1000)


@overload
def aware(time: datetime) -> datetime: ...


@overload
def aware(time: None) -> None: ...


def aware(time: datetime | None) -> datetime | None:
    """A time of pymongo's, which says of none of them that they are in UTC."""
    return time if time is None or time.tzinfo else time.replace(tzinfo=UTC)
