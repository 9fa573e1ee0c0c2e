"""The service in an environment of its own, and what is left in its database afterwards."""

import os
import subprocess
import sys
from typing import Any

from pymongo import MongoClient

from tests.server import ROOT, Server


def server(uri: str, **settings: str) -> Server:
    """The service on the MongoDB at ``uri``, migrated."""
    os.environ.update(MONGODB_URI=uri, SECRET_KEY="only-for-chaos", ACCESS="open", HTTPS="off")
    manage("migrate")
    return Server(settings)


def manage(*command: str) -> str:
    """What a command of manage.py says. Raises CalledProcessError when it fails."""
    program = [sys.executable, "manage.py", *command]
    return subprocess.run(program, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def unreachable_bytes(uri: str) -> int:
    """The bytes in chunks that no image log that is shown names, counted without the service."""
    client: MongoClient[Any] = MongoClient(uri)
    with client:
        database = client.get_default_database()
        logs = database["images_imagelog"].find({"state": "ready"}, {"file_ids": 1})
        named = [file_id for log in logs for file_id in log["file_ids"]]
        size = {"$sum": {"$binarySize": "$data"}}
        found = database["image_logs.chunks"].aggregate(
            [{"$match": {"files_id": {"$nin": named}}}, {"$group": {"_id": None, "bytes": size}}]
        )
        return sum(group["bytes"] for group in found)
