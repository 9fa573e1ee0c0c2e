"""The catalogue over real HTTP: ``/logs/``, ``/healthz``, ``/readyz``, ``/admin/``."""

import http.cookiejar
import re
import urllib.parse
import urllib.request

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection

from images.models import ImageLog
from tests.csvs import random_csv
from tests.problems import UNKNOWN_ID, assert_problem


@pytest.fixture
def two(server):
    return [server.upload(random_csv(4, seed=i), well=well).json for i, well in enumerate("AB")]


def test_the_list_shows_what_the_uploads_answered(server, two):
    answer = server.get("/logs/")
    for log in two:
        del log["created"], log["warnings"]
    assert answer.json == {"count": 2, "next": None, "previous": None, "results": two}


def test_the_list_can_be_narrowed_to_a_well_and_paged(server, two):
    assert [log["well"] for log in server.get("/logs/?well=B").json["results"]] == ["B"]
    page = server.get("/logs/?limit=1").json
    assert (page["count"], len(page["results"])) == (2, 1)
    assert "offset=1" in page["next"]
    assert server.get("/logs/?well=nowhere").json["results"] == []
    assert_problem(server.get("/logs/?wells=B"), 400, "invalid-parameter")


def test_one_log_can_be_read_and_deleted(server, two):
    path = f"/logs/{two[0]['id']}/"
    log = server.get(path)
    assert log.json["well"] == "A"
    assert server.request("DELETE", path).status == 204
    assert_problem(server.get(path), 404, "log-not-found")
    assert_problem(server.request("DELETE", path), 404, "log-not-found")
    assert_problem(server.get("/get-images/0/1000/?well=A"), 404, "log-not-found")
    assert len(connection.database.image_logs.chunks.distinct("files_id")) == 2


@pytest.mark.parametrize("log_id", [UNKNOWN_ID, "abc", "a" * 12, "%7B%22%24ne%22%3A1%7D"])
def test_an_unknown_log_is_not_found(server, two, log_id):
    assert_problem(server.get(f"/logs/{log_id}/"), 404, "log-not-found")
    assert_problem(server.request("DELETE", f"/logs/{log_id}/"), 404, "log-not-found")
    assert ImageLog.objects.count() == 2


def test_logs_that_are_not_ready_are_not_there(server, two):
    ImageLog.objects.filter(well="A").update(state="ingesting")
    assert server.get("/logs/").json["count"] == 1
    assert_problem(server.get(f"/logs/{two[0]['id']}/"), 404, "log-not-found")
    assert_problem(server.request("DELETE", f"/logs/{two[0]['id']}/"), 404, "log-not-found")


def test_health_is_two_questions(server):
    checks = dict.fromkeys(("mongodb", "migrations", "temporary_directory"), "ok")
    for path, said in (
        ("/healthz", {"status": "alive"}),
        ("/readyz", {"status": "ready", "checks": checks}),
    ):
        answer = server.get(path)
        assert (answer.status, answer.json) == (200, said)
        assert answer.headers["Cache-Control"] == "no-store"


def test_another_host_name_is_refused_as_a_problem(server):
    assert_problem(server.get("/logs/", Host="evil.example"), 400, "bad-request")


class Browser:
    """Cookies, forms and CSRF tokens, as a browser handles them."""

    def __init__(self, server):
        self.base = f"http://127.0.0.1:{server.port}"
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def open(self, path, **form):
        if form:
            page = self.open(path)
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
            form["csrfmiddlewaretoken"] = token
        data = urllib.parse.urlencode(form).encode() if form else None
        with self.opener.open(self.base + path, data) as answer:
            return answer.read().decode()


@pytest.fixture
def browser(server):
    get_user_model().objects.create_superuser("geologist", password="rocks-and-more")
    browser = Browser(server)
    browser.open("/admin/login/", next="/admin/", username="geologist", password="rocks-and-more")
    return browser


def test_the_admin_shows_users_and_the_catalogue_read_only(browser, two):
    assert "geologist" in browser.open("/admin/auth/user/")
    listing = browser.open("/admin/images/imagelog/")
    assert "2 image logs" in listing
    assert "/add/" not in listing.partition('id="content"')[2]
    page = browser.open(f"/admin/images/imagelog/{two[0]['id']}/change/")
    assert two[0]["sha256"] in page
    assert 'name="_save"' not in page


def test_the_admin_deletes_a_log_with_its_files(browser, two):
    browser.open(f"/admin/images/imagelog/{two[0]['id']}/delete/", post="yes")
    assert [str(pk) for pk in ImageLog.objects.values_list("pk", flat=True)] == [two[1]["id"]]
    assert len(connection.database.image_logs.chunks.distinct("files_id")) == 2


def test_the_admin_deletes_selected_logs_with_their_files(browser, two):
    browser.open(
        "/admin/images/imagelog/",
        action="delete_selected",
        post="yes",
        _selected_action=two[0]["id"],
    )
    assert ImageLog.objects.count() == 1
    assert len(connection.database.image_logs.chunks.distinct("files_id")) == 2


def test_the_admins_styles_are_served(browser):
    assert "--primary" in browser.open(f"{settings.STATIC_URL}admin/css/base.css")


@pytest.mark.parametrize("query", ["limit=0", "limit=1e9", "limit=1001", "offset=-1", "offset=a"])
def test_a_page_that_is_none_is_a_bad_request(server, query):
    problem = assert_problem(server.get(f"/logs/?{query}"), 400, "invalid-parameter")
    assert "whole number" in problem["detail"]
