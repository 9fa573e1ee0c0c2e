"""Errors as HTML: a browser gets a page with links, a program the problem document."""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse

from image_processor.ops.primary import time_limit
from web.problems import MEDIA_TYPE

# The deadline of all MongoDB queries of one page.
PAGE_SECONDS = 5.0
PAGES = ("/well/", "/view/", "/log/", "/login", "/docs", "/admin/")
# Headings of the pages by status; other pages have the title of the problem.
HEADINGS: Mapping[int, str] = MappingProxyType(
    {
        401: "Please log in",
        403: "You may not do this",
        404: "There is nothing here",
        413: "This is too large",
        429: "Too many at once",
        500: "Something went wrong here",
        503: "Not available just now",
    }
)


class ErrorPagesMiddleware:
    """Middleware that turns a problem document into an HTML page for browsers.

    The page uses neither a session nor MongoDB, since these may have failed. A request for a page
    has a deadline, which includes reading the session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        is_page = request.method == "GET" and (path == "/" or path.startswith(PAGES))
        with time_limit(PAGE_SECONDS if is_page else None):
            response = self.get_response(request)
        if isinstance(response, HttpResponse) and response.get("Content-Type") == MEDIA_TYPE:
            again = request.get_full_path() if request.method == "GET" else None
            return for_browser(response, request.headers.get("Accept", ""), again)
        return response


def for_browser(problem: HttpResponse, accept: str, address: str | None = None) -> HttpResponse:
    """The problem as a page if the header ``accept`` begins with HTML, else unchanged.

    ``address`` is the URL for the link "Try again", if the request may be repeated.
    """
    if not accept.startswith("text/html"):  # as browsers begin it for a page
        return problem
    document = json.loads(problem.content)
    retry_after = problem.get("Retry-After")
    log_in = f"{reverse('login')}?{urlencode({'next': address or reverse('home')})}"
    context = {
        "problem": document,
        "heading": HEADINGS.get(problem.status_code, document["title"]),
        "retry_after": retry_after,
        "again": address if retry_after else None,
        "log_in": log_in if problem.status_code == 401 else None,
    }
    problem.content = render_to_string("image_processor/error.html", context).encode()
    problem["Content-Type"] = "text/html; charset=utf-8"
    problem.headers.pop("Content-Length", None)
    return problem
