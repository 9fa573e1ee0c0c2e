"""Logging in with a browser."""

import importlib
import re
from datetime import UTC, datetime
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, override_settings

from image_processor.access import throttles, views
from image_processor.env import Rate
from image_processor.models import AccessToken, digest_of

PASSWORD = "rocks-and-more"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def _quick_passwords():
    """What makes a password hard to guess is Django's, and slow."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture
def client():
    return Client(SERVER_NAME="localhost")


@pytest.fixture
def geologist():
    user = User.objects.create_user("geologist", password=PASSWORD)
    user.groups.add(Group.objects.get(name="admin"))
    return user


def log_in(client, path="/login/", password=PASSWORD, name="geologist", **more):
    form = urlencode({"username": name, "password": password})
    return client.post(path, form, FORM, **more)


def test_who_logs_in_gets_where_they_wanted_and_out_again(client, geologist):
    with override_settings(ACCESS="closed"):
        response = log_in(client, "/login/?next=/logs/")
        assert (response.status_code, response["Location"]) == (302, "/logs/")
        assert client.get("/logs/").status_code == 200
        assert "Logged in as <bdi>geologist</bdi>" in client.get("/").content.decode()
        assert client.post("/logout/", "", FORM).status_code == 302
        assert client.get("/logs/").status_code == 401


def test_nobody_is_sent_to_another_site(client, geologist):
    assert log_in(client, "/login/?next=https://evil.example/")["Location"] == "/"


def test_a_wrong_password_and_a_name_that_is_none_are_answered_alike(client, geologist):
    pages = [
        log_in(client, password="wrong", name=name).content.decode()
        for name in ("geologist", "nobody")
    ]
    shown = {re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page) for page in pages}
    assert len(shown) == 1
    assert "Name or password is not right" in shown.pop()


@pytest.mark.parametrize("path", ["/login/", "/admin/login/"])
def test_too_many_attempts_are_refused_even_with_the_right_password(client, geologist, path):
    with override_settings(THROTTLE_LOGIN=Rate(2, 86_400)):
        statuses = [log_in(client, path, "wrong").status_code for _ in range(2)]
        response = log_in(client, path)
    assert (statuses, response.status_code) == ([200, 200], 429)
    assert int(response["Retry-After"]) > 0
    assert "too many attempts" in response.content.decode()
    assert log_in(client, path).status_code == 302


def test_the_admin_site_is_for_the_group_admin_whoever_is_staff(client, geologist):
    log_in(client)
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/auth/user/add/").status_code == 200
    geologist.groups.set([Group.objects.get(name="editor")])
    User.objects.update(is_staff=True)
    assert client.get("/admin/").status_code == 403


def test_one_address_cannot_keep_the_owner_of_an_account_from_logging_in(client, geologist):
    with override_settings(THROTTLE_LOGIN=Rate(1, 86_400)):
        attempts = [log_in(client, password="wrong", REMOTE_ADDR="10.0.0.1") for _ in range(3)]
        assert [page.status_code for page in attempts] == [200, 429, 429]
        assert log_in(client, REMOTE_ADDR="10.0.0.2").status_code == 302


def test_logins_to_one_account_slow_down_whatever_addresses_they_come_from(
    client, geologist, monkeypatch
):
    monkeypatch.setattr(views, "ADDRESSES", 1)
    with override_settings(THROTTLE_LOGIN=Rate(3, 86_400)):
        statuses = [
            log_in(client, password="wrong", name=name, REMOTE_ADDR=f"10.0.0.{n}").status_code
            for n, name in enumerate(["geologist", " geologist", "geologist ", "geologist"])
        ]
        assert statuses == [200, 200, 200, 429]
        other = log_in(client, name="x" * 1000, REMOTE_ADDR="10.0.0.9")
        assert other.status_code == 200
    counters = connection.database[throttles.COLLECTION].find()
    assert max(len(counter["_id"]) for counter in counters) < 100


def test_the_admin_makes_lists_and_revokes_tokens_and_shows_a_key_once(client, geologist):
    log_in(client)
    address = "/admin/image_processor/accesstoken/"
    made = client.post(f"{address}add/", {"user": geologist.pk})
    key = re.search(r"<code>(\w{40})</code>", made.content.decode())[1]
    assert "no-store" in made["Cache-Control"]
    token = AccessToken.objects.get(digest=digest_of(key))
    pages = [
        client.get(path).content.decode()
        for path in (
            address,
            "/admin/",
            f"{address}{token.pk}/change/",
            f"{address}{token.pk}/delete/",
            f"{address}{token.pk}/history/",
        )
    ]
    for page in pages:
        assert "token of geologist" in page or f">{key[:4]}<" in page
        assert not {key, token.digest} & set(re.findall(r"\w+", page))
    assert key not in str(client.cookies)
    assert client.post(f"{address}{token.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not AccessToken.objects.exists()


@pytest.mark.parametrize("field", ["digest", "start", "user__password", "key"])
def test_no_filter_of_the_admin_tells_anything_of_a_token(client, geologist, field):
    log_in(client)
    AccessToken.make(geologist)
    for model in ("image_processor/accesstoken", "auth/user"):
        for path in (field, f"access_token__{field}"):
            page = client.get(f"/admin/{model}/?{path}__startswith=0")
            assert page.status_code in (302, 400), (model, path)


def test_no_document_in_mongodb_holds_a_key(geologist):
    key = AccessToken.make(geologist).key
    database = connection.database
    for name in database.list_collection_names():
        assert key not in str(list(database[name].find()))


def test_keys_that_were_kept_in_clear_stay_valid_and_are_not_kept_any_more(client, geologist):
    key, clear = "0123456789" * 4, connection.database["authtoken_token"]
    clear.insert_one({"key": key, "user_id": geologist.pk, "created": datetime.now(UTC)})
    migration = importlib.import_module("image_processor.migrations.0003_hash_keys")
    for _ in range(2):
        migration.replace_keys(apps, SimpleNamespace(connection=connection))
    with override_settings(ACCESS="closed"):
        assert client.get("/logs/", headers={"Authorization": f"Token {key}"}).status_code == 200
    assert "authtoken_token" not in connection.database.list_collection_names()


@pytest.mark.parametrize("path", ["/admin/r/1/1/", "/admin/image_processor/accesstoken/1/change/"])
def test_an_address_of_the_admin_with_an_id_that_is_none_is_not_500(client, geologist, path):
    log_in(client)
    assert client.get(path).status_code in (302, 404)


def test_mongodb_removes_sessions_that_have_expired():
    index = connection.database[Session._meta.db_table].index_information().values()
    assert [i["expireAfterSeconds"] for i in index if i["key"] == [("expire_date", 1)]] == [0]
