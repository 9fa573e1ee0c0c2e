"""Shard the chunk collections of buckets by the hash of ``files_id``.

All chunks of a file are then on one shard, so a read asks only that shard. Files spread evenly,
although their ids ascend with time. The unique index of the GridFS specification is kept: MongoDB
allows it because its first field is the field of the shard key.
"""

from dataclasses import dataclass
from typing import Any

import pymongo
from pymongo.database import Database

from storage.bucket import CHUNKS_INDEX
from storage.errors import translated

KEY = {"files_id": "hashed"}
# Building an index and moving chunks can take this long.
LONGEST_SECONDS = 24 * 3600


class CannotShard(Exception):
    """The collection cannot be sharded by this command. The message says why."""


@dataclass(frozen=True, slots=True)
class Step:
    """A command to run on ``database``, and its purpose."""

    why: str
    database: str
    command: dict[str, Any]


@translated()
def plan(database: Database[Any], buckets: list[str]) -> list[Step]:
    """The commands that remain to be run; empty if all is done.

    Raises CannotShard, StorageUnavailable.
    """
    hello = database.command("hello")
    if hello.get("msg") != "isdbgrid":
        what = f"the replica set {hello['setName']}" if "setName" in hello else "a single mongod"
        raise CannotShard(
            f"MONGODB_URI leads to {what}, and only a sharded cluster has shards to spread over:"
            " connect to its mongos"
        )
    return [step for bucket in buckets for step in steps(database, f"{bucket}.chunks")]


@translated()
def apply(database: Database[Any], step: Step) -> None:
    """Run one command of the plan and wait for its end. Raises StorageUnavailable."""
    with pymongo.timeout(LONGEST_SECONDS):
        database.client[step.database].command(step.command)


def steps(database: Database[Any], name: str) -> list[Step]:
    """The commands that remain to be run for one collection. Raises CannotShard."""
    namespace = f"{database.name}.{name}"
    entry = database.client["config"]["collections"].find_one({"_id": namespace})
    # In MongoDB 8 an unsharded collection may have an entry too.
    if entry and not entry.get("dropped") and not entry.get("unsplittable"):
        if entry["key"] == KEY:
            return []
        raise CannotShard(
            f"{namespace} is sharded already, by {entry['key']} instead of {KEY}:"
            " `reshardCollection` changes that, at a time of your choice"
        )
    indexes: list[dict[str, Any]] = [
        {"key": CHUNKS_INDEX, "name": "files_id_1_n_1", "unique": True},
        {"key": KEY, "name": "files_id_hashed"},
    ]
    known = [dict(index["key"]) for index in database[name].list_indexes()]
    return [
        *(
            Step(f"make the index {index['key']}", database.name, _create(name, index))
            for index in indexes
            if index["key"] not in known
        ),
        Step(
            f"spread {namespace} over the shards",
            "admin",
            {"shardCollection": namespace, "key": KEY},
        ),
    ]


def _create(name: str, index: dict[str, Any]) -> dict[str, Any]:
    return {"createIndexes": name, "indexes": [index]}
