"""Errors in a browser are pages with a way back, for each role; programs get problem documents."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from tests.csvs import random_csv
from tests.pages.visitor import Page
from tests.problems import assert_problem
from tests.server import Server
from wells.models import Well

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"


@pytest.fixture(scope="module")
def without_mongodb():
    """One that takes connections and never answers, for which clients wait longest."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        uri = f"mongodb://127.0.0.1:{silent.getsockname()[1]}/?directConnection=true"
        settings = {"MONGODB_URI": uri, "MONGO_TIMEOUT_MS": "60000", "WEB_WORKERS": "1"}
        settings["MONGO_SELECTION_TIMEOUT_MS"] = "2000"
        with Server(settings) as server:
            yield server


@pytest.fixture(scope="module")
def read_open():
    settings = {"ACCESS": "read-open", "THROTTLE_UPLOAD": "1/day", "WEB_WORKERS": "1"}
    with Server(settings) as server:
        yield server


@pytest.fixture
def cookie_of():
    """The cookie of a browser in which a user of this group is logged in; none for anonymous."""

    def cookie_of(role):
        if role == "anonymous":
            return {}
        client = Client()
        user = get_user_model().objects.create_user(f"one {role}")
        user.groups.add(Group.objects.get(name=role))
        client.force_login(user)
        return {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}

    return cookie_of


def way_back(answer, status):
    """The text of an error's page, which leads back to the wells."""
    assert answer.status == status, answer.body
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    page = Page(answer.body.decode())
    assert "Go to the wells" in page.text
    assert "/" in page.values("href")
    return page


@pytest.mark.parametrize("role", ["anonymous", "reader", "editor", "admin"])
def test_404_403_and_429_are_pages_for_each_role(read_open, cookie_of, role):
    browser = {"Accept": BROWSER, **cookie_of(role)}
    way_back(read_open.request("GET", "/nowhere", headers=browser), 404)
    foreign = {**browser, "Sec-Fetch-Site": "cross-site"}
    page = way_back(read_open.request("POST", "/new-log", b"", foreign), 403)
    assert "You may not do this" in page.text
    form = {**browser, "Content-Type": "text/plain"}
    answers = [read_open.request("POST", "/new-log", b"", form) for _ in range(2)]
    if role == "anonymous":
        page = way_back(answers[0], 401)
        assert "/login/?next=%2F" in page.values("href")
    elif role == "reader":
        way_back(answers[0], 403)
    else:
        page = way_back(answers[1], 429)
        assert f"Try again in {answers[1].headers['Retry-After']} seconds." in page.text


@pytest.mark.parametrize(
    ("role", "status"), [("anonymous", 302), ("reader", 403), ("editor", 200), ("admin", 200)]
)
def test_pages_of_forms_are_only_for_those_who_may_change_things(
    read_open, cookie_of, ingest, role, status
):
    log, _ = ingest(random_csv(3))
    well = Well.objects.get()
    browser = {"Accept": BROWSER, **cookie_of(role)}
    for path in (f"/log/{log.pk}/", f"/well/{well.pk}/edit"):
        answer = read_open.request("GET", path, headers=browser)
        assert answer.status == status
        if status == 302:
            assert answer.headers["Location"] == f"/login/?next={path}"
        if status == 403:
            way_back(answer, 403)
    shown = Page(read_open.request("GET", f"/well/{well.pk}/", headers=browser).body.decode())
    may = status == 200
    assert (f"/log/{log.pk}/" in shown.values("href")) is may
    assert (f"/well/{well.pk}/edit" in shown.values("href")) is may
    assert ("Add logs" in shown.text) is may


def test_503_is_a_page_that_can_be_tried_again_after_5_seconds_at_most(without_mongodb):
    paths = ["/?search=a", "/", "/well/0123456789abcdef01234567/edit", "/view/A/"]
    logged_in = {"Cookie": "sessionid=0123456789abcdef0123456789abcdef"}
    asked = [(path, cookie) for path in paths for cookie in ({}, logged_in)]

    def ask(path, cookie):
        return without_mongodb.get(path, Accept=BROWSER, **cookie)

    since = time.monotonic()
    with ThreadPoolExecutor(len(asked)) as browsers:
        answers = [*browsers.map(ask, *zip(*asked, strict=True))]
    assert time.monotonic() - since < 40  # MONGO_TIMEOUT_MS is 60 seconds
    for (path, _), answer in zip(asked, answers, strict=True):
        page = way_back(answer, 503)
        assert "MongoDB cannot be reached" in page.text
        assert f"Try again in {answer.headers['Retry-After']} seconds." in page.text
        assert path in page.values("href") or path != paths[0]
    # By now MongoDB has been away for so long that nobody waits for it.
    since = time.monotonic()
    assert_problem(without_mongodb.get("/logs/"), 503, "storage-unavailable")
    assert time.monotonic() - since < 30


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
