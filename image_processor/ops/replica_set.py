"""``python -m image_processor.ops.replica_set``: make the replica set and the users.

For a MongoDB of one's own, whose members start with ``--keyFile``: the set and its members, the
user, the password and the database are those of MONGODB_URI; BACKUP_URI names the user of backups,
who may only read. Who holds the key of the members is their own user ``__system`` to them, so
nothing has to be run beside a member, and there is no administrator with yet another password. May
be run again at any time: a set that there is stays as it is, and the users are given the passwords
of now.
"""

import contextlib
import sys
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError
from pymongo.uri_parser import parse_uri

from image_processor import env

WAIT_MS = 120_000
USER_ALREADY_EXISTS = 51003  # MongoDB's error code


def main() -> int:
    try:
        uri, key = env.secret("MONGODB_URI"), env.secret("MONGODB_KEY")
        for done in prepare(uri, key, env.secret("BACKUP_URI")):
            print(done, flush=True)
    except (ImproperlyConfigured, PyMongoError) as error:
        print(f"not finished, run it again: {error}", file=sys.stderr)
        return 1
    return 0


def prepare(uri: str, key: str, backup_uri: str) -> list[str]:
    """Do all of it; returns what was done. Raises PyMongoError, ImproperlyConfigured."""
    parsed, backup = _parsed("MONGODB_URI", uri), _parsed("BACKUP_URI", backup_uri)
    name = parsed["options"]["replicaSet"]
    members = [f"{host}:{port}" for host, port in parsed["nodelist"]]
    system: dict[str, Any] = {
        "username": "__system",
        # As the members read it.
        "password": "".join(key.split()),
        "authSource": "local",
        "serverSelectionTimeoutMS": WAIT_MS,
    }
    done = [_initiate(name, members, system)]
    with MongoClient(members, replicaSet=name, **system) as client:
        # Indexes that change are changed in place, which is an administrator's act.
        done.append(_make_user(client, parsed, ["readWrite", "dbAdmin"]))
        # What mongodump needs of one database, and nothing that could change it.
        done.append(_make_user(client, backup, ["read"]))
    return done


def _parsed(name: str, uri: str) -> dict[str, Any]:
    parsed: dict[str, Any] = parse_uri(uri, validate=True, warn=False)
    if not (parsed["options"].get("replicaSet") and parsed["username"] and parsed["password"]):
        raise ImproperlyConfigured(f"{name} has to name a replicaSet, a user and a password")
    return parsed


def _initiate(name: str, members: list[str], system: dict[str, Any]) -> str:
    """Make a set of the members, once all of them answer, unless one of them is in a set."""
    configuration = [{"_id": number, "host": member} for number, member in enumerate(members)]
    with contextlib.ExitStack() as open_clients:
        clients: list[MongoClient[dict[str, Any]]] = [
            open_clients.enter_context(MongoClient(member, directConnection=True, **system))
            for member in members
        ]
        if any("setName" in client.admin.command("hello") for client in clients):
            return f"the replica set {name} is there"
        clients[0].admin.command("replSetInitiate", {"_id": name, "members": configuration})
    return f"replica set {name} of {', '.join(members)}"


def _make_user(client: MongoClient[Any], uri: dict[str, Any], names: list[str]) -> str:
    """Make the user that ``uri`` names, or give it the password and the roles of now."""
    database = uri["database"] or "image_logs"
    users = client[uri["options"].get("authSource", uri["database"] or "admin")]
    about = {
        "pwd": uri["password"],
        "roles": [{"role": name, "db": database} for name in names],
        "writeConcern": {"w": "majority"},
    }
    try:
        users.command("createUser", uri["username"], **about)
    except OperationFailure as error:
        if error.code != USER_ALREADY_EXISTS:
            raise
        users.command("updateUser", uri["username"], **about)
    return f"user {uri['username']} of the database {database}"


if __name__ == "__main__":
    sys.exit(main())
