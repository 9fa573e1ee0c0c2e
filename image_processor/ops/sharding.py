"""Spreading the chunks of buckets over the shards of a cluster, by the hash of their file.

A file lies on one shard, so that whatever asks for chunks of files asks the shards of these alone;
and files, whose ids ascend with time, spread evenly. The unique index of the GridFS specification
stays: MongoDB keeps an index unique whose first field is that of the shard key, hashed or not.
"""

from dataclasses import dataclass
from typing import Any

import pymongo
from pymongo.database import Database

from storage.bucket import CHUNKS_INDEX
from storage.errors import translated

KEY = {"files_id": "hashed"}
# Indexes are built, and chunks may be moved, before the answer comes.
LONGEST_SECONDS = 24 * 3600


class CannotShard(Exception):
    """Sharding makes no sense here, or is not ours to change; the message says why."""


@dataclass(frozen=True, slots=True)
class Step:
    """A command for the database ``admin`` or that of the data, and what it is for."""

    why: str
    database: str
    command: dict[str, Any]


@translated()
def plan(database: Database[Any], buckets: list[str]) -> list[Step]:
    """The commands that are left to run, none when all is done.

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
    """Run one command of the plan, for as long as it takes. Raises StorageUnavailable."""
    with pymongo.timeout(LONGEST_SECONDS):
        database.client[step.database].command(step.command)


def steps(database: Database[Any], name: str) -> list[Step]:
    """The commands that are left to run for one collection of chunks. Raises CannotShard."""
    namespace = f"{database.name}.{name}"
    entry = database.client["config"]["collections"].find_one({"_id": namespace})
    # In MongoDB 8 collections that are not sharded may have an entry too.
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
