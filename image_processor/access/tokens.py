"""Authentication by token: one query finds the user and the groups."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import connection
from django.http import HttpRequest
from rest_framework.authentication import TokenAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from image_processor.access import throttles
from image_processor.access.roles import role_from
from image_processor.models import AccessToken, digest_of

# In the order of the model, as Model.from_db() requires.
_FACTS = [
    field
    for field in User._meta.concrete_fields
    if field.name in {"id", "username", "is_superuser", "is_active"}
]
# One message for a token that is wrong, revoked, or of an inactive user.
REFUSED = "the token is not valid"


def sent(request: HttpRequest) -> str | None:
    """The unchecked token of the header ``Authorization: Token …``; None without one."""
    scheme, _, key = get_authorization_header(request).partition(b" ")
    if scheme.lower() != TokenAuthentication.keyword.lower().encode():
        return None
    return key.decode("latin1").strip()


def owner(key: str, address: str) -> Any:
    """The user of the token ``key``, with the attribute ``role`` set.

    Raises AuthenticationFailed, and Throttled after too many wrong tokens from ``address``. A valid
    token always passes, because other clients may share the address.
    """
    found = list(connection.database[AccessToken._meta.db_table].aggregate(_pipeline(key)))
    if not found:
        throttles.counter("failed-token", address, settings.THROTTLE_FAILED_TOKENS).add()
        raise AuthenticationFailed(REFUSED)
    facts, groups = found[0]["user"], found[0]["groups"]
    # Django reads the other fields when they are used.
    values = [facts[field.column] for field in _FACTS]
    user = User.from_db(connection.alias, [field.attname for field in _FACTS], values)
    user.role = role_from(user.is_superuser, (group["name"] for group in groups))
    return user


def _pipeline(key: str) -> list[dict[str, Any]]:
    """An aggregation pipeline that finds the user of a token and the names of the groups."""
    users, groups, members = (model._meta.db_table for model in (User, Group, User.groups.through))
    return [
        {"$match": {"digest": digest_of(key)}},
        _lookup(users, "user_id", "_id", "user"),
        {"$unwind": "$user"},
        {"$match": {"user.is_active": True}},
        _lookup(members, "user_id", "user_id", "members"),
        _lookup(groups, "members.group_id", "_id", "groups"),
        {"$project": {**{f"user.{field.column}": 1 for field in _FACTS}, "groups.name": 1}},
    ]


def _lookup(collection: str, ours: str, theirs: str, name: str) -> dict[str, Any]:
    return {"$lookup": {"from": collection, "localField": ours, "foreignField": theirs, "as": name}}
