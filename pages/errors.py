"""Errors as pages: a browser gets a page with a way back, programs the problem document."""

import json
from collections.abc import Callable
from contextlib import nullcontext

import pymongo
from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse

from web.problems import MEDIA_TYPE

# How long all that a page asks of MongoDB may take, while MongoDB is away as well.
PAGE_SECONDS = 5.0
PAGES = ("/well/", "/view/", "/log/", "/login/")


class ErrorPages:
    """Middleware that answers browsers with a page in place of a problem document.

    The page needs neither a session nor MongoDB, which may be what failed. What people wait for
    has a deadline, which the sessions of those who are logged in count against too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        is_page = request.method == "GET" and (path == "/" or path.startswith(PAGES))
        with pymongo.timeout(PAGE_SECONDS) if is_page else nullcontext():
            response = self.get_response(request)
        if isinstance(response, HttpResponse) and response.get("Content-Type") == MEDIA_TYPE:
            return for_reader(response, request.headers.get("Accept", ""))
        return response


def for_reader(problem: HttpResponse, accept: str) -> HttpResponse:
    """A problem document as what the header ``accept`` asks for: itself, or a page of it."""
    if not accept.startswith("text/html"):  # as browsers begin it for a page
        return problem
    context = {
        "problem": json.loads(problem.content),
        "home": reverse("home"),
        "retry_after": problem.get("Retry-After"),
    }
    problem.content = render_to_string("pages/error.html", context).encode()
    problem["Content-Type"] = "text/html; charset=utf-8"
    problem.headers.pop("Content-Length", None)
    return problem
