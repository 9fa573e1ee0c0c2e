"""Show the errors of forms on their pages, with the words of the API's problem documents."""

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views import View
from rest_framework.settings import api_settings


def to_problem(error: Exception, request: HttpRequest, view: View) -> HttpResponse:
    """Return the problem document with which the API answers ``error``; raise any other error."""
    problem: HttpResponse | None = api_settings.EXCEPTION_HANDLER(
        error, {"request": request, "view": view}
    )
    if problem is None:
        raise error
    return problem


def cannot_show_form(problem: HttpResponse) -> bool:
    """Whether the page with the form cannot be rendered either: its data are not available."""
    return problem.status_code in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.NOT_FOUND}


def refusal_context(problem: HttpResponse) -> dict[str, Any]:
    """Return the template context of a problem.

    ``problem`` is the document, ``faults`` are the faults in the file, and ``reasons`` are the
    reasons by form field.
    """
    document = json.loads(problem.content)
    errors = document.get("errors", [])
    return {
        "problem": document,
        "faults": [error for error in errors if "line" in error],
        "reasons": {e["parameter"]: e["reason"] for e in errors if "parameter" in e},
    }
