"""What the service logs, as it is deployed."""

import json
import re
import time

import pytest

from tests.csvs import random_csv
from tests.server import Server


@pytest.fixture(scope="module")
def logged(tmp_path_factory):
    """A server that logs JSON, and at least so many lines that it has logged since it was asked
    last: a line may be written a moment after the answer was read."""
    log = tmp_path_factory.mktemp("log") / "log"
    seen = 0

    def since(count=0):
        nonlocal seen
        end = time.monotonic() + 10
        lines = server.log_lines()
        while len(lines) < seen + count and time.monotonic() < end:
            time.sleep(0.02)
            lines = server.log_lines()
        new, seen = lines[seen:], len(lines)
        return [json.loads(line) for line in new]

    def drain():
        server.get("/colormaps/", **{"X-Request-ID": f"mark-{seen}"})
        while not [line for line in since(1) if line.get("request_id", "").startswith("mark-")]:
            pass

    with Server({"LOG_FORMAT": "json"}, log=log) as server:
        yield server, since, drain


def test_each_request_is_one_line(logged):
    server, since, drain = logged
    drain()
    answer = server.get("/logs/?limit=2", **{"X-Request-ID": "a-b.C_1"})
    assert answer.headers["X-Request-ID"] == "a-b.C_1"
    [line] = since(1)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line.pop("time"))
    assert 0 < line.pop("duration_ms") < 10_000
    assert line.pop("message").startswith("GET /logs/ 200, ")
    assert line == {
        "level": "INFO",
        "logger": "access",
        "request_id": "a-b.C_1",
        "method": "GET",
        "path": "/logs/",
        "query": "limit=2",
        "route": "log-list",
        "status": 200,
        "bytes": len(answer.body),
        "whole": True,
        "client": "127.0.0.1",
    }


@pytest.mark.parametrize("sent", ["", "a b", "a" * 129, '"}{', "æ"])
def test_an_id_that_is_no_plain_word_is_replaced(logged, sent):
    server, _, _ = logged
    answer = server.get("/nowhere/", **{"X-Request-ID": sent.encode()})
    assert answer.status == 404
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-ID"])


def test_what_is_streamed_is_logged_when_it_has_ended(logged):
    server, since, drain = logged
    log = server.upload(random_csv(2000)).json
    drain()
    answer = server.get(log["images_url"])
    lines = since(1)
    if (
        len(lines) == 1 and lines[0]["path"] == "/upload-csv/"
    ):  # another worker writes its line late
        lines = since(1)
    line = lines[-1]
    assert (line["bytes"], line["whole"]) == (len(answer.body), True)


def test_probes_and_faults_of_clients_leave_no_more_than_their_line(logged):
    server, since, drain = logged
    drain()
    for path in ("/healthz", "/readyz", "/metrics"):
        server.get(path)
    assert since() == []
    server.get("/logs/", Host="evil.example")
    server.upload(b"nonsense")
    server.request("PUT", "/logs/")
    server.get("/logs/?well=" + "a" * 9000)
    lines = since(4)
    # Two workers log them, in any order.
    lines.sort(key=lambda line: line.get("status", 999))
    assert [line.get("status") for line in lines] == [400, 400, 405, None]
    assert not [line for line in lines if "traceback" in line]
    assert lines[-1]["message"].startswith("Invalid request from ip=127.0.0.1")


@pytest.mark.parametrize("path", ["/view/%D0%A1%D0%B0%D1%85/", "/view/%C3%85-1/", "/view/%FF/"])
def test_a_path_of_any_script_is_logged_as_it_came(logged, path):
    server, since, drain = logged
    drain()
    assert server.get(path).status == 404
    lines = since(1)
    assert [(line["level"], line["path"]) for line in lines] == [("INFO", path)]


@pytest.mark.parametrize("charset", ["rot13", "idna", "undefined", "utf-16", '"latin-1"'])
def test_the_charset_of_a_body_says_nothing_about_the_query(logged, charset):
    server, _, _ = logged
    answer = server.get("/logs/?limit=1", **{"Content-Type": f"text/csv; charset={charset}"})
    assert answer.status == 200
