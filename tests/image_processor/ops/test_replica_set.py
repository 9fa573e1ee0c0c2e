"""A MongoDB with authentication, from its first start to a service that works on it."""

import os
import re
import subprocess
import sys

import pytest
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from image_processor.devtools.embedded_mongodb import die_with_parent, find_mongod, free_port
from image_processor.ops import replica_set
from tests.server import ROOT
from tests.test_backup import CATALOGUE

RAW = CodecOptions(document_class=RawBSONDocument)
KEY = "a+key/of0the1members="
EVERYTHING = """
import django, sys
django.setup()
from django.core.management import call_command
from images.ingest.csv_ingest import Ingest
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
    assert len(replica_set.prepare(uri.format("first"), KEY, backup(uri))) == 3
    return uri


def backup(uri):
    return uri.replace("image-logs:", "image-logs-backup:").format("backup")


@pytest.fixture(scope="module")
def filled(prepared):
    """The set after all of the work of the service was done by the user that was made."""
    environment = {**os.environ, "MONGODB_URI": prepared.format("first")}
    command = [sys.executable, "-c", EVERYTHING]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return prepared


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


def test_a_dump_by_the_user_of_backups_is_restored_by_the_user_of_the_service(filled):
    _, catalogue = dumped_by_the_script()
    with MongoClient(backup(filled)) as client:
        database = client.image_logs
        names = catalogue + sorted(set(database.list_collection_names()) - {*catalogue})
        dump = {name: list(database.get_collection(name, RAW).find()) for name in names}
        indexes = {name: list(database[name].list_indexes()) for name in names}
        for attempt in (
            lambda: database.images_imagelog.delete_many({}),
            lambda: database.things.insert_one({}),
            lambda: database.drop_collection("images_imagelog"),
            lambda: client.other.things.find_one(),
            lambda: client.local["oplog.rs"].find_one(),
        ):
            with pytest.raises(OperationFailure, match="not authorized"):
                attempt()
    assert dump["images_imagelog"]
    with MongoClient(filled.format("first")) as client:
        client.drop_database("image_logs")
        for name, documents in dump.items():
            collection = client.image_logs.get_collection(name, RAW)
            if documents:
                collection.insert_many(documents)
            for index in indexes[name]:
                keys = list(index["key"].items())
                more = {k: v for k, v in index.items() if k not in {"v", "key", "ns"}}
                collection.create_index(keys, **more)
    environment = {**os.environ, "MONGODB_URI": filled.format("first")}
    for command in (["migrate"], ["doctor", "--fix", "--idle"]):
        command = [sys.executable, "manage.py", *command]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    assert "0 problems" in done.stdout
    assert "in 1 image log " in done.stdout


def dumped_by_the_script():
    """The options of each mongodump of deploy/backup.sh, and the collections that go first."""
    script = (ROOT / "deploy" / "backup.sh").read_text()
    dumps = re.findall(r"^dump (.+)$", script, re.MULTILINE)
    return dumps, [of.removeprefix("--collection=") for of in dumps[:-1]]


def test_the_script_dumps_what_names_files_first_and_all_the_rest_then():
    dumps, catalogue = dumped_by_the_script()
    assert catalogue == CATALOGUE
    assert dumps[-1] == " ".join(f"--excludeCollection={name}" for name in catalogue)


def test_each_documented_restore_names_the_folder_of_the_database():
    """From the folder above it, mongorestore restores nothing, and exits with 0."""
    text = (ROOT / "docs" / "operations.md").read_text()
    folders = re.findall(r"mongorestore --gzip .* /backups/\S+Z(.*)[\"']", text)
    assert folders == ["/image_logs"] * 2


def test_the_script_keeps_so_many_backups_and_fails_where_mongodump_does(tmp_path):
    text = (ROOT / "deploy" / "backup.sh").read_text().replace("/backups", str(tmp_path))
    (tmp_path / "backup.sh").write_text(text)
    mongodump = tmp_path / "mongodump"
    mongodump.write_text(
        '#!/bin/sh\nfor o; do case $o in --out=*) mkdir -p "${o#*=}";; esac; done\n'
    )
    mongodump.chmod(0o755)
    for day in ("2026-01-01T010000Z", "2026-01-02T010000Z"):
        (tmp_path / day).mkdir()
    environment = {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "BACKUP_URI": "",
        "BACKUPS_KEPT": "2",
    }
    command = ["sh", str(tmp_path / "backup.sh")]
    assert subprocess.run(command, env=environment, capture_output=True).returncode == 0
    kept = sorted(path.name for path in tmp_path.glob("*Z"))
    assert len(kept) == 2
    assert kept[0] == "2026-01-02T010000Z"
    mongodump.write_text("#!/bin/sh\nexit 1\n")
    assert subprocess.run(command, env=environment, capture_output=True).returncode == 1
    assert sorted(path.name for path in tmp_path.glob("*Z")) == kept


def test_run_again_it_leaves_the_set_and_gives_the_user_the_password_of_now(prepared):
    done = replica_set.prepare(prepared.format("second"), KEY, backup(prepared))
    assert done == [
        "the replica set rs0 is there",
        "user image-logs of the database image_logs",
        "user image-logs-backup of the database image_logs",
    ]
    for password, right in (("first", False), ("second", True)):
        with MongoClient(prepared.format(password)) as client:
            if right:
                assert client.image_logs.command("dbStats")["db"] == "image_logs"
            else:
                with pytest.raises(OperationFailure, match="Authentication failed"):
                    client.image_logs.list_collection_names()
    replica_set.prepare(prepared.format("first"), KEY, backup(prepared))


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
    monkeypatch.setenv("BACKUP_URI", backup(uri))
    assert replica_set.main() == 1
    assert reason in capsys.readouterr().err
