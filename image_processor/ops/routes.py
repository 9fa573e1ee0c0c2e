"""Which route of the URL map a request took, for whoever looks at the request from outside."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase

# Of the request's META, which is the WSGI environment; missing where no route was found.
ROUTE = "image_processor.route"


class RouteMiddleware:
    """Notes the name of the route."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        request.META[ROUTE] = request.resolver_match.view_name
