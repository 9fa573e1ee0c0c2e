"""Access control: which requests are answered for which users."""

import socket

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory, override_settings

from image_processor.env import Rate
from images.models import ImageLog
from tests.csvs import random_csv
from tests.image_processor.access.access_table import (
    FIRST,
    READING,
    ROLES,
    WRITING,
    WithoutViews,
    addresses,
    expected,
    tokens_of,
)
from tests.problems import assert_problem
from tests.server import Answer, Server, form

ENDLESS = Rate(1_000_000_000, 60)
WRONG_TOKENS = 5


def answer_of(response) -> Answer:
    return Answer(response.status_code, response.headers, response.content)


def with_token(key: str) -> dict[str, str]:
    return {"Authorization": f"Token {key}"}


@pytest.fixture
def client():
    return Client(raise_request_exception=False, SERVER_NAME="localhost")


@pytest.fixture(scope="module")
def closed():
    """The service as it is without ``ACCESS``, in two processes."""
    settings = {"ACCESS": "", "WEB_WORKERS": "2", "THROTTLE_FAILED_TOKENS": f"{WRONG_TOKENS}/day"}
    with Server(settings) as server:
        yield server


@pytest.mark.parametrize("access", FIRST)
def test_every_address_method_role_and_token_is_answered_as_the_table_says(access):
    tokens = [(None, True, None), ("nobody", False, "wrong")]
    for role in ROLES[1:]:
        valid, revoked = tokens_of(role)
        tokens.append((role, True, valid))
        if role in ("nobody", "superuser"):  # a revoked token tells no role
            tokens.append((role, False, revoked))
    factory, middleware = RequestFactory(SERVER_NAME="localhost"), WithoutViews()
    wrong, refusals = [], set()
    limits = override_settings(THROTTLE_FAILED_TOKENS=ENDLESS, THROTTLE_UPLOAD=ENDLESS)
    with override_settings(ACCESS=access), limits:
        for address in addresses():
            # Of the admin site's many addresses two methods stand for all.
            methods = ("GET", "POST") if address.startswith("/admin/") else (*READING, *WRITING)
            for method in methods:
                for role, valid, key in tokens:
                    headers = {} if key is None else with_token(key)
                    request = factory.generic(method, address, headers=headers)
                    response = middleware.get_response(request)
                    status = expected(access, address, method, role, valid)
                    if response.status_code != status:
                        case = (address, method, role, valid)
                        wrong.append((*case, response.status_code, status))
                    elif status != 200 and method != "HEAD":
                        refusals.add((key is None, status, response.content))
    assert wrong == []
    # Of no token, of one that is not valid, of one that does not suffice: always the same.
    assert len(refusals) <= 3


def test_the_addresses_of_the_table_are_those_of_the_service():
    found = addresses()
    named = {"/", "/upload-csv/", "/logs/1/", "/get-images/1/1/", "/photos/1/image/", "/new-log"}
    assert named <= set(found)
    assert len(found) > 30


def test_a_refusal_with_401_is_a_problem_that_says_how_to_authenticate(client):
    reader, _ = tokens_of("reader")
    with override_settings(ACCESS="closed"):
        nobody = answer_of(client.get("/logs/"))
        wrong = answer_of(client.get("/logs/", headers=with_token("wrong")))
        too_little = answer_of(client.delete("/logs/1/", headers=with_token(reader)))
    for answer in (nobody, wrong):
        assert_problem(answer, 401, "unauthorized")
        assert answer.headers["WWW-Authenticate"] == "Token"
    assert_problem(too_little, 403, "forbidden")


def test_a_user_who_is_not_active_is_refused_like_a_wrong_token(client):
    reader, void = tokens_of("reader")
    User.objects.update(is_active=False)
    with override_settings(ACCESS="read-open"):
        answers = [client.get("/logs/", headers=with_token(key)) for key in (reader, void)]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].content == answers[1].content


