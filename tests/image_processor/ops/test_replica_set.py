"""A MongoDB with authentication, from its first start to a service that works on it."""

import os
import subprocess
import sys

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from image_processor.devtools.embedded_mongodb import die_with_parent, find_mongod, free_port
from image_processor.ops import replica_set
from tests.server import ROOT

KEY = "a+key/of0the1members="
EVERYTHING = """
import django, sys
django.setup()
from django.core.management import call_command
from images.ingest.pipeline import Ingest
from images.ingest.sample import sample_csv
call_command("migrate", verbosity=0)
with Ingest(1 << 30) as ingest:
    for part in sample_csv(100):
        ingest.feed(part)
    log, _ = ingest.publish("A-1", "log.csv")
call_command("doctor")
"""


@pytest.fixture(scope="module")
def uri(tmp_path_factory):
    """Of a member that knows of no set and of no user, with ``{}`` for the password."""
    directory = tmp_path_factory.mktemp("mongodb")
    key_file, port = directory / "key", free_port()
    # The end of a line belongs to no key.
    key_file.write_text(KEY + "\n")
    key_file.chmod(0o400)
    command = [find_mongod(), "--replSet", "rs0", "--keyFile", key_file, "--port", str(port)]
    command += ["--dbpath", directory, "--logpath", directory / "log", "--bind_ip", "127.0.0.1"]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, preexec_fn=die_with_parent(), start_new_session=True
    )
    yield f"mongodb://image-logs:{{}}@127.0.0.1:{port}/image_logs?replicaSet=rs0"
    process.terminate()
    process.wait()


@pytest.fixture(scope="module")
def prepared(uri):
    assert len(replica_set.prepare(uri.format("first"), KEY)) == 2
    return uri


def test_the_service_can_do_all_of_its_work_as_the_user_that_is_made(prepared):
    environment = {**os.environ, "MONGODB_URI": prepared.format("first")}
    command = [sys.executable, "-c", EVERYTHING]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_user_can_do_nothing_elsewhere(prepared):
    with MongoClient(prepared.format("first")) as client:
        assert client.image_logs.command("dbStats")["db"] == "image_logs"
        for attempt in (
            lambda: client.other.things.insert_one({}),
            lambda: client.image_logs.command("createUser", "u", pwd="p", roles=[]),
            lambda: client.admin.command("replSetGetStatus"),
        ):
            with pytest.raises(OperationFailure, match="not authorized"):
                attempt()


def test_run_again_it_leaves_the_set_and_gives_the_user_the_password_of_now(prepared):
    done = replica_set.prepare(prepared.format("second"), KEY)
    assert done == ["the replica set rs0 is there", "user image-logs of the database image_logs"]
    for password, right in (("first", False), ("second", True)):
        with MongoClient(prepared.format(password)) as client:
            if right:
                assert client.image_logs.list_collection_names()
            else:
                with pytest.raises(OperationFailure, match="Authentication failed"):
                    client.image_logs.list_collection_names()
    replica_set.prepare(prepared.format("first"), KEY)


@pytest.mark.parametrize(
    ("password", "key", "reason"),
    [
        ("first", "another+key", "Authentication failed"),
        ("", KEY, "MONGODB_URI has to name a replicaSet, a user and a password"),
        ("first", "", "MONGODB_KEY is not set"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(uri, monkeypatch, capsys, password, key, reason):
    monkeypatch.setenv("MONGODB_URI", uri.format(password))
    monkeypatch.setenv("MONGODB_KEY", key)
    assert replica_set.main() == 1
    assert reason in capsys.readouterr().err
