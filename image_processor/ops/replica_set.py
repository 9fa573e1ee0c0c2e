"""``python -m image_processor.ops.replica_set``: make the replica set and the user in MONGODB_URI.

For a MongoDB of one's own, whose members start with ``--keyFile``: the set and its members, the
user, the password and the database are those of MONGODB_URI. Who holds the key of the members is
their own user ``__system`` to them, so nothing has to be run beside a member, and there is no
administrator with yet another password. May be run again at any time: a set that there is stays
as it is, and the user is given the password that MONGODB_URI has now.
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
        for done in prepare(env.secret("MONGODB_URI"), env.secret("MONGODB_KEY")):
            print(done, flush=True)
    except (ImproperlyConfigured, PyMongoError) as error:
        print(f"not finished, run it again: {error}", file=sys.stderr)
        return 1
    return 0


def prepare(uri: str, key: str) -> list[str]:
    """Do all of it; returns what was done. Raises PyMongoError, ImproperlyConfigured."""
    parsed = parse_uri(uri, validate=True, warn=False)
    name = parsed["options"].get("replicaSet")
    if not (name and parsed["username"] and parsed["password"]):
        raise ImproperlyConfigured("MONGODB_URI has to name a replicaSet, a user and a password")
    members = [f"{host}:{port}" for host, port in parsed["nodelist"]]
    system = {
        "username": "__system",
        # As the members read it.
        "password": "".join(key.split()),
        "authSource": "local",
        "serverSelectionTimeoutMS": WAIT_MS,
    }
    return [_initiate(name, members, system), _make_user(name, members, system, parsed)]


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


def _make_user(name: str, members: list[str], system: dict[str, Any], uri: dict[str, Any]) -> str:
    database = uri["database"] or "image_logs"
    # Indexes that change are changed in place, which is an administrator's act.
    roles = [{"role": role, "db": database} for role in ("readWrite", "dbAdmin")]
    majority = {"w": "majority"}
    with MongoClient(members, replicaSet=name, **system) as client:
        users = client[uri["options"].get("authSource", uri["database"] or "admin")]
        about = {"pwd": uri["password"], "roles": roles, "writeConcern": majority}
        try:
            users.command("createUser", uri["username"], **about)
        except OperationFailure as error:
            if error.code != USER_ALREADY_EXISTS:
                raise
            users.command("updateUser", uri["username"], **about)
    return f"user {uri['username']} of the database {database}"


if __name__ == "__main__":
    sys.exit(main())
