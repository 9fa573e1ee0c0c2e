"""A problem that a form met, as what its page says of it."""

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views import View
from rest_framework.settings import api_settings


def problem_of(error: Exception, request: HttpRequest, view: View) -> HttpResponse:
    """The problem document that the API would answer; an error that it has none for is raised."""
    problem: HttpResponse | None = api_settings.EXCEPTION_HANDLER(
        error, {"request": request, "view": view}
    )
    if problem is None:
        raise error
    return problem


def has_no_page(problem: HttpResponse) -> bool:
    """Whether the page of the form cannot be shown: what it needs is away, or not there."""
    return problem.status_code in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.NOT_FOUND}


def refusal(problem: HttpResponse) -> dict[str, Any]:
    """A problem document, its faults of the file, and its reasons by the field of the form."""
    document = json.loads(problem.content)
    errors = document.get("errors", [])
    return {
        "problem": document,
        "faults": [error for error in errors if "line" in error],
        "reasons": {e["parameter"]: e["reason"] for e in errors if "parameter" in e},
    }
