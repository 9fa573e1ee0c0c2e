"""Headers against misuse, and HTTPS."""

import os
import re
import subprocess
import sys

import pytest
from django.test import Client, override_settings

from tests.server import ROOT

REQUIRED = {
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 3600,
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
}


@pytest.fixture
def client():
    return Client(SERVER_NAME="localhost")


@pytest.mark.parametrize("path", ["/", "/login/", "/docs/", "/admin/", "/logs/", "/nowhere"])
def test_every_answer_has_a_policy_without_a_hole(client, path):
    response = client.get(path)
    policy = response["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert ("script-src" in policy) == (path in {"/", "/docs/", "/admin/"})
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.parametrize("path", ["/", "/login/", "/docs/"])
def test_no_page_holds_a_script_or_a_style_within_itself(client, path):
    page = client.get(path).content.decode()
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! (type=\"module\" )?src=)", page)


def test_everything_but_health_is_sent_to_https_with_method_and_body(client):
    with override_settings(**REQUIRED):
        client = Client(SERVER_NAME="localhost")
        response = client.get("/logs/?well=A")
        assert (response.status_code, response["Location"]) == (
            301,
            "https://localhost/logs/?well=A",
        )
        assert client.post("/upload-csv/").status_code == 308
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz/").status_code == 200
        response = client.get("/logs/", headers={"X-Forwarded-Proto": "https"})
        assert response.status_code == 200
        assert "Strict-Transport-Security" in response


def test_the_settings_of_production_pass_the_check_for_deployment(tmp_path):
    key = tmp_path / "key"
    key.write_text("".join(map(chr, range(40, 100))))
    environment = {k: v for k, v in os.environ.items() if k not in {"ACCESS", "HTTPS"}}
    del environment["SECRET_KEY"]
    result = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={**environment, "SECRET_KEY_FILE": str(key), "HOST": "0.0.0.0"},  # noqa: S104
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout
