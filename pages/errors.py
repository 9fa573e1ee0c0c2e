"""Errors as pages: a browser gets a page with a way back, programs the problem document."""

import json
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse

from web.problems import MEDIA_TYPE


class ErrorPages:
    """Middleware that answers browsers with a page in place of a problem document.

    The page needs neither a session nor MongoDB, which may be what failed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponse) and response.get("Content-Type") == MEDIA_TYPE:
            accepted = request.headers.get("Accept", "")
            if accepted.startswith("text/html"):  # as browsers begin it for a page
                _make_page(response)
        return response


def _make_page(response: HttpResponse) -> None:
    problem = json.loads(response.content)
    context = {
        "problem": problem,
        "home": reverse("home"),
        "retry_after": response.get("Retry-After"),
    }
    response.content = render_to_string("pages/error.html", context).encode()
    response["Content-Type"] = "text/html; charset=utf-8"
    response.headers.pop("Content-Length", None)
