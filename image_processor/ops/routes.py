"""The name of the route of a request, for the access log and the metrics."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase

# A key of the WSGI environment, which is request.META. It is missing if no route matched.
ROUTE = "image_processor.route"


class RouteMiddleware:
    """Stores the name of the route in the WSGI environment."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        request.META[ROUTE] = request.resolver_match.view_name
