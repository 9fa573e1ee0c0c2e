"""Roles: what a user may do, from the groups that the user is in."""

from collections.abc import Iterable
from enum import IntEnum
from typing import Any

from django.contrib.auth.models import Group, Permission


class Role(IntEnum):
    """Each role may do what those before it may; the named ones are Django groups."""

    ANYBODY = 0
    READER = 1
    EDITOR = 2
    ADMIN = 3


GROUPS = {role.name.lower(): role for role in Role if role is not Role.ANYBODY}


def role_from(is_superuser: bool, groups: Iterable[str]) -> Role:
    """The highest role that these groups give."""
    if is_superuser:
        return Role.ADMIN
    return max((GROUPS[name] for name in groups if name in GROUPS), default=Role.ANYBODY)


def role_of(user: Any) -> Role:
    """The role of a user of Django's, who may be anonymous; asked for once in a request."""
    if not user.is_authenticated:
        return Role.ANYBODY
    if not hasattr(user, "role"):
        groups = () if user.is_superuser else user.groups.values_list("name", flat=True)
        user.role = role_from(user.is_superuser, groups)
    return user.role


def make_groups(**kwargs: Any) -> None:
    """Make what is missing of the groups; in the admin site an admin has every permission."""
    for name in GROUPS:
        Group.objects.get_or_create(name=name)
    Group.objects.get(name=Role.ADMIN.name.lower()).permissions.set(Permission.objects.all())
