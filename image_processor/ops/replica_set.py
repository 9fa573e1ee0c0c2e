"""``python -m image_processor.ops.replica_set``: create the replica set and its users.

It is for a self-hosted MongoDB whose members start with ``--keyFile``. MONGODB_URI gives the set,
its members, the database and the user of the service; BACKUP_URI gives the user for backups, which
may only read. The command authenticates with the key of the members as their internal user
``__system``, so it can run anywhere and needs no administrator account. It can be run again: an
existing set is kept, and the users get the current passwords.
"""

import contextlib
import sys
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

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
    """Create what is missing; return a line for each step.

    Raises PyMongoError, ImproperlyConfigured.
    """
    parsed, backup = _parsed("MONGODB_URI", uri), _parsed("BACKUP_URI", backup_uri)
    name = parsed["options"]["replicaSet"]
    members = [f"{host}:{port}" for host, port in parsed["nodelist"]]
    system: dict[str, Any] = {
        "username": "__system",
        # The members ignore white space in the key file.
        "password": "".join(key.split()),
        "authSource": "local",
        "serverSelectionTimeoutMS": WAIT_MS,
    }
    done = [_initiate(name, members, system)]
    with MongoClient(members, replicaSet=name, **system) as client:
        # dbAdmin is needed to change indexes in place.
        done.append(_make_user(client, parsed, ["readWrite", "dbAdmin"]))
        # mongodump needs no more to read one database.
        done.append(_make_user(client, backup, ["read"]))
    return done


def _parsed(name: str, uri: str) -> dict[str, Any]:
    parsed = env.parsed_uri(name, uri)
    if not (parsed["options"].get("replicaSet") and parsed["username"] and parsed["password"]):
        raise ImproperlyConfigured(f"{name} has to name a replicaSet, a user and a password")
    return parsed


def _initiate(name: str, members: list[str], system: dict[str, Any]) -> str:
    """Initiate the set once all members answer, unless one of them belongs to a set already."""
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
    """Create the user of ``uri``, or update its password and roles."""
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