def test_a_browser_without_login_is_shown_where_to_log_in_whatever_it_asks_for(client):
    with override_settings(ACCESS="closed"):
        for path in ("/", "/nowhere", "/docs/", "/admin/"):
            response = client.get(path, headers={"Accept": "text/html,*/*"})
            assert response.status_code == 302
            assert response["Location"] == f"/login/?next={path}"
        assert client.post("/new-log", headers={"Accept": "text/html"}).status_code == 401


def test_a_session_needs_the_token_of_its_page_to_write_to_the_api():
    client = Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
    user = User.objects.create_user("editor")
    user.groups.add(Group.objects.get(name="editor"))
    client.force_login(user)
    csv = {"file": SimpleUploadedFile("a.csv", random_csv(3))}
    with override_settings(ACCESS="closed"):
        assert client.get("/logs/").status_code == 200
        client.get("/")
        token = client.cookies["csrftoken"].value
        answer = answer_of(client.post("/upload-csv/", csv))
        assert "CSRF" in assert_problem(answer, 403, "forbidden")["detail"]
        assert not ImageLog.objects.exists()
        csv["file"].seek(0)
        response = client.post("/upload-csv/", csv, headers={"X-CSRFToken": token})
    assert response.status_code == 200, response.content


@pytest.mark.parametrize("access", ["open", "closed"])
def test_no_address_takes_a_write_of_a_session_without_the_csrf_token(access):
    strict = Client(True, raise_request_exception=False, SERVER_NAME="localhost")
    strict.force_login(User.objects.create_superuser("root"))
    taken = {}
    with override_settings(ACCESS=access, THROTTLE_UPLOAD=ENDLESS):
        for address in set(addresses()) - {"/healthz/", "/readyz/", "/authorize"}:
            for method in WRITING:
                status = strict.generic(method, address, "{}", "application/json").status_code
                if status not in (403, 404, 405, 415):
                    taken[address, method] = status
    # These check the token of the form after its parts: see tests/pages/test_forms.py.
    assert taken == {("/new-log", "POST"): 400, ("/new-photo", "POST"): 400}


def test_a_token_needs_no_other_to_write(client):
    editor, _ = tokens_of("editor")
    strict = Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
    with override_settings(ACCESS="closed"):
        csv = {"file": SimpleUploadedFile("a.csv", random_csv(3))}
        assert strict.post("/upload-csv/", csv, headers=with_token(editor)).status_code == 200


def test_uploads_are_counted_for_each_user_and_what_stores_nothing_is_not(client):
    editor, other = (with_token(tokens_of(role)[0]) for role in ("editor", "superuser"))
    with override_settings(ACCESS="closed", THROTTLE_UPLOAD=Rate(1, 86_400)):
        for headers, status in ((editor, 400), (editor, 429), (other, 400)):
            answer = client.post("/upload-csv/", b"", "text/csv", headers=headers)
            assert answer.status_code == status
        assert client.get("/logs/", headers=editor).status_code == 200
        assert client.post("/dips/fit", {}, headers=editor).status_code != 429


@pytest.mark.parametrize(("role", "forms"), [("reader", 0), ("editor", 2)])
def test_the_page_offers_its_forms_to_those_who_may_use_them(client, role, forms):
    key, _ = tokens_of(role)
    with override_settings(ACCESS="read-open"):
        page = client.get("/", headers=with_token(key)).content.decode()
        anonymous = client.get("/").content.decode()
    assert page.count('enctype="multipart/form-data"') == forms
    assert f"a {role}" in page
    assert "multipart" not in anonymous
    assert "/login/" in anonymous


def test_what_some_may_read_is_not_kept_by_caches_that_others_share(client, ingest):
    log, _ = ingest(random_csv(3))
    reader, _ = tokens_of("reader")
    url = f"/get-images/100/101/?log={log.pk}"
    with override_settings(ACCESS="closed"):
        control = client.get(url, headers=with_token(reader))["Cache-Control"]
    assert control == "private, no-cache"
    with override_settings(ACCESS="read-open"):
        assert "private" not in client.get(url)["Cache-Control"]


