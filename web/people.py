"""Who a request is from, as what people make is signed."""

from typing import Any


def author(request: Any) -> str:
    """The name of the user, empty where nobody is logged in."""
    user = request.user
    return str(user.get_username()) if user is not None and user.is_authenticated else ""
