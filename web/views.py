"""What views share: who asks, a base class of views that answer with files, and whole bodies."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from web.budget import Reservation


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


class WholeResponse(HttpResponse):
    """A body that is in memory as a whole. Its memory stays ``held`` until the response is closed:
    a slow client may take long to read it.
    """

    def __init__(self, body: bytes, held: Reservation | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(body, *args, **kwargs)
        self._held = held

    def close(self) -> None:
        super().close()
        if self._held is not None:
            self._held.release()


def author(request: Any) -> str:
    """The name of the user, as the author of a change; empty for an anonymous request."""
    user = request.user
    return str(user.get_username()) if user is not None and user.is_authenticated else ""
