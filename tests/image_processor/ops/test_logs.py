"""Records to lines."""

import json
import logging
import sys

import pytest

from image_processor.ops import logs
from images.errors import LogNotFound
from storage.errors import StorageUnavailable
from web.handlers import FaultsOnly


def record(message="it broke: %s", *args, **more):
    try:
        raise ValueError("inside")
    except ValueError:
        fault = sys.exc_info()
    return logging.LogRecord("a.b", logging.ERROR, "", 1, message, args, fault, **more)


def test_a_fault_is_one_line_of_json_with_its_traceback_and_the_id_of_its_request():
    token = logs.request_id.set("an-id")
    line = logs.JsonFormatter().format(record("it broke: %s", "a\nb\udc80"))
    logs.request_id.reset(token)
    assert "\n" not in line
    entry = json.loads(line)
    assert (entry["level"], entry["logger"]) == ("ERROR", "a.b")
    assert entry["message"] == "it broke: a\nb?"
    assert entry["request_id"] == "an-id"
    assert entry["traceback"].endswith("ValueError: inside")


def test_a_line_for_people_ends_with_the_id():
    formatter = logs.LineFormatter("{levelname} {message}", style="{")
    plain = logging.LogRecord("a.b", logging.INFO, "", 1, "hello", (), None)
    assert formatter.format(plain) == "INFO hello"
    token = logs.request_id.set("an-id")
    assert formatter.format(plain) == "INFO hello [an-id]"
    logs.request_id.reset(token)


@pytest.mark.parametrize(
    ("error", "logged"),
    [(ValueError(), True), (LogNotFound("no"), False), (StorageUnavailable("no"), False)],
)
def test_of_what_django_logs_only_faults_of_the_server_are_kept(error, logged):
    fault = (type(error), error, None)
    answer = logging.LogRecord("django.request", logging.ERROR, "", 1, "500", (), fault)
    assert FaultsOnly().filter(answer) is logged
    answer.exc_info = None
    assert not FaultsOnly().filter(answer)
