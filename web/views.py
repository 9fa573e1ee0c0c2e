"""What views share: who asks, and a base class of views that answer with files."""

from collections.abc import Sequence
from typing import Any

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView


class NoNegotiation(BaseContentNegotiation):
    """Content negotiation is left to the view."""

    def select_renderer(
        self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: Any = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class FileView(APIView):
    """A view that answers GET and HEAD with files. It reads the Accept header itself."""

    http_method_names = ("get", "head")
    content_negotiation_class = NoNegotiation


def author(request: Any) -> str:
    """The name of the user, as the author of a change; empty for an anonymous request."""
    user = request.user
    return str(user.get_username()) if user is not None and user.is_authenticated else ""
