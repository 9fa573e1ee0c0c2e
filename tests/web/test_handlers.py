import json

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions

from images.errors import SeveralLogs, UnknownColormap
from storage.errors import FileCorrupt
from web import errors
from web.errors import RangeNotSatisfiable
from web.handlers import exception_handler


class OwnProblem(errors.InvalidParameter):
    """An error without a row of its own."""


@pytest.mark.parametrize(
    ("error", "status", "name", "members"),
    [
        (OwnProblem("a", "b", "c"), 400, "invalid-parameter", {"errors"}),
        (UnknownColormap("a", "b", "c"), 400, "unknown-colormap", {"errors"}),
        (SeveralLogs([("1", "A", "AMP", "log.csv")]), 400, "several-logs", {"logs"}),
        (errors.TooLargeForBudget("a picture", 9, 5), 400, "needs-too-much-memory", {"limit"}),
        (errors.BudgetExhausted("no"), 503, "busy", set()),
        (exceptions.ParseError("no"), 400, "bad-request", set()),
        (exceptions.ValidationError({"a": ["no", "never"]}), 400, "invalid-parameter", {"errors"}),
        (exceptions.ValidationError("no"), 400, "invalid-parameter", {"errors"}),
        (Http404("no"), 404, "not-found", set()),
        (PermissionDenied(), 403, "forbidden", set()),
    ],
)
def test_an_error_is_answered_by_the_row_of_its_nearest_class(error, status, name, members):
    answer = exception_handler(error, {})
    document = json.loads(answer.content)
    assert (answer.status_code, document["status"]) == (status, status)
    assert document["type"] == f"urn:problem-type:{name}"
    assert document.keys() - {"type", "title", "status", "detail"} == members
    assert document["detail"]
    assert ("Retry-After" in answer) == (status == 503)


def test_every_reason_of_a_nested_validation_error_is_told():
    error = exceptions.ValidationError({"points": [{"depth": ["no"]}, {"azimuth": ["never"]}]})
    document = json.loads(exception_handler(error, {}).content)
    assert document["detail"] == "points: no; points: never"


@pytest.mark.parametrize(
    ("error", "header", "value"),
    [
        (exceptions.Throttled(42), "Retry-After", "42"),
        (exceptions.NotAuthenticated(), "WWW-Authenticate", "Token"),
        (RangeNotSatisfiable(9), "Content-Range", "bytes */9"),
    ],
)
def test_a_429_a_401_and_a_416_say_more_in_a_header(error, header, value):
    assert exception_handler(error, {})[header] == value


def test_a_corrupt_file_is_an_error_in_the_log(caplog):
    assert exception_handler(FileCorrupt("chunk 3 is missing"), {}).status_code == 500
    assert caplog.messages == ["stored file corrupt: chunk 3 is missing"]


def test_what_has_no_row_is_a_fault_of_the_server():
    assert exception_handler(ZeroDivisionError(), {}) is None


def test_a_message_quotes_so_much_of_a_value_and_no_more():
    error = errors.InvalidParameter("vmin", "1" * 8000, "a number is needed")
    assert len(str(error)) < 200
    assert len(error.value) == errors.QUOTED_CHARACTERS + 1
