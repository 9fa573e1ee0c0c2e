"""The list of wells: as fast with many wells, logs and photos as with few."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bson import ObjectId
from django.db import connection

from images.ingest.csv_ingest import Ingest
from images.models import ImageLog
from photos.models import CorePhoto
from tests.benchmarks.measure import Result, at_most, side_by_side
from tests.csvs import random_csv
from tests.server import Server
from wells.models import Well

FEW, MANY = 12, 200
LOGS, PHOTOS = 10, 25
ROUNDS = 41


def results(directory: Path, server: Server) -> Iterator[Result]:
    log = _a_log()
    _fill(log, 0, FEW)
    of_few = _page_to_nothing(server)
    _fill(log, FEW, MANY)
    what = f"page of {MANY} wells, {MANY * LOGS} logs, {MANY * PHOTOS} photos : of {FEW} wells"
    yield at_most(what, _page_to_nothing(server) / of_few, 1.5)


def _page_to_nothing(server: Server) -> float:
    """The list of wells to an empty view, so that both sides see the same machine."""
    page, nothing = side_by_side(
        lambda: server.get("/", Accept="text/html"), lambda: server.get("/healthz"), rounds=ROUNDS
    )
    return page / nothing


def _a_log() -> ImageLog:
    with Ingest(1 << 30) as ingest:
        ingest.feed(random_csv(300))
        log, _ = ingest.publish("W-0", "log.csv")
    return log


def _fill(log: ImageLog, first: int, last: int) -> None:
    """Wells with copies of a log and rows of photos; pages of a list open no file of theirs."""
    logs = connection.database[ImageLog._meta.db_table]
    copied = logs.find_one({"_id": log.pk}) or {}
    made: list[dict[str, Any]] = []
    photos = []
    for number in range(first, last):
        well = f"W-{number}"
        Well.ensure(well)
        for n in range(LOGS):
            made.append({**copied, "_id": ObjectId(), "well": well, "sha256": f"{number} {n}"})
        photos += [_photo(well, n) for n in range(PHOTOS)]
    logs.insert_many(made)
    connection.database[CorePhoto._meta.db_table].insert_many(photos)


def _photo(well: str, number: int) -> dict[str, Any]:
    depths = {"top_depth": 100.0 + number, "base_depth": 101.0 + number}
    return {"_id": ObjectId(), "well": well, **depths, "sha256": str(number), "caption": "core"}
