"""The user of a request as the author of a change."""

from typing import Any


def author(request: Any) -> str:
    """The name of the user; empty for an anonymous request."""
    user = request.user
    return str(user.get_username()) if user is not None and user.is_authenticated else ""
