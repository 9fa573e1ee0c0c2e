"""Sessions of browsers."""

from typing import Any

from django.contrib.sessions.models import Session
from django.db import connection


def expire(**kwargs: Any) -> None:
    """Let MongoDB remove sessions that have expired: Django's index of their dates does it."""
    index = {"keyPattern": {"expire_date": 1}, "expireAfterSeconds": 0}
    connection.database.command("collMod", Session._meta.db_table, index=index)
