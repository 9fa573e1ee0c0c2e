"""The plan for a sharded cluster; its one doubtful step is tried on a real shard.

A config server and a shard answer for themselves what a router would pass on to them.
"""

import contextlib
import io
import subprocess
import time

import pytest
from bson import ObjectId
from django.core.management import CommandError, call_command
from django.db import connection
from pymongo import MongoClient
from pymongo.errors import DuplicateKeyError, OperationFailure, PyMongoError

from image_processor.devtools.embedded_mongodb import die_with_parent, find_mongod, free_port
from image_processor.ops import indexes, sharding
from storage.bucket import Bucket

MAJORITY = {"writeConcern": {"w": "majority"}}


@pytest.fixture
def collections():
    """The catalogue of a cluster, as a router keeps it; here it is written by the tests."""
    catalogue = connection.database.client.config.collections
    yield catalogue
    catalogue.drop()


@contextlib.contextmanager
def member(directory, role, name):
    """A mongod that is a part of a cluster: its address and a client."""
    directory.mkdir()
    port = free_port()
    command = [
        *(find_mongod(), "--dbpath", directory, "--logpath", directory / "log", f"--{role}"),
        *("--port", str(port), "--bind_ip", "127.0.0.1", "--replSet", name),
        *("--wiredTigerCacheSizeGB", "0.25"),
    ]
    process = subprocess.Popen(
        [*map(str, command)], stdout=subprocess.DEVNULL, preexec_fn=die_with_parent()
    )
    host = f"127.0.0.1:{port}"
    config = {"_id": name, "members": [{"_id": 0, "host": host}]}
    if role == "configsvr":
        config["configsvr"] = True
    options = {"directConnection": True, "serverSelectionTimeoutMS": 250}
    try:
        with MongoClient(host, **options) as client:
            deadline, made = time.monotonic() + 60, False
            while not made or not client.admin.command("hello")["isWritablePrimary"]:
                assert time.monotonic() < deadline
                with contextlib.suppress(PyMongoError):
                    made = made or client.admin.command("replSetInitiate", config)["ok"]
                time.sleep(0.02)
            yield f"{name}/{host}", client
    finally:
        process.kill()
        process.wait()


def test_a_real_shard_takes_the_key_and_keeps_the_chunks_unique(tmp_path):
    with (
        member(tmp_path / "c", "configsvr", "c") as (_, config),
        member(tmp_path / "s", "shardsvr", "s") as (shard_name, shard),
    ):
        config.admin.command({"_configsvrAddShard": shard_name, **MAJORITY})
        config.admin.command({"_configsvrCreateDatabase": "data", **MAJORITY})
        version = config.config.databases.find_one({"_id": "data"})["version"]

        def spread(name, key):
            command = {"_shardsvrCreateCollection": name, "shardKey": key, "unique": False}
            shard.data.command({**command, "databaseVersion": version, **MAJORITY})

        chunk = {"files_id": ObjectId(), "n": 0}
        shard.data.fs.chunks.insert_one({**chunk, "data": b"x"})
        *indexing, _ = sharding.steps(shard.data, "fs.chunks")
        for step in indexing:
            sharding.apply(shard.data, step)
        spread("fs.chunks", sharding.KEY)
        entry = config.config.collections.find_one({"_id": "data.fs.chunks"})
        assert entry["key"] == sharding.KEY
        bucket = Bucket("fs")
        bucket.files, bucket.chunks = shard.data.fs.files, shard.data.fs.chunks
        assert indexes.of_bucket(bucket, fix=False) == []
        with pytest.raises(DuplicateKeyError):
            shard.data.fs.chunks.insert_one({**chunk, "data": b"y"})
        # The shard does look: a key that cannot keep the index unique is refused.
        shard.data.other.create_index({"files_id": 1, "n": 1}, unique=True)
        shard.data.other.create_index({"n": "hashed"})
        with pytest.raises(OperationFailure, match="Uniqueness"):
            spread("other", {"n": "hashed"})


def test_the_plan_makes_the_indexes_that_are_not_there_and_then_shards(collections):
    database = connection.database
    database.planned.chunks.drop()
    plan = sharding.steps(database, "planned.chunks")
    assert [next(iter(step.command)) for step in plan] == [
        "createIndexes",
        "createIndexes",
        "shardCollection",
    ]
    assert plan[-1].command["key"] == {"files_id": "hashed"}
    assert plan[-1].command["shardCollection"] == f"{database.name}.planned.chunks"
    for step in plan[:-1]:
        sharding.apply(database, step)
    assert sharding.steps(database, "planned.chunks") == plan[-1:]
    database.planned.chunks.drop()


def test_what_is_sharded_so_already_is_left_alone(collections):
    name = f"{connection.database.name}.fs.chunks"
    collections.insert_one({"_id": name, "key": {"files_id": "hashed"}})
    assert sharding.steps(connection.database, "fs.chunks") == []


def test_what_is_sharded_by_another_key_is_not_changed(collections):
    name = f"{connection.database.name}.fs.chunks"
    collections.insert_one({"_id": name, "key": {"files_id": 1}})
    with pytest.raises(sharding.CannotShard, match=r"sharded already, by {'files_id': 1}"):
        sharding.steps(connection.database, "fs.chunks")


@pytest.mark.parametrize("options", [{}, {"apply": True}])
def test_a_replica_set_is_refused_with_the_reason(options):
    out = io.StringIO()
    with pytest.raises(CommandError, match="the replica set local, and only a sharded cluster"):
        call_command("shard", stdout=out, **options)
    assert not out.getvalue()
