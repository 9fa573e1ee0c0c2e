import stat
from pathlib import Path

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from image_processor.devtools import embedded_mongodb
from image_processor.devtools.embedded_mongodb import EmbeddedMongod, MongodUnavailable, find_mongod


def test_data_outlive_a_restart_also_on_another_port(tmp_path):
    with EmbeddedMongod(tmp_path) as first, MongoClient(first.uri) as client:
        client.db.things.insert_one({"_id": 1})
    (tmp_path / "port").write_text("no number")
    with EmbeddedMongod(tmp_path) as second, MongoClient(second.uri) as client:
        assert second.port != first.port
        assert client.db.things.find_one() == {"_id": 1}
        client.db.things.insert_one({"_id": 2})


def test_other_local_users_are_not_let_in(tmp_path):
    with EmbeddedMongod(tmp_path) as mongod, MongoClient("127.0.0.1", mongod.port) as client:
        for attempt in (
            lambda: client.image_logs.things.find_one(),
            lambda: client.admin.command("createUser", "a", pwd="b", roles=["root"]),
        ):
            with pytest.raises(OperationFailure, match=r"requires authentication|not authorized"):
                attempt()
        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
        assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_it_leaves_nothing_outside_its_directory(tmp_path):
    with EmbeddedMongod(tmp_path) as mongod:
        socket = Path(f"/tmp/mongodb-{mongod.port}.sock")  # noqa: S108 - where MongoDB puts it
        assert not socket.exists()


def test_without_a_mongod_it_is_said_what_to_do(monkeypatch):
    monkeypatch.setattr(embedded_mongodb.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MongodUnavailable, match=r"install MongoDB 6.0 or later .* MONGODB_URI"):
        find_mongod()


def test_a_mongod_on_path_serves_where_there_is_no_wheel(monkeypatch, tmp_path):
    monkeypatch.setattr(embedded_mongodb.importlib.util, "find_spec", lambda name: None)
    binary = tmp_path / "mongod"
    binary.write_text("")
    binary.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_mongod() == str(binary)


def test_a_mongod_that_does_not_start_says_why(tmp_path):
    with pytest.raises(MongodUnavailable, match="mongod did not start"):
        EmbeddedMongod(tmp_path, "--nonsense").start()


def test_a_mongod_that_was_not_started_has_no_pid(tmp_path):
    with pytest.raises(MongodUnavailable):
        _ = EmbeddedMongod(tmp_path).pid
