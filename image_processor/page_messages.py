"""Django's messages, which pages show, and programs would not."""

from typing import Any

from django.contrib.messages.middleware import MessageMiddleware
from django.http import HttpRequest


class PageMessages(MessageMiddleware):
    """Makes the place of messages for views that are not DRF's, once it is known which it is."""

    def process_request(self, request: HttpRequest) -> None:
        """Nothing is known of the view yet."""

    def process_view(self, request: HttpRequest, view: Any, *_: Any) -> None:
        if not hasattr(view, "cls"):  # as DRF marks its own
            super().process_request(request)
