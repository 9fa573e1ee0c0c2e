"""``manage.py token``."""

import os
import subprocess
import sys

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from pymongo.uri_parser import parse_uri

from image_processor.devtools.embedded_mongodb import free_port
from image_processor.models import AccessToken, digest_of
from tests.server import ROOT


def run(capsys, *words):
    call_command("token", *words)
    return capsys.readouterr().out


def test_one_line_makes_a_user_with_a_group_and_a_token(capsys):
    key = run(capsys, "create", "alice", "--group", "editor").strip()
    token = AccessToken.objects.get(digest=digest_of(key))
    assert token.user.username == "alice"
    assert [group.name for group in token.user.groups.all()] == ["editor"]
    assert not token.user.has_usable_password()


def test_a_list_says_whose_tokens_there_are_and_shows_none(capsys):
    keys = [run(capsys, "create", name, "--group", "reader").strip() for name in ("bob", "alice")]
    User.objects.get(username="bob").groups.clear()
    lines = run(capsys, "list").splitlines()
    assert [line.split("\t")[:2] for line in lines] == [["alice", "reader"], ["bob", "no group"]]
    assert not any(key in line for key in keys for line in lines)
    assert keys[1][:4] in lines[0]


def test_a_revoked_token_is_gone_and_another_can_be_made(capsys):
    first = run(capsys, "create", "alice", "--group", "reader")
    with pytest.raises(CommandError, match="alice has a token already"):
        run(capsys, "create", "alice")
    run(capsys, "revoke", "alice")
    assert not AccessToken.objects.exists()
    assert run(capsys, "create", "alice") != first


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("create", "nobody"), "there is no user nobody"),
        (("create", "a b", "--group", "reader"), "Enter a valid username"),
        (("create", "a", "--group", "geologist"), "invalid choice"),
        (("revoke", "nobody"), "no token of a user nobody"),
    ],
)
def test_what_cannot_be_done_is_said(capsys, words, reason):
    with pytest.raises(CommandError, match=reason):
        run(capsys, *words)
    assert not User.objects.exists()


def test_a_command_says_in_one_line_that_mongodb_cannot_be_reached():
    assert refused(f"mongodb://127.0.0.1:{free_port()}/?replicaSet=rs0") == (
        1,
        "MongoDB cannot be reached\n",
    )


def test_a_command_says_in_one_line_that_mongodb_refuses_the_password():
    uri = os.environ["MONGODB_URI"]
    password = parse_uri(uri)["password"]
    assert refused(uri.replace(password, "another")) == (
        1,
        "MongoDB refuses the user or the password of the service\n",
    )


def refused(uri):
    environment = os.environ | {"MONGODB_URI": uri, "MONGO_TIMEOUT_MS": "300"}
    command = [sys.executable, "manage.py", "token", "list"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    return done.returncode, done.stderr