@pytest.mark.parametrize(
    ("access", "sent", "commands"),
    [("open", True, 0), ("read-open", False, 0), ("closed", True, 1)],
)
def test_a_request_costs_at_most_one_query_more(client, access, sent, commands):
    reader, _ = tokens_of("reader")
    database = connection.database
    with override_settings(ACCESS=access):
        database.command("profile", 2)
        try:
            response = client.get("/colormaps/", headers=with_token(reader) if sent else {})
        finally:
            database.command("profile", 0)
            found = database["system.profile"].count_documents({"command.profile": None})
            database.drop_collection("system.profile")
    assert response.status_code == 200
    assert found == commands


def test_health_does_not_ask_for_users(client, failing):
    with override_settings(ACCESS="closed"), failing(skip=0):
        assert client.get("/healthz", headers=with_token("any")).status_code == 200
        answer = answer_of(client.get("/logs/", headers=with_token("any")))
    assert_problem(answer, 503, "storage-unavailable")


def test_behind_gunicorn_each_role_may_do_what_it_may(closed):
    keys = {role: tokens_of(role)[0] for role in ("reader", "editor")}
    body, headers = form(random_csv(3), "A-1", "log.csv")
    statuses = {}
    for role, token in {None: {}, **{role: with_token(key) for role, key in keys.items()}}.items():
        upload = closed.request("POST", "/upload-csv/", body, headers | token)
        pages = [closed.get(path, **token) for path in ("/", "/docs/", "/schema/", "/nowhere")]
        statuses[role] = [upload.status, *(page.status for page in pages)]
    assert statuses == {
        None: [401] * 5,
        "reader": [403, 200, 200, 200, 404],
        "editor": [200, 200, 200, 200, 404],
    }
    for path in ("/healthz", "/readyz", "/login/", f"{settings.STATIC_URL}pages/page.css"):
        answer = closed.get(path)
        assert answer.status == 200
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_body_is_refused_before_it_is_sent(closed):
    head = "POST /upload-csv/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
    with socket.create_connection(("127.0.0.1", closed.port), timeout=60) as client:
        client.sendall(f"{head}Content-Length: 1000000000\r\n\r\ndepth".encode())
        assert client.recv(4096).startswith(b"HTTP/1.1 401 ")


def test_all_processes_count_wrong_tokens_together_and_a_right_one_always_passes(closed):
    reader, _ = tokens_of("reader")
    for _ in range(WRONG_TOKENS + 2):
        assert closed.get("/logs/", **with_token(reader)).status == 200
    statuses = [closed.get("/logs/", **with_token("wrong")).status for _ in range(WRONG_TOKENS)]
    assert statuses == [401] * WRONG_TOKENS
    answer = closed.get("/logs/", **with_token("wrong"))
    assert_problem(answer, 429, "too-many-requests")
    assert 0 < int(answer.headers["Retry-After"]) <= 24 * 3600
    assert closed.get("/logs/", **with_token(reader)).status == 200
    assert_problem(closed.get("/logs/"), 401, "unauthorized")


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "http://localhost:1"},
    {"Origin": "null"},
    {"Origin": "http://["},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
]
OWN = [
    {},
    {"Origin": "http://localhost"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://trusted.example"},
]


@pytest.mark.parametrize("access", FIRST)
@override_settings(CSRF_TRUSTED_ORIGINS=["https://trusted.example"], THROTTLE_UPLOAD=ENDLESS)
def test_what_a_page_of_another_site_sends_is_403_at_every_address_in_every_mode(access):
    superuser, _ = tokens_of("superuser")
    factory, middleware = RequestFactory(SERVER_NAME="localhost"), WithoutViews()
    wrong = []
    with override_settings(ACCESS=access):
        for address in set(addresses()) - {"/authorize"}:
            for method in ("POST", "DELETE", "GET"):
                for headers in (*FOREIGN, *OWN):
                    sent = with_token(superuser) | headers
                    request = factory.generic(method, address, headers=sent)
                    response = middleware.get_response(request)
                    refused = headers in FOREIGN and method != "GET"
                    if (response.status_code == 403) != refused:
                        wrong.append((address, method, headers, response.status_code))
    assert wrong == []
