"""Sessions of browsers."""

from typing import Any

from django.contrib.sessions.models import Session
from django.db import connection


def expire(**kwargs: Any) -> None:
    """Make Django's index on ``expire_date`` a TTL index: MongoDB then deletes expired sessions."""
    index = {"keyPattern": {"expire_date": 1}, "expireAfterSeconds": 0}
    connection.database.command("collMod", Session._meta.db_table, index=index)
