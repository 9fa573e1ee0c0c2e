"""Roles: what the groups of a user allow."""

from collections.abc import Iterable
from enum import IntEnum
from typing import Any

from django.contrib.auth.models import Group, Permission


class Role(IntEnum):
    """Roles in ascending order; each includes the rights of those before it.

    READER, EDITOR and ADMIN are Django groups.
    """

    ANYBODY = 0
    READER = 1
    EDITOR = 2
    ADMIN = 3


GROUPS = {role.name.lower(): role for role in Role if role is not Role.ANYBODY}


def role_from(is_superuser: bool, groups: Iterable[str]) -> Role:
    """The highest role of these groups."""
    if is_superuser:
        return Role.ADMIN
    return max((GROUPS[name] for name in groups if name in GROUPS), default=Role.ANYBODY)


def role_of(user: Any) -> Role:
    """The role of a Django user or AnonymousUser. The groups are queried once for a request."""
    if not user.is_authenticated:
        return Role.ANYBODY
    if not hasattr(user, "role"):
        groups = () if user.is_superuser else user.groups.values_list("name", flat=True)
        user.role = role_from(user.is_superuser, groups)
    return user.role


def make_groups(**kwargs: Any) -> None:
    """Create missing groups, and give admins all permissions in the admin site."""
    for name in GROUPS:
        Group.objects.get_or_create(name=name)
    Group.objects.get(name=Role.ADMIN.name.lower()).permissions.set(Permission.objects.all())
