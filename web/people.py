"""The user of a request, as author of what it makes."""

from typing import Any


def author(request: Any) -> str:
    """The name of the user; empty if nobody is logged in."""
    user = request.user
    return str(user.get_username()) if user is not None and user.is_authenticated else ""
