"""Logging in with a browser."""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client, override_settings

from image_processor.env import Rate

PASSWORD = "rocks-and-more"


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


def log_in(client, path="/login/", password=PASSWORD):
    fields = {"username": "geologist", "password": password}
    return client.post(path, fields)


def test_who_logs_in_gets_where_they_wanted_and_out_again(client, geologist):
    with override_settings(ACCESS="closed"):
        response = log_in(client, "/login/?next=/logs/")
        assert (response.status_code, response["Location"]) == (302, "/logs/")
        assert client.get("/logs/").status_code == 200
        assert "Logged in as <bdi>geologist</bdi>" in client.get("/").content.decode()
        assert client.post("/logout/").status_code == 302
        assert client.get("/logs/").status_code == 401


def test_nobody_is_sent_to_another_site(client, geologist):
    assert log_in(client, "/login/?next=https://evil.example/")["Location"] == "/"


def test_a_wrong_password_and_a_name_that_is_none_are_answered_alike(client, geologist):
    pages = [
        client.post("/login/", {"username": name, "password": "wrong"}).content.decode()
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


def test_the_admin_makes_lists_and_revokes_tokens_and_shows_a_key_once(client, geologist):
    log_in(client)
    address = "/admin/image_processor/accesstoken/"
    page = client.post(f"{address}add/", {"user": geologist.pk}, follow=True).content.decode()
    key = geologist.auth_token.key
    assert key in page
    history = client.get("/admin/").content.decode()
    one = client.get(f"{address}{geologist.pk}/change/").content.decode()
    for page in (client.get(address).content.decode(), history, one):
        assert "token of geologist" in page or f"{key[:4]}…" in page
        assert key not in page
    assert client.post(f"{address}{geologist.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not User.objects.filter(auth_token__isnull=False).exists()
