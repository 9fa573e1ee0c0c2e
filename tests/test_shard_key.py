"""Every command on chunks says which files it is about, so that it goes to their shards alone."""

import io
import os

import pytest
from bson import ObjectId
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection, connections
from pymongo import MongoClient, monitoring

from images.models import ImageLog
from images.store import journal
from images.store.window import open_window, read_level
from photos import editing
from photos.models import CorePhoto
from tests.csvs import random_csv
from tests.photos.pictures import picture

PLACE = {"well": "A-1", "top_depth": 1.0}
# Which files have any chunks: asks all shards, since it is for those that nothing names.
WALK = {"$group": {"_id": "$files_id"}}


class Watch(monitoring.CommandListener):
    """The commands on chunks that are sent."""

    def __init__(self):
        self.commands = []

    def started(self, event):
        if str(event.command.get(event.command_name)).endswith(".chunks"):
            self.commands.append(event.command)

    def succeeded(self, event): ...

    def failed(self, event): ...


@pytest.fixture
def watched(monkeypatch):
    """What goes to MongoDB through a client that tells it. Clients made before never do."""
    watch = Watch()
    with MongoClient(os.environ["MONGODB_URI"], event_listeners=[watch]) as client:
        name = connection.settings_dict["NAME"]
        monkeypatch.setattr(connections[DEFAULT_DB_ALIAS], "database", client[name])
        yield watch.commands
        monkeypatch.undo()


def parts(command):
    """The queries, documents or first stages of a command."""
    match dict(command):
        case {"find": _, "filter": query}:
            return [query]
        case {"insert": _, "documents": documents}:
            return documents
        case {"delete": _, "deletes": deletes}:
            return [delete["q"] for delete in deletes]
        case {"update": _, "updates": updates}:
            return [update["q"] for update in updates]
        case {"aggregate": _, "pipeline": pipeline}:
            return [pipeline[0].get("$match", pipeline[0])]
        case {"createIndexes": _} | {"listIndexes": _}:
            return []
    raise AssertionError(f"what does {command} ask for?")


def says_its_files(part):
    if [*part] == ["$or"]:
        return all(map(says_its_files, part["$or"]))
    files = part.get("files_id")
    return isinstance(files, ObjectId) or (isinstance(files, dict) and [*files] == ["$in"])


def test_every_command_on_chunks_carries_the_shard_key(watched, ingest):
    log, _ = ingest(random_csv(5000))
    log = ImageLog.objects.get()
    for level in log.levels():
        read_level(log, level, log.top, log.base)
    assert sum(len(block.depths) for block in open_window([log], 100, 2600).blocks) == 5000
    photo, _ = editing.add(ContentFile(picture(), name="a.png"), **PLACE, base_depth=2.0)
    assert photo.opened().read()
    ImageLog.objects.update(histogram=None)
    call_command("doctor", fix=True, stdout=io.StringIO())
    kinds = {next(iter(command)) for command in watched}
    assert kinds >= {"insert", "find", "aggregate", "delete", "createIndexes", "listIndexes"}
    CorePhoto.objects.all().delete()
    assert journal.retire(ImageLog.objects.get())
    without = [part for c in watched for part in parts(c) if not says_its_files(part)]
    # One of each bucket, by the doctor.
    assert without == [WALK, WALK]


def test_a_command_without_its_files_would_be_seen(watched):
    connection.database.image_logs.chunks.find_one({"n": 1})
    assert [part for c in watched for part in parts(c) if not says_its_files(part)] == [{"n": 1}]
