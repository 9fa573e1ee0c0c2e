"""Errors in a browser are pages with a way back; programs get problem documents."""

import time

import pytest

from image_processor.devtools.embedded_mongodb import free_port
from tests.pages.visitor import Page
from tests.server import Server

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"


@pytest.fixture(scope="module")
def without_mongodb():
    uri = f"mongodb://127.0.0.1:{free_port()}/?directConnection=true"
    with Server({"MONGODB_URI": uri, "MONGO_TIMEOUT_MS": "20000"}) as server:
        yield server


@pytest.mark.parametrize("path", ["/", "/well/0123456789abcdef01234567/", "/view/A/"])
def test_a_page_waits_5_seconds_at_most_for_a_mongodb_that_is_away(without_mongodb, path):
    since = time.monotonic()
    answer = without_mongodb.get(path, Accept=BROWSER)
    assert time.monotonic() - since < 15  # MONGO_TIMEOUT_MS is 20 seconds
    assert answer.status == 503
    page = Page(answer.body.decode())
    assert "MongoDB cannot be reached" in page.text
    assert f"Try again in {answer.headers['Retry-After']} seconds." in page.text
    assert "/" in page.values("href")


@pytest.mark.parametrize("path", ["/nowhere", "/logs/x", "/photos/x", "/wells/x", "/a/b/c"])
def test_404_is_a_page_for_a_browser_and_json_for_a_program(server, path):
    answer = server.get(path, Accept=BROWSER)
    assert (answer.status, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    page = Page(answer.body.decode())
    assert "/" in page.values("href")
    assert "no-store" in answer.headers["Cache-Control"]
    for accept in ("*/*", "application/json", "image/png,*/*"):
        answer = server.get(path, Accept=accept)
        assert (answer.status, answer.json["status"]) == (404, 404)
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_403_is_a_page_for_a_browser(server):
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": BROWSER}
    answer = server.request("POST", "/login/", "username=a&password=b", headers)
    assert answer.status == 403
    assert "/" in Page(answer.body.decode()).values("href")


def test_a_problem_says_what_it_does_not_trust_as_text(server):
    answer = server.get("/get-images/1/2/?colormap=%3Cb%3E", Accept=BROWSER)
    assert answer.status == 400
    assert b"<b>" not in answer.body
    assert "'<b>'" in Page(answer.body.decode()).text
